/**
 * A shard of what traffic leaves behind: security events, and counts of GraphQL queries. Bounded: the oldest are dropped. What
 * was still in an isolate's buffer when the process died is lost; no configuration ever is.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Settings } from '../../settings.ts'
import type { GraphqlTimesQuery } from '../ports.ts'
import { readGraphqlTimes, type SentGraphqlUse, type StoredGraphqlTimes } from './graphql-load.ts'
import {
  addGraphqlUse,
  createGraphqlUseTables,
  readGraphqlUse,
  type StoredGraphqlUse,
} from './graphql-use.ts'

/** Events a shard keeps. */
const EVENTS_MAX = 10_000

/** One event as JSON; gateway/observation.ts bounds what strangers write into it. */
export type StoredEvent = {
  readonly occurredAtMs: number
  readonly rayId: string
  readonly action: string
  readonly source: string
  readonly body: string
}

/** `null` is any. */
export type StoredEventQuery = {
  readonly limit: number
  readonly rayId: string | null
  readonly action: string | null
  readonly source: string | null
}

export class Traffic extends DurableObject<Settings> {
  constructor(state: DurableObjectState, env: Settings) {
    super(state, env)
    this.#sql.exec(`CREATE TABLE IF NOT EXISTS event (
      number INTEGER PRIMARY KEY AUTOINCREMENT, occurred_at_ms INTEGER NOT NULL, ray_id TEXT NOT NULL,
      action TEXT NOT NULL, source TEXT NOT NULL, body TEXT NOT NULL)`)
    this.#sql.exec('CREATE INDEX IF NOT EXISTS event_ray ON event (ray_id)')
    createGraphqlUseTables(this.#sql)
  }

  recordEvents(events: readonly StoredEvent[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const { occurredAtMs, rayId, action, source, body } of events) {
        this.#sql.exec(
          'INSERT INTO event (occurred_at_ms, ray_id, action, source, body) VALUES (?, ?, ?, ?, ?)',
          occurredAtMs,
          rayId,
          action,
          source,
          body,
        )
      }
      this.#sql.exec(
        'DELETE FROM event WHERE number <= (SELECT MAX(number) FROM event) - ?',
        EVENTS_MAX,
      )
    })
  }

  /** Newest first. */
  readEvents({
    limit,
    rayId,
    action,
    source,
  }: StoredEventQuery): Pick<StoredEvent, 'occurredAtMs' | 'body'>[] {
    return this.#sql
      .exec<{ occurredAtMs: number; body: string }>(
        `SELECT occurred_at_ms AS occurredAtMs, body FROM event
         WHERE (?1 IS NULL OR ray_id = ?1) AND (?2 IS NULL OR action = ?2) AND (?3 IS NULL OR source = ?3)
         ORDER BY number DESC LIMIT ?4`,
        rayId,
        action,
        source,
        limit,
      )
      .toArray()
  }

  recordGraphqlUse(uses: readonly SentGraphqlUse[]): void {
    this.ctx.storage.transactionSync(() => {
      for (const use of uses) addGraphqlUse(this.#sql, use)
    })
  }

  readGraphqlUse(): StoredGraphqlUse[] {
    return readGraphqlUse(this.#sql)
  }

  readGraphqlTimes(query: GraphqlTimesQuery): StoredGraphqlTimes[] {
    return readGraphqlTimes(this.#sql, query)
  }

  get #sql(): SqlStorage {
    return this.ctx.storage.sql
  }
}
