/**
 * The zone's documents in SQLite. Bodies are JSON text, cut into rows of at most PART_CHARACTERS because a row of a
 * SQLite-backed Durable Object ends at 2 MB; a UTF-16 unit takes at most three bytes there.
 */
import { parseOwn } from '../own.ts'
import { schemaPartIds } from '../schema-part-id.ts'

const PART_CHARACTERS = 500_000

export type StoredDocument = {
  readonly collection: string
  readonly id: string
  readonly body: string
}

type DocumentRow = { collection: string; id: string; body: string }

export function createDocumentTable(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS document (
    collection TEXT NOT NULL, id TEXT NOT NULL, part INTEGER NOT NULL,
    ordinal INTEGER NOT NULL, body TEXT NOT NULL,
    PRIMARY KEY (collection, id, part))`)
  sql.exec('CREATE INDEX IF NOT EXISTS document_order ON document (collection, ordinal, part)')
}

/** Every document of a collection in the order of creation. */
export function readCollection(sql: SqlStorage, collection: string): StoredDocument[] {
  return [...streamed(selectCollection(sql, collection))]
}

export function countDocuments(sql: SqlStorage, collection: string): number {
  return sql
    .exec<{ count: number }>(
      'SELECT COUNT(*) AS count FROM document WHERE collection = ? AND part = 0',
      collection,
    )
    .one().count
}

/** The JSON text of an array of all documents with these members alone; only one of them is in memory at a time. */
export function outlineCollection(
  sql: SqlStorage,
  collection: string,
  members: readonly string[],
): string {
  const outlines: string[] = []
  for (const { body } of streamed(selectCollection(sql, collection))) {
    const document = parseOwn<{ readonly [member: string]: unknown }>(body)
    outlines.push(JSON.stringify(Object.fromEntries(members.map((name) => [name, document[name]]))))
  }
  return `[${outlines.join(',')}]`
}

export function readDocument(
  sql: SqlStorage,
  collection: string,
  id: string,
): StoredDocument | null {
  const rows = sql.exec<DocumentRow>(
    'SELECT collection, id, body FROM document WHERE collection = ? AND id = ? ORDER BY part',
    collection,
    id,
  )
  return [...streamed(rows)][0] ?? null
}

/** The text of a part of a compiled schema, whichever schema has it. */
export function readSchemaPart(sql: SqlStorage, digest: string): string | null {
  const { from, below } = schemaPartIds(digest)
  const rows = sql.exec<DocumentRow>(
    `SELECT collection, id, body FROM document
     WHERE collection = 'schema_profile_part' AND id >= ? AND id < ? ORDER BY id, part`,
    from,
    below,
  )
  return [...streamed(rows)][0]?.body ?? null
}

/** Inserts or replaces; a replaced document keeps its place in the order. */
export function putDocument(sql: SqlStorage, document: StoredDocument): void {
  const { collection, id, body } = document
  const ordinal = ordinalOf(sql, collection, id)
  deleteDocument(sql, collection, id)
  for (const [part, text] of cut(body).entries()) {
    sql.exec('INSERT INTO document VALUES (?, ?, ?, ?, ?)', collection, id, part, ordinal, text)
  }
}

export function deleteDocument(sql: SqlStorage, collection: string, id: string): void {
  sql.exec('DELETE FROM document WHERE collection = ? AND id = ?', collection, id)
}

/** A cut never falls between the halves of a surrogate pair: SQLite's UTF-8 could not hold either half. */
function cut(body: string): string[] {
  const parts: string[] = []
  let start = 0
  while (body.length - start > PART_CHARACTERS) {
    const end = start + PART_CHARACTERS
    const unit = body.charCodeAt(end - 1)
    const splitsPair = unit >= 0xd800 && unit <= 0xdbff
    const boundary = splitsPair ? end - 1 : end
    parts.push(body.slice(start, boundary))
    start = boundary
  }
  parts.push(body.slice(start))
  return parts
}

function ordinalOf(sql: SqlStorage, collection: string, id: string): number {
  const row = sql
    .exec<{ ordinal: number }>(
      `SELECT COALESCE(
        (SELECT ordinal FROM document WHERE collection = ?1 AND id = ?2 AND part = 0),
        (SELECT MAX(ordinal) + 1 FROM document WHERE collection = ?1),
        0) AS ordinal`,
      collection,
      id,
    )
    .one()
  return row.ordinal
}

function selectCollection(sql: SqlStorage, collection: string): Iterable<DocumentRow> {
  return sql.exec<DocumentRow>(
    'SELECT collection, id, body FROM document WHERE collection = ? ORDER BY ordinal, part',
    collection,
  )
}

/** Documents from their rows, which come part after part. */
function* streamed(rows: Iterable<DocumentRow>): Generator<StoredDocument> {
  let open: { collection: string; id: string; parts: string[] } | null = null
  for (const { collection, id, body } of rows) {
    if (open !== null && open.id === id) {
      open.parts.push(body)
      continue
    }
    if (open !== null) yield closed(open)
    open = { collection, id, parts: [body] }
  }
  if (open !== null) yield closed(open)
}

function closed({
  collection,
  id,
  parts,
}: {
  readonly collection: string
  readonly id: string
  readonly parts: readonly string[]
}): StoredDocument {
  return { collection, id, body: parts.join('') }
}
