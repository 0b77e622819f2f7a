/** What a Session object keeps on disk: a row a counter and a session, deleted once it says nothing any more. Bounded in rows. */
/** Beyond it those go first that let nobody in again who is kept out, and of these those that would expire first. */
const ROWS_MAX = 20_000

/** How many rows may be written between two looks at their number. */
const CHECK_EVERY = 500

type Row = {
  /** Becomes JSON. */
  readonly body: unknown
  readonly expiresAtMs: number
  /** It keeps somebody out. */
  readonly isLasting: boolean
}

/** Row keys begin with what they are of. */
export type RowKey = `meter ${string}` | `session ${string}`

export class SessionRows {
  readonly #sql: SqlStorage
  #written = 0

  constructor(sql: SqlStorage) {
    this.#sql = sql
    sql.exec(`CREATE TABLE IF NOT EXISTS kept (
      key TEXT PRIMARY KEY, body TEXT NOT NULL, expires_at_ms INTEGER NOT NULL,
      is_lasting INTEGER NOT NULL) WITHOUT ROWID`)
    sql.exec('CREATE INDEX IF NOT EXISTS kept_order ON kept (is_lasting, expires_at_ms)')
  }

  /** The JSON text that was written. */
  read(key: RowKey): string | undefined {
    const [row] = this.#sql
      .exec<{ body: string }>('SELECT body FROM kept WHERE key = ?', key)
      .toArray()
    return row?.body
  }

  write(key: RowKey, { body, expiresAtMs, isLasting }: Row): void {
    this.#sql.exec(
      'INSERT OR REPLACE INTO kept VALUES (?, ?, ?, ?)',
      key,
      JSON.stringify(body),
      expiresAtMs,
      isLasting ? 1 : 0,
    )
    this.#written += 1
    if (this.#written % CHECK_EVERY === 0) this.#bound()
  }

  /** All whose keys begin so. */
  deleteAll(start: RowKey): void {
    this.#sql.exec('DELETE FROM kept WHERE key >= ? AND key < ?', start, endOf(start))
  }

  /** The keys that begin so, at most a hundred. */
  keys(start: RowKey): readonly string[] {
    return this.#sql
      .exec<{ key: string }>(
        'SELECT key FROM kept WHERE key >= ? AND key < ? LIMIT 100',
        start,
        endOf(start),
      )
      .toArray()
      .map(({ key }) => key)
  }

  /** Deletes what has expired and tells whether anything is left. */
  sweep(nowMs: number): boolean {
    this.#sql.exec('DELETE FROM kept WHERE expires_at_ms <= ?', nowMs)
    this.#bound()
    return this.#sql.exec('SELECT 1 FROM kept LIMIT 1').toArray().length > 0
  }

  #bound(): void {
    const { rows } = this.#sql.exec<{ rows: number }>('SELECT COUNT(*) AS rows FROM kept').one()
    if (rows <= ROWS_MAX) return
    this.#sql.exec(
      `DELETE FROM kept WHERE key IN
        (SELECT key FROM kept ORDER BY is_lasting, expires_at_ms LIMIT ?)`,
      rows - ROWS_MAX,
    )
  }
}

/** The first key behind all that begin so. */
function endOf(start: RowKey): string {
  return `${start}\u{10FFFF}`
}
