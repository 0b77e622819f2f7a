#!/bin/sh
# Makes the certificates of this folder with OpenSSL: each file holds a leaf and then the authority that
# signed it, both with the algorithm the file is named after. Run it here.
set -eu
T=$(mktemp -d)
trap 'rm -r "$T"' EXIT
cat > "$T/x.cnf" <<'CNF'
[req]
distinguished_name=dn
[dn]
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
extendedKeyUsage=clientAuth
keyUsage=critical,digitalSignature
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
CNF
openssl ecparam -name prime256v1 -genkey -noout -out "$T/leaf.key"
openssl req -new -key "$T/leaf.key" -config "$T/x.cnf" -subj /O=Example/CN=client -out "$T/leaf.csr"

# sign NAME KEY OPTIONS: both certificates are signed with OPTIONS.
sign() {
  name=$1 key=$T/$2.key; shift 2
  openssl req -x509 -new -key "$key" -config "$T/x.cnf" -extensions ca -subj "/O=Example/CN=$name CA" \
    -days 36500 "$@" -out "$T/ca.pem"
  openssl x509 -req -in "$T/leaf.csr" -CA "$T/ca.pem" -CAkey "$key" -set_serial 4660 -days 36500 \
    -extfile "$T/x.cnf" -extensions leaf "$@" -out "$T/leaf.pem" 2> "$T/log"
  cat "$T/leaf.pem" "$T/ca.pem" > "$name.pem"
}
openssl genrsa -out "$T/rsa.key" 2048 2> "$T/log"
openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048 -out "$T/pss.key" 2> "$T/log"
openssl genpkey -algorithm ed25519 -out "$T/ed25519.key"
openssl genpkey -algorithm ed448 -out "$T/ed448.key"
for curve in prime256v1 secp384r1 secp521r1 secp256k1; do
  openssl ecparam -name "$curve" -genkey -noout -out "$T/$curve.key"
done
openssl dsaparam -genkey -out "$T/dsa.key" 2048 2> "$T/log"

for hash in md5 sha1 sha256 sha384 sha512; do
  sign "rsa-$hash" rsa "-$hash"
done
for hash in sha1 sha256 sha384 sha512; do
  sign "pss-$hash" rsa "-$hash" -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
done
sign pss-salt-0 rsa -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:0
sign pss-mask-sha1 rsa -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha1
sign pss-key pss -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest
sign ecdsa-p256-sha1 prime256v1 -sha1
sign ecdsa-p256-sha256 prime256v1 -sha256
sign ecdsa-p384-sha384 secp384r1 -sha384
sign ecdsa-p521-sha512 secp521r1 -sha512
sign ecdsa-secp256k1-sha256 secp256k1 -sha256
sign ed25519 ed25519
sign ed448 ed448
sign dsa-sha256 dsa -sha256
