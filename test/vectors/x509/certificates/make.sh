#!/bin/sh
# Makes the certificates of this folder, and openssl.json with what OpenSSL says about each. Run it here.
set -eu
T=$(mktemp -d)
trap 'rm -r "$T"' EXIT
cat > "$T/x.cnf" <<'END'
[req]
distinguished_name=dn
prompt=no
[dn]
CN=x
[ca]
basicConstraints=critical,CA:TRUE
keyUsage=critical,keyCertSign,cRLSign
subjectKeyIdentifier=hash
[leaf]
extendedKeyUsage=clientAuth
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid
[leaf_with_issuer_serial]
subjectKeyIdentifier=hash
authorityKeyIdentifier=keyid:always,issuer:always
END
openssl ecparam -name prime256v1 -genkey -noout -out "$T/ca.key"
openssl req -x509 -new -key "$T/ca.key" -config "$T/x.cnf" -extensions ca -days 36500 \
  -subj '/C=US/ST=Texas/L=Austin/O=Example, Inc./CN=Example "Root" CA' -set_serial 0x2489002934BDFEA34 -out ca.pem

# make NAME SERIAL EXTENSIONS: the subject is read from stdin as the lines of an openssl [dn] section.
make() {
  { printf '[req]\ndistinguished_name=dn\nprompt=no\nutf8=yes\nstring_mask=%s\n[dn]\n' "${4:-utf8only}"; cat; } > "$T/dn.cnf"
  openssl ecparam -name prime256v1 -genkey -noout -out "$T/key"
  openssl req -new -key "$T/key" -config "$T/dn.cnf" -out "$T/request"
  set -- "$1" "$2" ${3:+-extfile "$T/x.cnf" -extensions "$3"}
  name=$1 serial=$2; shift 2
  openssl x509 -req -in "$T/request" -CA ca.pem -CAkey "$T/ca.key" -set_serial "$serial" -days 36500 "$@" -out "$name.pem" 2>/dev/null
}
make plain 0x00936EACBE07F201DF leaf <<'END'
C=US
ST=Texas
L=Austin
O=Access
OU=Access Admins
CN=James Royal
END
make escapes 1 leaf <<'END'
O=\#start, plus+ quote\" back\\slash <angle>\; end/slash
OU=" both edges "
CN="tab	inside"
END
make unicode 255 leaf_with_issuer_serial <<'END'
C=DE
O=Grüße GmbH
CN=😀 名前
END
make several 0x7f leaf <<'END'
0.DC=com
1.DC=example
O=Example
+OU=Unit
CN=a
+serialNumber=7
+UID=u
END
make version1 0x80 '' <<'END'
CN=version one
END
make private-type 0x1234 leaf default <<'END'
0.1.2.3.4=private
emailAddress=who@example.com
title=T
END
cat > "$T/asn.cnf" <<'END'
asn1=SEQUENCE:name
[name]
a=SET:a
b=SET:b
c=SET:c
d=SET:d
[a]
a=SEQUENCE:aa
[aa]
type=OID:O
value=FORMAT:UTF8,BMPSTRING:Größe
[b]
b=SEQUENCE:bb
[bb]
type=OID:OU
value=FORMAT:UTF8,UNIV:ascii
[c]
c=SEQUENCE:cc
[cc]
type=OID:L
value=FORMAT:UTF8,T61:Köln
[d]
d=SEQUENCE:dd
[dd]
type=OID:CN
value=FORMAT:HEX,BITSTR:0102
END
openssl asn1parse -genconf "$T/asn.cnf" -noout -out "$T/name.der"
python3 describe.py "$T/name.der"
