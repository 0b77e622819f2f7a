#!/bin/sh
# The sensor in shell: takes one (simulated) reading and sends it to the API with curl.
#
#   SENSOR_URL          the API, https://127.0.0.1:8443/temps when absent
#   SENSOR_CERT         client certificate, PEM; goes with SENSOR_KEY
#   SENSOR_KEY          its private key, PEM
#   SENSOR_CA           certificate to trust the server with; absent: what this machine trusts
#   SENSOR_TEMPERATURE  sent instead of the simulated one, degrees Celsius
#
# Exit status: 0 the API stored the reading, 1 it was rejected, 2 the settings are wrong or the API did not answer.
set -eu

url=${SENSOR_URL:-https://127.0.0.1:8443/temps}
if [ -n "${SENSOR_CERT:-}" ] && [ -z "${SENSOR_KEY:-}" ] || [ -z "${SENSOR_CERT:-}" ] && [ -n "${SENSOR_KEY:-}" ]; then
  echo "SENSOR_CERT and SENSOR_KEY belong together" >&2
  exit 2
fi

simulate_celsius() {
  awk 'BEGIN { srand(); printf "%.2f", 36.1 + rand() * 1.1 }'
}

temperature=${SENSOR_TEMPERATURE:-$(simulate_celsius)}
body=$(printf '{"temperature": "%s", "time": "%s"}' "$temperature" "$(date -u +%Y-%m-%dT%H:%M:%SZ)")
echo "Request body: $body"

set -- --silent --show-error --max-time 10 --header 'Content-Type: application/json' --data "$body"
[ -z "${SENSOR_CERT:-}" ] || set -- "$@" --cert "$SENSOR_CERT" --key "$SENSOR_KEY"
[ -z "${SENSOR_CA:-}" ] || set -- "$@" --cacert "$SENSOR_CA"

# The status comes on a line of its own, after the answer.
answer=$(curl "$@" --write-out '\n%{http_code}' "$url") || exit 2
status=$(printf '%s\n' "$answer" | tail -n 1)
echo "Response status code: $status"
[ "$status" = 201 ] && exit 0
printf 'Rejected: %s\n' "$(printf '%s\n' "$answer" | sed '$d')" >&2
exit 1
