/** The keyed hash of sessions under the Worker's secret; its key is derived at the first session. */
import { hexToBytes } from '@noble/hashes/utils.js'
import { createSessionHash, type SessionHash, type SessionIdentity } from '#engines/sessions'

type Secret = {
  /** Hexadecimal. */
  readonly sealingSecret: string | undefined
  readonly zoneId: string
}

/** Null where the deployment has no secret: an unkeyed hash could be searched. */
export function createSessionHasher({
  sealingSecret = '',
  zoneId,
}: Secret): (identity: SessionIdentity) => Promise<string | null> {
  const secret = decodeSecret(sealingSecret)
  let hash: SessionHash | null = null
  return async (identity) => {
    if (secret === null) return null
    hash ??= await createSessionHash({ secret, context: zoneId })
    return hash(identity)
  }
}

/** Null below 32 octets, where guessing the secret is the weak part. */
function decodeSecret(text: string): Uint8Array<ArrayBuffer> | null {
  return /^(?:[0-9a-f]{2}){32,}$/i.test(text) ? hexToBytes(text) : null
}
