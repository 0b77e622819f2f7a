/** EventStore over the Traffic shards: a batch goes to one shard, a reading merges all of them. */
import type { SecurityEvent } from '../events.ts'
import { parseOwn } from '../own.ts'
import type { EventStore } from '../ports.ts'
import type { StoredEvent, Traffic } from './traffic.ts'

/** More shards take more writes a second and make a reading dearer. */
const SHARDS = 4

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
    async list({ limit, ray_id = null, action = null, source = null }) {
      const query = { limit, rayId: ray_id, action, source }
      const read = await Promise.all(
        Array.from({ length: SHARDS }, (_, number) => shard(number).readEvents(query)),
      )
      return read
        .flat()
        .sort((a, b) => b.occurredAtMs - a.occurredAtMs)
        .slice(0, limit)
        .map((event) => Object.assign({}, ABSENT_FROM_OLD, parseOwn<SecurityEvent>(event.body)))
    },
  }
}

/** What events had not yet when an older release stored them. */
const ABSENT_FROM_OLD: Pick<SecurityEvent, 'session_id'> = { session_id: null }

function stored(event: SecurityEvent): StoredEvent {
  return {
    occurredAtMs: Date.parse(event.occurred_at),
    rayId: event.ray_id,
    action: event.action,
    source: event.source,
    body: JSON.stringify(event),
  }
}

function shardOf(rayId: string): number {
  let hash = 0
  for (let i = 0; i < rayId.length; i++) hash = (hash * 31 + rayId.charCodeAt(i)) >>> 0
  return hash % SHARDS
}
