/** Keys as operators give them: JSON Web Keys made afresh, public ones without their private halves. */

type Members = { readonly [member: string]: unknown }

export async function rsaKey(kid: string, members: Members = { alg: 'RS256' }) {
  const algorithm = {
    name: 'RSASSA-PKCS1-v1_5',
    hash: 'SHA-256',
    modulusLength: 2048,
    publicExponent: Uint8Array.of(1, 0, 1),
  }
  const { publicKey } = await pair(algorithm)
  const { n, e } = await exported(publicKey)
  return { kty: 'RSA', kid, n, e, ...members } as const
}

export async function ecKey(kid: string, members: Members = { alg: 'ES256' }) {
  const { publicKey } = await pair({ name: 'ECDSA', namedCurve: 'P-256' })
  const { crv, x, y } = await exported(publicKey)
  return { kty: 'EC', kid, crv, x, y, ...members } as const
}

/** A symmetric key of as many octets as the algorithm asks for at least; each octet is `fill`. */
export function octKey(kid: string, alg: 'HS256' | 'HS384' | 'HS512' = 'HS256', fill = 7) {
  const octets = { HS256: 32, HS384: 48, HS512: 64 }[alg]
  const binary = String.fromCharCode(fill).repeat(octets)
  const k = btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  return { kty: 'oct', kid, alg, k } as const
}

async function pair(algorithm: SubtleCryptoGenerateKeyAlgorithm): Promise<CryptoKeyPair> {
  return (await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair
}

async function exported(key: CryptoKey): Promise<{ readonly [member: string]: string }> {
  return (await crypto.subtle.exportKey('jwk', key)) as unknown as {
    readonly [member: string]: string
  }
}
