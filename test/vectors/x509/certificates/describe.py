"""Splices a subject of rare string types into plain.pem, then writes openssl.json. Called by make.sh."""
import base64, glob, json, re, subprocess, sys

def openssl(file, *options):
    return subprocess.run(['openssl', 'x509', '-in', file, *options], capture_output=True, check=True).stdout

def span(der, at):
    length, header = der[at + 1], 2
    if length & 0x80:
        octets = length & 0x7F
        length, header = int.from_bytes(der[at + 2:at + 2 + octets], 'big'), 2 + octets
    return at + header, at + header + length

def sequence(content):
    size = len(content)
    octets = size.to_bytes((size.bit_length() + 7) // 8, 'big')
    return b'\x30' + (bytes([size]) if size < 128 else bytes([0x80 | len(octets)]) + octets) + content

der = openssl('plain.pem', '-outform', 'DER')
start, end = span(der, 0)
at, tbs_end = span(der, start)
fields = []
while at < tbs_end:
    fields.append(der[at:span(der, at)[1]])
    at = span(der, at)[1]
fields[5] = open(sys.argv[1], 'rb').read()
spliced = base64.encodebytes(sequence(sequence(b''.join(fields)) + der[tbs_end:end])).decode()
# The signature no longer fits, which a description does not look at.
open('string-types.pem', 'w').write(f'-----BEGIN CERTIFICATE-----\n{spliced}-----END CERTIFICATE-----\n')

rows = []
for file in sorted(glob.glob('*.pem')):
    text = lambda *options: openssl(file, '-noout', *options).decode().rstrip('\n')
    value = lambda *options: text(*options).split('=', 1)[1]
    identifier = lambda kind: ''.join(re.findall(r'(?:[0-9A-F]{2}:){19}[0-9A-F]{2}', text('-ext', kind))).replace(':', '')
    rows.append({
        'file': file,
        'subject_rfc2253': value('-subject', '-nameopt', 'RFC2253'),
        'issuer_rfc2253': value('-issuer', '-nameopt', 'RFC2253'),
        'subject_legacy': value('-subject', '-nameopt', 'compat'),
        'issuer_legacy': value('-issuer', '-nameopt', 'compat'),
        'serial': value('-serial'),
        'subject_key_identifier': identifier('subjectKeyIdentifier'),
        'authority_key_identifier': identifier('authorityKeyIdentifier'),
        'sha1': value('-fingerprint', '-sha1').replace(':', '').lower(),
        'sha256': value('-fingerprint', '-sha256').replace(':', '').lower(),
        'not_before': value('-startdate'),
        'not_after': value('-enddate'),
    })
open('openssl.json', 'w').write(json.dumps(rows, indent=2, ensure_ascii=False) + '\n')
