/**
 * Whether a point is on its curve (SP 800-186 §3.2.1: y² = x³ − 3x + b). Keys are checked here and not only by the runtime's
 * import, so that a bad key is refused at the moment it is written, in words.
 */
import { toInteger } from './integers.ts'
import type { Jwk } from './jwk.ts'

type CurveName = Extract<Jwk, { kty: 'EC' }>['crv']
type Curve = { readonly bytes: number; readonly p: bigint; readonly b: bigint }

const CURVES: { readonly [crv in CurveName]: Curve } = {
  'P-256': {
    bytes: 32,
    p: 2n ** 256n - 2n ** 224n + 2n ** 192n + 2n ** 96n - 1n,
    b: 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn,
  },
  'P-384': {
    bytes: 48,
    p: 2n ** 384n - 2n ** 128n - 2n ** 96n + 2n ** 32n - 1n,
    b: 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aefn,
  },
  'P-521': {
    bytes: 66,
    p: 2n ** 521n - 1n,
    b: 0x51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00n,
  },
}

/** What is wrong with the coordinates, in words; null when nothing is. */
export function pointFault(crv: CurveName, x: Uint8Array, y: Uint8Array): string | null {
  const { bytes, p, b } = CURVES[crv]
  // RFC 7518 §6.2.1.2: the full length of a coordinate, leading zeros included.
  if (x.length !== bytes || y.length !== bytes)
    return `the coordinates of ${crv} are ${bytes} octets each`
  const [px, py] = [toInteger(x), toInteger(y)]
  const isOnCurve = px < p && py < p && (py * py - (px * px * px - 3n * px + b)) % p === 0n
  return isOnCurve ? null : `the point is not on ${crv}`
}

export function isCurveName(crv: unknown): crv is CurveName {
  return typeof crv === 'string' && Object.hasOwn(CURVES, crv)
}
