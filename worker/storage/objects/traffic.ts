/**
 * A shard of what traffic leaves behind: today the security events. Bounded: the oldest are dropped. An event that was
 * still in an isolate's buffer when the process died is lost; no configuration ever is.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Settings } from '../../settings.ts'

/** Events a shard keeps. */
const EVENTS_MAX = 10_000

/** One event as JSON; longer ones are refused by the caller (gateway/observation.ts bounds its strings). */
export type StoredEvent = {
  readonly occurredAtMs: number
  readonly rayId: string
  readonly body: string
}

export class Traffic extends DurableObject<Settings> {
  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS event (
      number INTEGER PRIMARY KEY AUTOINCREMENT, occurred_at_ms INTEGER NOT NULL, ray_id TEXT NOT NULL, body TEXT NOT NULL)`)
    this.#sql.exec('CREATE INDEX IF NOT EXISTS event_ray ON event (ray_id)')
  }

  recordEvents(events: readonly StoredEvent[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const { occurredAtMs, rayId, body } of events) {
        this.#sql.exec(
          'INSERT INTO event (occurred_at_ms, ray_id, body) VALUES (?, ?, ?)',
          occurredAtMs,
          rayId,
          body,
        )
      }
      this.#sql.exec(
        'DELETE FROM event WHERE number <= (SELECT MAX(number) FROM event) - ?',
        EVENTS_MAX,
      )
    })
  }

  /** Newest first; all of one ray, or of every ray. */
  readEvents(limit: number, rayId: string | null): StoredEvent[] {
    return this.#sql
      .exec<StoredEvent & Record<string, SqlStorageValue>>(
        `SELECT occurred_at_ms AS occurredAtMs, ray_id AS rayId, body FROM event
         WHERE ?1 IS NULL OR ray_id = ?1 ORDER BY number DESC LIMIT ?2`,
        rayId,
        limit,
      )
      .toArray()
  }

  get #sql(): SqlStorage {
    return this.ctx.storage.sql
  }
}
