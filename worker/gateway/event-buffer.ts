/**
 * Holds security events of this isolate until a batch is worth a call to storage. A flood of rejections costs one call a
 * delay, not one a request. Bounded: beyond the bound events are counted, and the count is logged with the next batch.
 */
import { logFailure } from '../log.ts'
import type { SecurityEvent } from '../storage/events.ts'
import type { EventStore } from '../storage/ports.ts'
import { GATEWAY_LIMITS } from './limits.ts'

/** How long a first event waits for company. */
const DELAY_MS = 250

/** A flush that has not begun by then was lost with the request that was to do it. */
const LOST_AFTER_MS = 5_000

/** Events of one call to storage. */
const BATCH_MAX = 100

export type EventBuffer = {
  add(events: readonly SecurityEvent[]): void
  /** Sends what is there after a short wait; `null` when another request is about to. Give it to `waitUntil`. */
  flushSoon(nowMs: number): Promise<void> | null
  flush(): Promise<void>
}

export function createEventBuffer(
  store: EventStore,
  wait: (ms: number) => Promise<unknown>,
): EventBuffer {
  const held: SecurityEvent[] = []
  let dropped = 0
  let scheduledAtMs: number | null = null

  async function flush(): Promise<void> {
    scheduledAtMs = null
    if (dropped > 0) {
      logFailure('events_dropped', 'more events than an isolate may hold', { dropped })
      dropped = 0
    }
    while (held.length > 0) {
      const batch = held.splice(0, BATCH_MAX)
      try {
        await store.record(batch)
      } catch (cause) {
        logFailure('events_not_stored', cause, { events: batch.length })
      }
    }
  }

  return {
    add(events) {
      const room = Math.max(0, GATEWAY_LIMITS.bufferedEventsMax - held.length)
      held.push(...events.slice(0, room))
      dropped += Math.max(0, events.length - room)
    },
    flushSoon(nowMs) {
      if (held.length === 0) return null
      if (scheduledAtMs !== null && nowMs - scheduledAtMs < LOST_AFTER_MS) return null
      scheduledAtMs = nowMs
      return wait(DELAY_MS).then(flush)
    },
    flush,
  }
}
