/**
 * Carries the zone's published collections to KV: first the parts, each under the digest of its text, then the one
 * pointer that names them. A reader sees the old pointer or the new one, never half a change; KV may show either for
 * about a minute in other locations, and gives no order between keys (the reader keeps its last good snapshot then).
 * Only collections that changed since their last publication are read and hashed: a revocation list may hold megabytes.
 * The parts of schemas go the same way, each under its digest, before the pointer to the index that names them.
 */
import {
  partDigestsOf,
  PUBLISHED_COLLECTIONS,
  type PublishedCollection,
  publishedPart,
} from '../collections.ts'
import { sha256Hex } from '../digest.ts'
import { partKey, pointerKey } from '../keys.ts'
import { readCollection, readSchemaPart } from './documents.ts'

/** To be raised when the set of published collections or what is published of one changes. */
export const PUBLICATION_FORMAT = 7

/** A superseded part stays this long, because a location may still hold the pointer that names it. */
const SUPERSEDED_PART_TTL_MS = 60 * 60 * 1000

/** Writes of KV that are under way at once; the platform itself lets six connections be open. */
const KV_WRITES_AT_ONCE = 6

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
  // `digest` is what KV has of the collection, NULL when it changed since; `changed_at` is a version of the zone.
  sql.exec(`CREATE TABLE IF NOT EXISTS published_collection (
    collection TEXT PRIMARY KEY, changed_at INTEGER NOT NULL, digest TEXT)`)
  // The parts that the last published index of schemas names.
  sql.exec('CREATE TABLE IF NOT EXISTS published_schema_part (digest TEXT PRIMARY KEY)')
}

/** The texts of all published collections as they are now. */
export function publishedTexts(sql: SqlStorage): Map<string, string> {
  return new Map(PUBLISHED_COLLECTIONS.map((collection) => [collection, textOf(sql, collection)]))
}

/** To be called in the transaction that writes: what was published of these collections is out of date from this version. */
export function markChanged(
  sql: SqlStorage,
  collections: ReadonlySet<string>,
  version: number,
): void {
  for (const collection of collections) {
    sql.exec(
      `INSERT INTO published_collection VALUES (?1, ?2, NULL)
       ON CONFLICT (collection) DO UPDATE SET changed_at = ?2, digest = NULL`,
      collection,
      version,
    )
  }
}

/** Nothing that was published is believed to be up to date any more. */
export function forgetPublished(sql: SqlStorage): void {
  sql.exec('DELETE FROM published_collection')
}

/**
 * Writes what changed since it was last published, then the pointer. Throws when KV refuses; nothing is half done then,
 * only repeated later.
 */
export async function publish(
  ports: PublicationPorts,
  version: number,
  nowMs: number,
): Promise<Pointer> {
  const { sql, kv, zoneId } = ports
  const known = publishedDigests(sql)
  // All texts before the first await: together they are one version.
  const changed = PUBLISHED_COLLECTIONS.filter((collection) => !known.has(collection)).map(
    (collection) => ({ collection, text: textOf(sql, collection) }),
  )
  const index = changed.find(({ collection }) => collection === 'schema_profile')
  const schemaParts = index === undefined ? publishedSchemaParts(sql) : partDigestsOf(index.text)
  if (index !== undefined) await publishSchemaParts(ports, schemaParts)
  const parts: { [collection: string]: string } = Object.fromEntries(known)
  for (const { collection, text } of changed) {
    const digest = await sha256Hex(text)
    parts[collection] = digest
    await putPart(ports, digest, text)
    rememberDigest(sql, { collection, digest, version })
  }
  const pointer = { version, parts }
  await kv.put(pointerKey(zoneId), JSON.stringify(pointer))
  await forgetSuperseded(ports, new Set([...Object.values(parts), ...schemaParts]), nowMs)
  return pointer
}

/** What KV has is not written again, also after a crash half way. */
async function putPart({ sql, kv, zoneId }: PublicationPorts, digest: string, text: string) {
  if (isKnown(sql, digest)) return
  await kv.put(partKey(zoneId, digest), text)
  sql.exec('INSERT OR IGNORE INTO published_part VALUES (?, NULL)', digest)
}

async function publishSchemaParts(
  ports: PublicationPorts,
  digests: readonly string[],
): Promise<void> {
  const { sql } = ports
  const missing = [...new Set(digests)].filter((digest) => !isKnown(sql, digest))
  for (let start = 0; start < missing.length; start += KV_WRITES_AT_ONCE) {
    const some = missing.slice(start, start + KV_WRITES_AT_ONCE)
    await Promise.all(some.map((digest) => putPart(ports, digest, schemaPart(sql, digest))))
  }
  sql.exec('DELETE FROM published_schema_part')
  for (const digest of digests) {
    sql.exec('INSERT OR IGNORE INTO published_schema_part VALUES (?)', digest)
  }
}

/** A commit that came while KV was written may have taken it away; the publication of that commit follows. */
function schemaPart(sql: SqlStorage, digest: string): string {
  const text = readSchemaPart(sql, digest)
  if (text === null) throw new Error(`the part ${digest} of a schema is not there`)
  return text
}

function publishedSchemaParts(sql: SqlStorage): readonly string[] {
  return sql
    .exec<{ digest: string }>('SELECT digest FROM published_schema_part')
    .toArray()
    .map(({ digest }) => digest)
}

function textOf(sql: SqlStorage, collection: PublishedCollection): string {
  const bodies = readCollection(sql, collection).map((document) => document.body)
  return publishedPart(collection, bodies)
}

/** The digests of the collections that did not change since KV got them. */
function publishedDigests(sql: SqlStorage): ReadonlyMap<string, string> {
  const rows = sql.exec<{ collection: string; digest: string }>(
    'SELECT collection, digest FROM published_collection WHERE digest IS NOT NULL',
  )
  return new Map(rows.toArray().map(({ collection, digest }) => [collection, digest]))
}

/** A commit may have come while KV was written: then the digest is that of an older text, and is not kept. */
function rememberDigest(
  sql: SqlStorage,
  { collection, digest, version }: { collection: string; digest: string; version: number },
): void {
  sql.exec(
    `INSERT INTO published_collection VALUES (?1, ?2, ?3)
     ON CONFLICT (collection) DO UPDATE SET digest = ?3 WHERE changed_at <= ?2`,
    collection,
    version,
    digest,
  )
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
