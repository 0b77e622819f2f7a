/** The keyed hash of what strangers say, under the Worker's secret; its key is derived at the first use. */
import { hexToBytes } from '@noble/hashes/utils.js'
import { createKeyedHash, type HashedText, type KeyedHash } from '#engines/sessions'
import { createWeighedMemory } from './weighed-memory.ts'

type Secret = {
  /** Hexadecimal. */
  readonly sealingSecret: string | undefined
  readonly zoneId: string
}

/** UTF-16 units of what is remembered with its hash: a session asks more than once, and a hash costs as much as a few rules. */
const REMEMBERED_CHARACTERS_MAX = 1_000_000

/** Null where the deployment has no secret: an unkeyed hash could be searched. */
export function createKeyedHasher({
  sealingSecret = '',
  zoneId,
}: Secret): (text: HashedText) => Promise<string | null> {
  const secret = decodeSecret(sealingSecret)
  const remembered = createWeighedMemory<string>(REMEMBERED_CHARACTERS_MAX)
  let hash: KeyedHash | null = null
  return async (text) => {
    if (secret === null) return null
    const key = JSON.stringify([text.type, text.name, text.value])
    const known = remembered.get(key)
    if (known !== undefined) return known
    hash ??= await createKeyedHash({ secret, context: zoneId })
    const made = await hash(text)
    remembered.set(key, made, key.length + made.length)
    return made
  }
}

/** Null below 32 octets, where guessing the secret is the weak part. */
function decodeSecret(text: string): Uint8Array<ArrayBuffer> | null {
  return /^(?:[0-9a-f]{2}){32,}$/i.test(text) ? hexToBytes(text) : null
}
