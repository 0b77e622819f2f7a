/**
 * SchemaPartSource over KV. A part is in KV before the snapshot that names it, but another location may see the snapshot
 * first: then, and when KV cannot be reached, the Zone object is asked, which has every part of the schemas it holds.
 */
import { logFailure } from '../../log.ts'
import { partKey } from '../keys.ts'
import { parseOwn } from '../own.ts'
import type { SchemaPart, SchemaPartSource } from '../ports.ts'

type Ports = {
  readonly kv: KVNamespace
  readonly zoneId: string
  /** The Zone object's own answer; `null` when no schema has the part any more. */
  readonly fallback: (digest: string) => Promise<string | null>
}

export function createSchemaPartSource({ kv, zoneId, fallback }: Ports): SchemaPartSource {
  async function fromKv(digest: string): Promise<string | null> {
    try {
      return await kv.get(partKey(zoneId, digest))
    } catch (cause) {
      logFailure('configuration_store_unusable', cause)
      return null
    }
  }

  return {
    async read(digest) {
      const text = (await fromKv(digest)) ?? (await fallback(digest))
      if (text === null) throw new Error(`schema_part_unavailable: ${digest}`)
      return { profile: parseOwn<SchemaPart['profile']>(text), characters: text.length }
    },
  }
}
