/**
 * RSA public keys that must not verify anything: too short or too long, exponents that sign nothing, and moduli with the
 * fingerprint of ROCA (CVE-2017-15361: Nemec et al., "The Return of Coppersmith's Attack", 2017), which can be factored.
 */
import { toInteger } from './integers.ts'
import { TOKEN_LIMITS } from './limits.ts'

/** Bits of a number; leading zeros do not count. */
export function bitsOf(octets: Uint8Array): number {
  const start = octets.findIndex((octet) => octet !== 0)
  const first = octets[start]
  return first === undefined ? 0 : (octets.length - start) * 8 - (Math.clz32(first) - 24)
}

/** What is wrong with a key, in words; null when nothing is. */
export function rsaWeakness(modulus: Uint8Array, exponent: Uint8Array): string | null {
  const { rsaBitsMin, rsaBitsMax } = TOKEN_LIMITS
  const bits = bitsOf(modulus)
  if (bits < rsaBitsMin) return `an RSA modulus of ${bits} bits is shorter than ${rsaBitsMin}`
  if (bits > rsaBitsMax) return `an RSA modulus of ${bits} bits is longer than ${rsaBitsMax}`
  if (exponent.length > EXPONENT_BYTES_MAX) return 'the RSA exponent is too large'
  const n = toInteger(modulus)
  const e = toInteger(exponent)
  if (n % 2n === 0n) return 'the RSA modulus is even'
  if (e < 3n || e % 2n === 0n) return 'the RSA exponent must be odd and at least 3'
  return hasRocaFingerprint(n) ? 'the RSA modulus has the ROCA weakness (CVE-2017-15361)' : null
}

/** BoringSSL takes exponents of up to 33 bits; nobody uses more than four octets. */
const EXPONENT_BYTES_MAX = 4

const ROCA_PRIMES = [
  3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101,
  103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
]

/** Modulo each small prime such a modulus is a power of 65537; a sound one is so by a chance of 1 in 2^27. */
function hasRocaFingerprint(modulus: bigint): boolean {
  return ROCA_PRIMES.every((prime) => powersOf65537(prime).has(Number(modulus % BigInt(prime))))
}

function powersOf65537(prime: number): ReadonlySet<number> {
  const powers = new Set<number>()
  for (let power = 1; !powers.has(power); power = (power * 65_537) % prime) powers.add(power)
  return powers
}
