/**
 * SnapshotSource over KV. KV is eventually consistent: a pointer may arrive before the parts it names, then this throws
 * and the caller keeps what it has. When KV has no pointer or does not answer, the Zone object is asked: it is the truth,
 * KV only the fast copy of it.
 */
import { logFailure } from '../../log.ts'
import { isPublished, PUBLISHED_COLLECTIONS, type PublishedZone } from '../collections.ts'
import { partKey, pointerKey } from '../keys.ts'
import type { Pointer } from '../objects/publication.ts'
import type { WireSnapshot } from '../objects/zone.ts'
import type { RawSnapshot, SnapshotSource } from '../ports.ts'

type Ports = {
  readonly kv: KVNamespace
  readonly zoneId: string
  /** The Zone object's own answer. */
  readonly fallback: () => Promise<WireSnapshot>
}

export function createSnapshotSource({ kv, zoneId, fallback }: Ports): SnapshotSource {
  /** Parts of the last snapshot by digest, so that a refresh reads only what changed. */
  let known = new Map<string, unknown>()

  async function fromKv(pointer: Pointer): Promise<RawSnapshot> {
    const read = new Map<string, unknown>()
    const parts: { [collection: string]: unknown } = {}
    for (const collection of PUBLISHED_COLLECTIONS) {
      const digest = pointer.parts[collection]
      if (digest === undefined) throw new Error(`snapshot ${pointer.version} has no part ${collection}`)
      const part = known.get(digest) ?? (await kv.get(partKey(zoneId, digest), 'json'))
      if (part === null) throw new Error(`snapshot ${pointer.version}: part ${collection} is not there yet`)
      read.set(digest, part)
      parts[collection] = part
    }
    known = read
    return { version: pointer.version, parts: checked(parts) }
  }

  async function fromZone(): Promise<RawSnapshot> {
    const { version, parts } = await fallback()
    const entries = Object.entries(parts).map(([name, text]): [string, unknown] => [name, JSON.parse(text)])
    return { version, parts: checked(Object.fromEntries(entries)) }
  }

  return {
    async newest(knownVersion) {
      const pointer = await readPointer(kv, zoneId)
      if (pointer === null) return knownVersion === null ? fromZone() : null
      if (pointer.version === knownVersion) return null
      return fromKv(pointer)
    },
  }
}

/** `null` when KV has none or cannot be reached; a pointer that makes no sense throws. */
async function readPointer(kv: KVNamespace, zoneId: string): Promise<Pointer | null> {
  let text: string | null
  try {
    text = await kv.get(pointerKey(zoneId))
  } catch (cause) {
    logFailure('configuration_store_unreachable', cause)
    return null
  }
  if (text === null) return null
  const pointer: unknown = JSON.parse(text)
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
  for (const collection of PUBLISHED_COLLECTIONS) {
    if (!Array.isArray(parts[collection])) throw new Error(`snapshot part ${collection} is not an array`)
  }
  const strangers = Object.keys(parts).filter((name) => !isPublished(name))
  if (strangers.length > 0) throw new Error(`snapshot has unknown parts: ${strangers.join(', ')}`)
  return parts as PublishedZone
}
