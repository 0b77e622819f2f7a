/** EventStore over the Traffic shards: a batch goes to one shard, a reading merges all of them. */
import type { EventQuery, SecurityEvent } from '../events.ts'
import { parseOwn } from '../own.ts'
import type { EventStore } from '../ports.ts'
import type { StoredEvent, Traffic } from './traffic.ts'

/** More shards take more writes a second and make a reading dearer. */
const SHARDS = 4

/** A filter is applied after reading, so a reading looks at this many events of a shard at most. */
const SCANNED_EVENTS_MAX = 10_000

export function createEventStore(
  namespace: DurableObjectNamespace<Traffic>,
  zoneId: string,
): EventStore {
  // A stub belongs to the request that made it, so each call makes its own.
  const shard = (number: number) => namespace.getByName(`${zoneId}:${number}`)
  return {
    async record(events) {
      const first = events[0]
      if (first === undefined) return
      await shard(shardOf(first.ray_id)).recordEvents(events.map(stored))
    },
    async list(query) {
      const filtered = query.action !== undefined || query.source !== undefined
      const scan = filtered ? SCANNED_EVENTS_MAX : query.limit
      const read = await Promise.all(
        Array.from({ length: SHARDS }, (_, number) =>
          shard(number).readEvents(scan, query.ray_id ?? null),
        ),
      )
      return read
        .flat()
        .sort((a, b) => b.occurredAtMs - a.occurredAtMs)
        .map((event) => parseOwn<SecurityEvent>(event.body))
        .filter((event) => isAskedFor(event, query))
        .slice(0, query.limit)
    },
  }
}

function stored(event: SecurityEvent): StoredEvent {
  return {
    occurredAtMs: Date.parse(event.occurred_at),
    rayId: event.ray_id,
    body: JSON.stringify(event),
  }
}

function isAskedFor(event: SecurityEvent, query: EventQuery): boolean {
  return (
    (query.action === undefined || query.action === event.action) &&
    (query.source === undefined || query.source === event.source)
  )
}

function shardOf(rayId: string): number {
  let hash = 0
  for (let i = 0; i < rayId.length; i++) hash = (hash * 31 + rayId.charCodeAt(i)) >>> 0
  return hash % SHARDS
}
