/** Hosts as `http.host` shows them. */

/** Lower case and without the dot of a root, the port as sent (RFC 9110 §4.2.3: the same host however it is spelled). */
export function canonicalHost(host: string): string {
  return host.toLowerCase().replace(/\.(?=:\d+$|$)/, '')
}
