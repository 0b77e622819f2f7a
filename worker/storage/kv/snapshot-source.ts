/**
 * Snapshots over KV. KV is eventually consistent: a pointer may arrive before the parts it names, then this throws
 * and the caller keeps what it has. A caller that has nothing yet gets the Zone object's own answer when KV fails: the object
 * is the truth, KV only the fast copy of it.
 */
import { logFailure } from '../../log.ts'
import { PUBLISHED_COLLECTIONS, type PublishedZone } from '../collections.ts'
import { partKey, pointerKey } from '../keys.ts'
import type { Pointer } from '../objects/publication.ts'
import type { WireSnapshot } from '../objects/zone.ts'
import type { PublishedSnapshots, RawSnapshot } from '../ports.ts'

type Ports = {
  readonly kv: KVNamespace
  readonly zoneId: string
  /** The Zone object's own answer. */
  readonly fallback: () => Promise<WireSnapshot>
}

export function createSnapshotSource({ kv, zoneId, fallback }: Ports): PublishedSnapshots {
  /** Parts of the last snapshot by digest, so that a refresh reads only what changed. */
  let known = new Map<string, unknown>()

  async function fromKv(pointer: Pointer): Promise<RawSnapshot> {
    const read = new Map<string, unknown>()
    const parts: { [collection: string]: unknown } = {}
    for (const collection of PUBLISHED_COLLECTIONS) {
      const digest = pointer.parts[collection]
      if (digest === undefined)
        throw new Error(`snapshot ${pointer.version} has no part ${collection}`)
      const part = known.get(digest) ?? (await kv.get(partKey(zoneId, digest), 'json'))
      if (part === null)
        throw new Error(`snapshot ${pointer.version}: part ${collection} is not there yet`)
      read.set(digest, part)
      parts[collection] = part
    }
    known = read
    return { version: pointer.version, parts: checked(parts) }
  }

  async function fromZone(): Promise<RawSnapshot> {
    const { version, parts } = await fallback()
    const entries = Object.entries(parts).map(([name, text]): [string, unknown] => [
      name,
      JSON.parse(text),
    ])
    return { version, parts: checked(Object.fromEntries(entries)) }
  }

  /** Without a last good one to fall back on, the truth is worth its price. */
  async function first(): Promise<RawSnapshot> {
    try {
      const pointer = await readPointer(kv, zoneId)
      if (pointer !== null) return await fromKv(pointer)
    } catch (cause) {
      logFailure('configuration_store_unusable', cause)
    }
    return fromZone()
  }

  return {
    async newest(knownVersion) {
      if (knownVersion === null) return first()
      const pointer = await readPointer(kv, zoneId)
      // KV may show an older pointer after a newer one; going back would undo a change, such as a revocation.
      return pointer === null || pointer.version <= knownVersion ? null : fromKv(pointer)
    },
    truth: fromZone,
  }
}

/** `null` when KV has none. Throws when KV cannot be reached or the pointer makes no sense. */
async function readPointer(kv: KVNamespace, zoneId: string): Promise<Pointer | null> {
  const pointer: unknown = await kv.get(pointerKey(zoneId), 'json')
  if (pointer === null) return null
  if (!isPointer(pointer)) throw new Error('the snapshot pointer has not the shape of one')
  return pointer
}

function isPointer(value: unknown): value is Pointer {
  return (
    typeof value === 'object' &&
    value !== null &&
    'version' in value &&
    typeof value.version === 'number' &&
    'parts' in value &&
    typeof value.parts === 'object' &&
    value.parts !== null
  )
}

/** Every published collection must be there as an array; their members were checked when they were written. */
function checked(parts: { readonly [collection: string]: unknown }): PublishedZone {
  if (!isPublishedZone(parts)) throw new Error('a part of the snapshot is missing or not an array')
  return parts
}

function isPublishedZone(parts: {
  readonly [collection: string]: unknown
}): parts is PublishedZone & typeof parts {
  return PUBLISHED_COLLECTIONS.every((collection) => Array.isArray(parts[collection]))
}
