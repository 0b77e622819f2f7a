/**
 * Keys ready to verify with. They are imported once; a token then finds its key by the exact text of `kid` and by the
 * algorithm, and by nothing else.
 */
import { err, ok, type Result } from '#engines/result'
import { type Algorithm, algorithmsOf } from './algorithms.ts'
import { decodeBase64Url } from './base64url.ts'
import type { Jwk } from './jwk.ts'
import type { JoseHeader } from './header.ts'
import { bitsOf } from './rsa-strength.ts'
import type { Refusal } from './verdict.ts'

export type VerifyKey = {
  readonly algorithm: Algorithm
  readonly key: CryptoKey
  readonly signatureBytes: number
}

type SetMember = {
  readonly kid: string | null
  /** By algorithm name. */
  readonly keys: ReadonlyMap<string, VerifyKey>
}

export type KeySet = {
  readonly members: readonly SetMember[]
  /** Keys that the runtime would not import, by their place in the list, with what it said. */
  readonly unusable: readonly { readonly index: number; readonly message: string }[]
}

/**
 * Imports keys that `checkKeys` let pass. A key without `alg` serves every algorithm of its type and curve. A symmetric key
 * without its secret is unusable.
 */
export async function importKeySet(keys: readonly Jwk[]): Promise<KeySet> {
  const members = new Map<string, SetMember>()
  const unusable: { index: number; message: string }[] = []
  for (const [index, jwk] of keys.entries()) {
    const imported = await importMember(jwk)
    if (imported.ok) {
      // A key that is listed for several algorithms is one key.
      const identity = JSON.stringify({ ...jwk, alg: null })
      const before = members.get(identity)?.keys ?? []
      members.set(identity, { kid: jwk.kid ?? null, keys: new Map([...before, ...imported.value]) })
    } else unusable.push({ index, message: imported.error })
  }
  return { members: [...members.values()], unusable }
}

/** The one key for this header. A set of one key needs no `kid`; one that is named must be the right one. */
export function findKey({ members }: KeySet, header: JoseHeader): Result<VerifyKey, Refusal> {
  const { algorithm, kid } = header
  const [only] = members
  if (only === undefined) return err({ reason: 'keys_unavailable' })
  if (kid === null && members.length > 1) return err({ reason: 'kid_missing' })
  const named =
    members.length === 1 && (kid === null || only.kid === null)
      ? members
      : members.filter((member) => member.kid === kid)
  if (named.length === 0) return err({ reason: 'unknown_key' })
  for (const { keys } of named) {
    const key = keys.get(algorithm.name)
    if (key !== undefined) return ok(key)
  }
  return err({ reason: 'algorithm_mismatch' })
}

async function importMember(jwk: Jwk): Promise<Result<SetMember['keys'], string>> {
  const { alg } = jwk
  const crv = 'crv' in jwk ? jwk.crv : null
  const keys = new Map<string, VerifyKey>()
  for (const algorithm of algorithmsOf(jwk.kty, crv)) {
    if (alg !== undefined && alg !== algorithm.name) continue
    const imported = await importKey(jwk, algorithm)
    if (!imported.ok) return imported
    keys.set(algorithm.name, imported.value)
  }
  return keys.size === 0 ? err('its algorithm is not one of its type') : ok(keys)
}

async function importKey(jwk: Jwk, algorithm: Algorithm): Promise<Result<VerifyKey, string>> {
  const signatureBytes = jwk.kty === 'RSA' ? modulusBytes(jwk.n) : algorithm.signatureBytes
  if (signatureBytes === null) return err('its algorithm is not one of its type')
  try {
    const key = await importCryptoKey(jwk, algorithm)
    return key === null ? err('its secret is not at hand') : ok({ algorithm, key, signatureBytes })
  } catch (error) {
    return err(`the runtime does not take it: ${String(error)}`)
  }
}

/** RFC 8017 §8.1.2: a signature is as long as the modulus. */
function modulusBytes(n: string): number | null {
  const octets = decodeBase64Url(n)
  return octets === null ? null : Math.ceil(bitsOf(octets) / 8)
}

/** Null for a secret that is absent or too short for the algorithm. */
async function importCryptoKey(jwk: Jwk, algorithm: Algorithm): Promise<CryptoKey | null> {
  const { keyParameters, secretBytesMin } = algorithm
  if (jwk.kty === 'oct') {
    const secret = decodeBase64Url(jwk.k ?? '')
    if (secret === null || secret.length < secretBytesMin) return null
    return crypto.subtle.importKey('raw', secret, keyParameters, false, ['verify'])
  }
  // Without kid and alg: what they mean was decided when the keys were checked.
  const { kid: _kid, alg: _alg, ...material } = jwk
  return crypto.subtle.importKey('jwk', material, keyParameters, false, ['verify'])
}
