/** How what traffic leaves behind is spread over the Traffic objects of a zone. */
import type { Traffic } from './traffic.ts'

/** More shards take more writes a second and make a reading dearer. */
const SHARDS = 4

export type TrafficShards = {
  /** The shard of a key, always the same. */
  of(key: string): DurableObjectStub<Traffic>
  all(): readonly DurableObjectStub<Traffic>[]
}

export function trafficShards(
  namespace: DurableObjectNamespace<Traffic>,
  zoneId: string,
): TrafficShards {
  // A stub belongs to the request that made it, so each call makes its own.
  const shard = (number: number) => namespace.getByName(`${zoneId}:${number}`)
  return {
    of: (key) => shard(numberOf(key)),
    all: () => Array.from({ length: SHARDS }, (_, number) => shard(number)),
  }
}

function numberOf(key: string): number {
  let hash = 0
  for (let i = 0; i < key.length; i++) hash = (hash * 31 + key.charCodeAt(i)) >>> 0
  return hash % SHARDS
}
