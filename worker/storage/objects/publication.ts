/**
 * Carries the zone's published collections to KV: first the parts, each under the digest of its text, then the one
 * pointer that names them. A reader sees the old pointer or the new one, never half a change; KV may show either for
 * about a minute in other locations, and gives no order between keys (the reader keeps its last good snapshot then).
 */
import { PUBLISHED_COLLECTIONS, publishedPart } from '../collections.ts'
import { sha256Hex } from '../digest.ts'
import { partKey, pointerKey } from '../keys.ts'
import { readCollection } from './documents.ts'

/** To be raised when the set of published collections or what is published of one changes. */
export const PUBLICATION_FORMAT = 2

/** A superseded part stays this long, because a location may still hold the pointer that names it. */
const SUPERSEDED_PART_TTL_MS = 60 * 60 * 1000

/** Digest of each published collection. */
export type Pointer = {
  readonly version: number
  readonly parts: { readonly [collection: string]: string }
}

export type PublicationPorts = {
  readonly sql: SqlStorage
  readonly kv: KVNamespace
  readonly zoneId: string
}

export function createPublicationTable(sql: SqlStorage): void {
  sql.exec(
    'CREATE TABLE IF NOT EXISTS published_part (digest TEXT PRIMARY KEY, superseded_at_ms INTEGER)',
  )
}

/** The texts of all published collections as they are now. */
export function publishedTexts(sql: SqlStorage): Map<string, string> {
  const texts = new Map<string, string>()
  for (const collection of PUBLISHED_COLLECTIONS) {
    const bodies = readCollection(sql, collection).map((document) => document.body)
    texts.set(collection, publishedPart(collection, bodies))
  }
  return texts
}

/** Writes what is new, then the pointer. Throws when KV refuses; nothing is half done then, only repeated later. */
export async function publish(
  ports: PublicationPorts,
  version: number,
  nowMs: number,
): Promise<Pointer> {
  const texts = publishedTexts(ports.sql)
  const parts: { [collection: string]: string } = {}
  for (const [collection, text] of texts) {
    const digest = await sha256Hex(text)
    parts[collection] = digest
    if (!isKnown(ports.sql, digest)) {
      await ports.kv.put(partKey(ports.zoneId, digest), text)
      ports.sql.exec('INSERT OR IGNORE INTO published_part VALUES (?, NULL)', digest)
    }
  }
  const pointer = { version, parts }
  await ports.kv.put(pointerKey(ports.zoneId), JSON.stringify(pointer))
  await forgetSuperseded(ports, new Set(Object.values(parts)), nowMs)
  return pointer
}

function isKnown(sql: SqlStorage, digest: string): boolean {
  return sql.exec('SELECT 1 FROM published_part WHERE digest = ?', digest).toArray().length > 0
}

async function forgetSuperseded(
  ports: PublicationPorts,
  current: ReadonlySet<string>,
  nowMs: number,
): Promise<void> {
  const rows = ports.sql
    .exec<{ digest: string; superseded_at_ms: number | null }>('SELECT * FROM published_part')
    .toArray()
  for (const row of rows) {
    if (current.has(row.digest)) {
      if (row.superseded_at_ms !== null) mark(ports.sql, row.digest, null)
    } else if (row.superseded_at_ms === null) {
      mark(ports.sql, row.digest, nowMs)
    } else if (nowMs - row.superseded_at_ms > SUPERSEDED_PART_TTL_MS) {
      ports.sql.exec('DELETE FROM published_part WHERE digest = ?', row.digest)
      await ports.kv.delete(partKey(ports.zoneId, row.digest))
    }
  }
}

function mark(sql: SqlStorage, digest: string, supersededAtMs: number | null): void {
  sql.exec(
    'UPDATE published_part SET superseded_at_ms = ? WHERE digest = ?',
    supersededAtMs,
    digest,
  )
}
