/** GraphqlUseStore over the Traffic shards: all counts of a place are in one, and a reading asks them all. */
import { EMPTY_HISTOGRAM, type Histogram } from '#engines/histograms'
import type { GraphqlTimes } from '../graphql-use.ts'
import { parseOwn } from '../own.ts'
import type { GraphqlUseStore } from '../ports.ts'
import type { Traffic } from './traffic.ts'
import { trafficShards } from './traffic-shards.ts'

export function createGraphqlUseStore(
  namespace: DurableObjectNamespace<Traffic>,
  zoneId: string,
): GraphqlUseStore {
  const shards = trafficShards(namespace, zoneId)
  return {
    async record(uses) {
      const byPlace = Map.groupBy(uses, ({ host, path }) => `${host}\n${path}`)
      await Promise.all(
        Array.from(byPlace, ([place, ofPlace]) => shards.of(place).recordGraphqlUse(ofPlace)),
      )
    },
    async read() {
      const read = await Promise.all(shards.all().map((shard) => shard.readGraphqlUse()))
      return read.flat().map(({ sizes, depths, costs, ...rest }) =>
        Object.assign(rest, {
          sizes: parseOwn<Histogram>(sizes),
          depths: parseOwn<Histogram>(depths),
          costs: costs === null ? EMPTY_HISTOGRAM : parseOwn<Histogram>(costs),
        }),
      )
    },
    async readTimes(query) {
      const read = await Promise.all(shards.all().map((shard) => shard.readGraphqlTimes(query)))
      return read
        .flat()
        .map(({ host, path, times }) => ({ host, path, times: parseOwn<GraphqlTimes>(times) }))
    },
  }
}
