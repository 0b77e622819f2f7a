/**
 * IP addresses and the subnets that name constraints make of them (RFC 5280 §4.2.1.10, RFC 4632), as texts of
 * bits. Refuses a mask with holes: it is no subnet, and would make the number of masks a stranger's choice.
 */

/** The bits that all addresses of the subnet begin with, or null when it is not an address and its mask. */
export function readSubnet(octets: Uint8Array): string | null {
  if (octets.length !== 8 && octets.length !== 32) return null
  const half = octets.length / 2
  const mask = /^(1*)0*$/.exec(bitsOf(octets.subarray(half)))?.[1]
  return mask === undefined ? null : subnetOf(octets.subarray(0, half), mask.length)
}

/** How many bits the addresses of a subnet, as `readSubnet` writes it, have in common. */
export function prefixLengthOf(subnet: string): number {
  return subnet.length - familyLength
}

/** The subnets of these prefix lengths that an address lies in, or null when it is none. */
export function subnetsAround(
  address: Uint8Array,
  prefixLengths: ReadonlySet<number>,
): readonly string[] | null {
  if (address.length !== 4 && address.length !== 16) return null
  const whole = subnetOf(address, address.length * 8)
  return Array.from(prefixLengths)
    .filter((length) => length <= prefixLengthOf(whole))
    .map((length) => whole.slice(0, familyLength + length))
}

/** Both families are kept apart by what they begin with. */
function subnetOf(address: Uint8Array, prefixLength: number): string {
  const family = address.length === 4 ? 'v4' : 'v6'
  return family + bitsOf(address).slice(0, prefixLength)
}

const familyLength = 2

function bitsOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(2).padStart(8, '0')).join('')
}
