/** Whom a request is counted under: its session, else the network that it comes from. */
import { parseIp } from '#engines/expressions'
import { networkOf } from '#engines/request-fields'
import type { HashedText, SessionIdentity } from '#engines/sessions'

/** Null when there is no session and the address is not known either. */
export function clientIdentity(
  session: SessionIdentity | null,
  clientIp: string,
): HashedText | null {
  if (session !== null) return session
  const ip = parseIp(clientIp)
  return ip === undefined ? null : networkIdentity(networkOf(ip))
}

export function networkIdentity(network: string): HashedText {
  return { type: 'network', name: '', value: network }
}
