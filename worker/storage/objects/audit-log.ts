/** Who changed what, one row a committed change. Names resources, never their content, so it holds no secret. */

/** Older entries are dropped; at a change a minute this is a week. */
const ENTRIES_MAX = 10_000

export type AuditRow = {
  version: number
  at_ms: number
  actor: string
  action: string
  changes: string
}

export function createAuditTable(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS audit (
    version INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, changes TEXT NOT NULL)`)
}

export function appendAudit(sql: SqlStorage, row: AuditRow): void {
  sql.exec(
    'INSERT INTO audit VALUES (?, ?, ?, ?, ?)',
    row.version,
    row.at_ms,
    row.actor,
    row.action,
    row.changes,
  )
  sql.exec('DELETE FROM audit WHERE version <= ?', row.version - ENTRIES_MAX)
}

export function readAudit(sql: SqlStorage, limit: number): AuditRow[] {
  return sql.exec<AuditRow>('SELECT * FROM audit ORDER BY version DESC LIMIT ?', limit).toArray()
}
