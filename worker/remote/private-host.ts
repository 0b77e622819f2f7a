/**
 * Whether the host of a URL is an address literal or a name of a private network (RFC 6890, RFC 6761). A public name may
 * still resolve to a private address: against that stands the network that the fetch goes through.
 */

/** `hostname` as `URL` prints it: IPv4 in dotted decimal however it was written, IPv6 in brackets. */
export function isPrivateHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '')
  if (host.startsWith('[')) return !isPublicIpv6(host.slice(1, -1))
  if (/^[\d.]+$/.test(host)) return isPrivateIpv4(host.split('.').map(Number))
  // A name without a dot is looked up in the resolver's own domain.
  if (!host.includes('.')) return true
  return PRIVATE_SUFFIXES.some((suffix) => host.endsWith(suffix))
}

const PRIVATE_SUFFIXES = ['.localhost', '.local', '.internal', '.home.arpa', '.lan', '.onion']

function isPrivateIpv4([a = 0, b = 0, c = 0]: readonly number[]): boolean {
  return (
    a === 0 ||
    a === 10 ||
    a === 127 ||
    // Shared address space, RFC 6598.
    (a === 100 && b >= 64 && b <= 127) ||
    // Link-local; clouds answer with credentials there.
    (a === 169 && b === 254) ||
    (a === 172 && b >= 16 && b <= 31) ||
    (a === 192 && b === 168) ||
    (a === 192 && b === 0 && (c === 0 || c === 2)) ||
    (a === 198 && (b === 18 || b === 19)) ||
    (a === 198 && b === 51 && c === 100) ||
    (a === 203 && b === 0 && c === 113) ||
    // Multicast and reserved.
    a >= 224
  )
}

/** Global unicast is 2000::/3 (RFC 4291 §2.4); of it, addresses that embed an IPv4 one are not taken. */
function isPublicIpv6(address: string): boolean {
  const first = Number.parseInt(address.split(':')[0] || '0', 16)
  const isGlobal = first >= 0x2000 && first <= 0x3fff
  const isTeredoOr6to4 = /^2001:(?:0:|:)/.test(address) || first === 0x2002
  return isGlobal && !isTeredoOr6to4 && !address.startsWith('2001:db8:')
}
