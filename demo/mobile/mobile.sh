#!/bin/sh
# The mobile application's request in shell: lists the readings with the client certificate of a PKCS#12 file.
#
#   MOBILE_URL       the API, https://127.0.0.1:8443/temps when absent
#   MOBILE_P12       the PKCS#12 file: certificate and private key
#   MOBILE_PASSWORD  its password
#   MOBILE_CA        certificate to trust the server with; absent: what this machine trusts
#
# Prints the answer, then its status. Exit status: 0 listed, 1 rejected, 2 the settings are wrong or no answer.
set -eu

url=${MOBILE_URL:-https://127.0.0.1:8443/temps}
if [ -z "${MOBILE_P12:-}" ] || [ -z "${MOBILE_PASSWORD:-}" ]; then
  echo "MOBILE_P12 names the PKCS#12 file and MOBILE_PASSWORD is its password; both are needed" >&2
  exit 2
fi

# curl reads the password from standard input: on its command line every user of the machine could see it.
set -- --silent --show-error --max-time 10 --cert-type P12 --cert "$MOBILE_P12" --config -
[ -z "${MOBILE_CA:-}" ] || set -- "$@" --cacert "$MOBILE_CA"
escaped=$(printf '%s' "$MOBILE_PASSWORD" | sed 's/[\\"]/\\&/g')
answer=$(printf 'pass = "%s"\n' "$escaped" | curl "$@" --write-out '\n%{http_code}' "$url") || exit 2

status=$(printf '%s\n' "$answer" | tail -n 1)
printf '%s\n' "$answer" | sed '$d'
echo "Response status code: $status"
[ "$status" = 200 ]
