#!/bin/sh
# Makes the OpenSSL lists of this folder in the current directory. Private keys stay in a temporary directory.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat > "$work/ca.cnf" <<EOF
[ca]
default_ca = test
[test]
database = $work/index.txt
crlnumber = $work/crlnumber
default_md = sha256
default_crl_days = 36500
[numbered]
authorityKeyIdentifier = keyid
[user_only]
authorityKeyIdentifier = keyid
issuingDistributionPoint = critical, @scope
[scope]
onlyuser = TRUE
[dn]
[req]
distinguished_name = dn
EOF
touch "$work/index.txt"
echo 1000 > "$work/crlnumber"
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout "$work/ca.key" -out openssl-ca.pem \
  -subj "/O=Example/CN=List CA" -days 36500 -config "$work/ca.cnf" \
  -addext basicConstraints=critical,CA:TRUE,pathlen:0 -addext keyUsage=critical,keyCertSign,cRLSign -addext subjectKeyIdentifier=hash
i=0
for serial in 01 7F 00A1B2 5D4E3F2A1B0C9D8E7F60 ; do
  i=$((i + 1))
  reason=$([ $i = 2 ] && echo ",keyCompromise" || echo "")
  printf 'R\t21250101000000Z\t260101000000Z%s\t%s\tunknown\t/CN=client %s\n' "$reason" "$serial" "$i" >> "$work/index.txt"
done
list() { openssl ca -config "$work/ca.cnf" -name test -gencrl -cert openssl-ca.pem -keyfile "$work/ca.key" \
  -crl_lastupdate 20260101000000Z -crl_nextupdate 21260101000000Z -out "$@" 2>/dev/null; }
list openssl-numbered.pem -crlexts numbered
list openssl-user-only.pem -crlexts user_only
# Without a number OpenSSL writes version 2 if an entry has a reason, and version 1 otherwise.
sed -i '/^crlnumber/d' "$work/ca.cnf"
list openssl-unnumbered.pem
sed -i '/keyCompromise/d' "$work/index.txt"
list openssl-version1.pem
