/**
 * The signature algorithms that are taken (RFC 7518 §3, RFC 8037, RFC 9864), each with the one type of key it goes with:
 * a token chooses among the algorithms of its key and can never make a public key a shared secret.
 */
import type { Jwk } from './jwk.ts'

export type Algorithm = {
  readonly name: string
  readonly kty: Jwk['kty']
  /** The only curve; null for keys without curves. */
  readonly crv: string | null
  /** Length of every signature; null for RSA, where the modulus says it. */
  readonly signatureBytes: number | null
  /** RFC 7518 §3.2: a secret is at least as long as the hash. */
  readonly secretBytesMin: number
  readonly keyParameters: {
    readonly name: string
    readonly hash?: string
    readonly namedCurve?: string
  }
  readonly verifyParameters: {
    readonly name: string
    readonly hash?: string
    readonly saltLength?: number
  }
}

const HASHES = [
  { bits: 256, hash: 'SHA-256', bytes: 32 },
  { bits: 384, hash: 'SHA-384', bytes: 48 },
  { bits: 512, hash: 'SHA-512', bytes: 64 },
]

const CURVES = [
  { bits: 256, hash: 'SHA-256', crv: 'P-256', signatureBytes: 64 },
  { bits: 384, hash: 'SHA-384', crv: 'P-384', signatureBytes: 96 },
  { bits: 512, hash: 'SHA-512', crv: 'P-521', signatureBytes: 132 },
]

const ALGORITHMS: readonly Algorithm[] = [
  ...HASHES.map(({ bits, hash }) => rsa(`RS${bits}`, { name: 'RSASSA-PKCS1-v1_5', hash })),
  // RFC 7518 §3.5: the salt is as long as the hash.
  ...HASHES.map(({ bits, hash, bytes }) =>
    rsa(`PS${bits}`, { name: 'RSA-PSS', hash, saltLength: bytes }),
  ),
  ...CURVES.map(({ bits, hash, crv, signatureBytes }) => ({
    name: `ES${bits}`,
    kty: 'EC' as const,
    crv,
    signatureBytes,
    secretBytesMin: 0,
    keyParameters: { name: 'ECDSA', namedCurve: crv },
    verifyParameters: { name: 'ECDSA', hash },
  })),
  ...['EdDSA', 'Ed25519'].map((name) => ({
    name,
    kty: 'OKP' as const,
    crv: 'Ed25519',
    signatureBytes: 64,
    secretBytesMin: 0,
    keyParameters: { name: 'Ed25519' },
    verifyParameters: { name: 'Ed25519' },
  })),
  ...HASHES.map(({ bits, hash, bytes }) => ({
    name: `HS${bits}`,
    kty: 'oct' as const,
    crv: null,
    signatureBytes: bytes,
    secretBytesMin: bytes,
    keyParameters: { name: 'HMAC', hash },
    verifyParameters: { name: 'HMAC' },
  })),
]

/** By its name in `alg`. */
export const ALGORITHM: ReadonlyMap<string, Algorithm> = new Map(
  ALGORITHMS.map((algorithm) => [algorithm.name, algorithm]),
)

/** All that keys of a type, and of a curve where there are curves, are for. */
export function algorithmsOf(kty: string, crv: string | null): readonly Algorithm[] {
  return ALGORITHMS.filter((algorithm) => algorithm.kty === kty && algorithm.crv === crv)
}

function rsa(
  name: string,
  {
    hash,
    ...parameters
  }: { readonly name: string; readonly hash: string; readonly saltLength?: number },
): Algorithm {
  return {
    name,
    kty: 'RSA',
    crv: null,
    signatureBytes: null,
    secretBytesMin: 0,
    keyParameters: { name: parameters.name, hash },
    verifyParameters: parameters,
  }
}
