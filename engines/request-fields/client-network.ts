/** The name under which a client is counted when nothing but its address is known. */
import { formatIp, type Ip } from '#engines/expressions'

/**
 * An IPv4 address as a whole, of an IPv6 address the first 64 bits: a subscriber has at least that much (RFC 6177), so whole
 * addresses would be a new counter for each request. One network has one spelling, and an IPv4 address is one in either family.
 */
export function networkOf(ip: Ip): string {
  const { family, a, b, c, d } = ip
  if (family === 4) return formatIp(ip)
  const isMapped = a === 0 && b === 0 && c === 0xffff
  return isMapped
    ? formatIp({ family: 4, a: 0, b: 0, c: 0, d })
    : `${formatIp({ family, a, b, c: 0, d: 0 })}/64`
}
