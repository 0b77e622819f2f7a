/** `cidr(address, ipv4_bits, ipv6_bits)` and `cidr6(address, ipv6_bits)`: the network that an address is in. */
import { INT, IP } from '../types.ts'
import { isIp, type Value } from '../value.ts'
import { networkOf } from '../values/ip-range.ts'
import { functionOf, type Parameter, parameterOf } from './row.ts'

const IPV4_BITS = 32
const IPV6_BITS = 128

export const cidr = functionOf('cidr', IP, {
  parameters: [parameterOf(IP, 'refused'), bitsUpTo(IPV4_BITS), bitsUpTo(IPV6_BITS)],
  call: (address, [v4, v6]) => network(address, v4, v6),
})

/** An IPv4 address stays as it is. */
export const cidr6 = functionOf('cidr6', IP, {
  parameters: [parameterOf(IP, 'refused'), bitsUpTo(IPV6_BITS)],
  call: (address, [v6]) => network(address, IPV4_BITS, v6),
})

function bitsUpTo(most: number): Parameter {
  return {
    ...parameterOf(INT, 'allowed'),
    refusal: (value) =>
      isBits(value, most) ? undefined : `the number of bits must be between 1 and ${most}`,
  }
}

/** Missing when the bits come from a field and are out of range. */
function network(
  address: Value | undefined,
  v4: Value | undefined,
  v6: Value | undefined,
): Value | undefined {
  if (!isIp(address) || !isBits(v4, IPV4_BITS) || !isBits(v6, IPV6_BITS)) return undefined
  return networkOf(address, address.family === 4 ? v4 : v6)
}

function isBits(value: Value | undefined, most: number): value is number {
  return typeof value === 'number' && value >= 1 && value <= most
}
