/**
 * Remembers which one-time tokens were used, until they expire. A claim is one statement in one place, so of any number
 * of claims exactly one is the first; it is on disk before it is answered. Holds digests, never a token or its `jti`.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Settings } from '../../settings.ts'

/** How often what has expired is deleted. */
const CLEANING_INTERVAL_MS = 10 * 60 * 1000

export type Claim = {
  /** Lower-case hex; of the configuration and the `jti`. */
  readonly digest: string
  readonly expiresAtMs: number
}

export class TokenReplay extends DurableObject<Settings> {
  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS used_token (
      digest TEXT PRIMARY KEY, expires_at_ms INTEGER NOT NULL) WITHOUT ROWID`)
    this.#sql.exec('CREATE INDEX IF NOT EXISTS used_token_expiry ON used_token (expires_at_ms)')
  }

  async claim({ digest, expiresAtMs }: Claim): Promise<'first' | 'seen'> {
    // It may have been used and forgotten: a slow body can hold a request back until long after its token was in time.
    if (expiresAtMs < Date.now()) return 'seen'
    const { rowsWritten } = this.#sql.exec(
      'INSERT OR IGNORE INTO used_token VALUES (?, ?)',
      digest,
      expiresAtMs,
    )
    if (rowsWritten === 0) return 'seen'
    if ((await this.ctx.storage.getAlarm()) === null) await this.#cleanLater()
    return 'first'
  }

  override async alarm(): Promise<void> {
    this.#sql.exec('DELETE FROM used_token WHERE expires_at_ms < ?', Date.now())
    const isEmpty = this.#sql.exec('SELECT 1 FROM used_token LIMIT 1').toArray().length === 0
    if (!isEmpty) await this.#cleanLater()
  }

  async #cleanLater(): Promise<void> {
    await this.ctx.storage.setAlarm(Date.now() + CLEANING_INTERVAL_MS)
  }

  get #sql(): SqlStorage {
    return this.ctx.storage.sql
  }
}
