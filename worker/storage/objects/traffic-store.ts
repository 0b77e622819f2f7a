/** EventStore over the Traffic shards: a batch goes to one shard, a reading merges all of them. */
import type { SecurityEvent } from '../events.ts'
import { parseOwn } from '../own.ts'
import type { EventStore } from '../ports.ts'
import type { StoredEvent, Traffic } from './traffic.ts'
import { trafficShards } from './traffic-shards.ts'

export function createEventStore(
  namespace: DurableObjectNamespace<Traffic>,
  zoneId: string,
): EventStore {
  const shards = trafficShards(namespace, zoneId)
  return {
    async record(events) {
      const first = events[0]
      if (first === undefined) return
      await shards.of(first.ray_id).recordEvents(events.map(stored))
    },
    async list({ limit, ray_id = null, action = null, source = null }) {
      const query = { limit, rayId: ray_id, action, source }
      const read = await Promise.all(shards.all().map((shard) => shard.readEvents(query)))
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
