/**
 * Secrets of symmetric keys at rest: sealed under the Worker's secret for one configuration of one zone. A sealed secret that
 * is copied to another configuration does not open there.
 */
import { err, ok, type Result } from '#engines/result'
import { open, seal } from '#engines/sealing'
import type { Jwk } from '#engines/tokens'
import type { StoredKey } from './resources/tokens.ts'

export type SecretOwner = {
  readonly secret: string
  readonly zoneId: string
  readonly configurationId: string
}

/** The keys as they are stored: `k` of each is sealed. Fails when the Worker's secret is unusable. */
export async function sealKeys(
  keys: readonly Jwk[],
  owner: SecretOwner & { readonly random: (octets: number) => Uint8Array<ArrayBuffer> },
): Promise<Result<readonly StoredKey[], SecretFailure>> {
  const sealed: StoredKey[] = []
  for (const key of keys) {
    if (key.kty !== 'oct' || key.k === undefined) {
      sealed.push(key)
      continue
    }
    const { k, ...rest } = key
    const options = { ...sealingOf(owner), random: owner.random }
    const text = await seal(Uint8Array.from(new TextEncoder().encode(k)), options)
    if (!text.ok) return err({ reason: 'not_sealed', detail: text.error.reason })
    sealed.push({ ...rest, sealed_k: text.value })
  }
  return ok(sealed)
}

/** The keys as they are used: with `k`. Fails when one does not open, because the Worker's secret is another one now. */
export async function openKeys(
  keys: readonly StoredKey[],
  owner: SecretOwner,
): Promise<Result<readonly Jwk[], SecretFailure>> {
  const opened: Jwk[] = []
  for (const { sealed_k, ...key } of keys) {
    if (key.kty !== 'oct' || sealed_k === undefined) {
      opened.push(key)
      continue
    }
    const octets = await open(sealed_k, sealingOf(owner))
    if (!octets.ok) return err({ reason: 'not_opened', detail: octets.error.reason })
    opened.push({ ...key, k: new TextDecoder().decode(octets.value) })
  }
  return ok(opened)
}

export type SecretFailure = {
  readonly reason: 'not_sealed' | 'not_opened'
  readonly detail: string
}

function sealingOf({ secret, zoneId, configurationId }: SecretOwner) {
  return { secret, context: `token-configuration:${zoneId}:${configurationId}` }
}
