/**
 * Adds up in this isolate what GraphQL queries asked for, and how long they took, until it is worth a call to storage: one a
 * delay, however many come. Bounded in places; what this isolate holds when its process dies is lost.
 */
import { EMPTY_HISTOGRAM, withPair, withValue } from '#engines/histograms'
import { logFailure } from '../log.ts'
import { type GraphqlObserved, type GraphqlTimes, NO_TIMES } from '../storage/graphql-use.ts'
import type { GraphqlUseStore } from '../storage/ports.ts'
import type { AnsweredGraphql } from './graphql-observation.ts'
import { GATEWAY_LIMITS } from './limits.ts'

/** How long a first observation waits for company. */
const DELAY_MS = 5_000

/** A flush that has not begun by then was lost with the request that was to do it. */
const LOST_AFTER_MS = 15_000

const DAY_MS = 86_400_000

export type GraphqlUseBuffer = {
  add(answered: AnsweredGraphql, nowMs: number): void
  /** Sends what is there after a while; `null` when another request is about to. Give it to `waitUntil`. */
  flushSoon(nowMs: number): Promise<void> | null
  flush(): Promise<void>
}

export function createGraphqlUseBuffer(
  store: Pick<GraphqlUseStore, 'record'>,
  wait: (ms: number) => Promise<unknown>,
): GraphqlUseBuffer {
  const held = new Map<string, GraphqlObserved>()
  let scheduledAtMs: number | null = null

  async function flush(): Promise<void> {
    scheduledAtMs = null
    if (held.size === 0) return
    const uses = [...held.values()]
    held.clear()
    try {
      await store.record(uses)
    } catch (cause) {
      logFailure('graphql_use_not_stored', cause, { places: uses.length })
    }
  }

  return {
    add(answered, nowMs) {
      const { place } = answered
      const day = Math.floor(nowMs / DAY_MS)
      const key = `${day}\n${place.host}\n${place.path}`
      const use = held.get(key)
      if (use === undefined && !hasRoom(held.size, place.path)) return
      held.set(key, added(use ?? { ...NOTHING, ...place, day }, answered))
    },
    flushSoon(nowMs) {
      if (held.size === 0) return null
      if (scheduledAtMs !== null && nowMs - scheduledAtMs < LOST_AFTER_MS) return null
      scheduledAtMs = nowMs
      return wait(DELAY_MS).then(flush)
    },
    flush,
  }
}

/** Where no endpoint is configured, paths are a stranger's. */
function hasRoom(places: number, path: string): boolean {
  const { graphqlPlacesMax, eventTextCharactersMax } = GATEWAY_LIMITS
  return places < graphqlPlacesMax && path.length <= eventTextCharactersMax
}

const NOTHING = {
  requests: 0,
  unparsed: 0,
  sizes: EMPTY_HISTOGRAM,
  depths: EMPTY_HISTOGRAM,
  costs: EMPTY_HISTOGRAM,
  times: NO_TIMES,
} as const

function added(use: GraphqlObserved, { figures, originMs }: AnsweredGraphql): GraphqlObserved {
  const requests = use.requests + 1
  if (figures === null) return { ...use, requests, unparsed: use.unparsed + 1 }
  // Weights may be fractions.
  const query_cost = figures.query_cost === null ? null : Math.ceil(figures.query_cost)
  return {
    ...use,
    requests,
    sizes: withValue(use.sizes, figures.query_size),
    depths: withValue(use.depths, figures.query_depth),
    costs: query_cost === null ? use.costs : withValue(use.costs, query_cost),
    times: withTime(use.times, { ...figures, query_cost }, originMs),
  }
}

function withTime(
  times: GraphqlTimes,
  { query_size, query_depth, query_cost }: NonNullable<AnsweredGraphql['figures']>,
  originMs: number,
): GraphqlTimes {
  return {
    query_size: withPair(times.query_size, { x: query_size, y: originMs }),
    query_depth: withPair(times.query_depth, { x: query_depth, y: originMs }),
    query_cost:
      query_cost === null
        ? times.query_cost
        : withPair(times.query_cost, { x: query_cost, y: originMs }),
  }
}
