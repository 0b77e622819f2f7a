/**
 * How long the origin takes over GraphQL queries, by what they ask for, in the last thirty days: whether size, depth or cost
 * tells what is dear, and from where on. Times are those until the response headers came, of what the origin took.
 */
import { bandsOf, correlationOf, pairsOf, quantile, type Relation } from '#engines/histograms'
import { ok } from '#engines/result'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'
import { costsFromDay, operationIdsAt } from './seen.ts'

/** The places with the most requests first. */
export async function listResponseTimes({ ports }: Call): Promise<Outcome> {
  await ports.flushGraphqlUse()
  const places = await ports.graphqlUses.readTimes({
    placesMax: LIMITS.graphqlResponseTimesMax,
    costsFromDay: await costsFromDay(ports),
  })
  const { documents } = await ports.zone.read({ operation: 'all' })
  const result = places
    .toSorted((a, b) => pairsOf(b.times.query_size) - pairsOf(a.times.query_size))
    .slice(0, LIMITS.graphqlResponseTimesMax)
    .map(({ host, path, times: { query_size, query_depth, query_cost } }) => ({
      operation_ids: operationIdsAt({ host, path }, documents.operation),
      host,
      path,
      query_size: figures(query_size),
      query_depth: figures(query_depth),
      query_cost: pairsOf(query_cost) === 0 ? null : figures(query_cost),
    }))
  return ok({ result })
}

function figures(relation: Relation) {
  return {
    requests: pairsOf(relation),
    correlation: rounded(correlationOf(relation)),
    buckets: bandsOf(relation).map(({ lower, upper, seconds }) => ({
      lower,
      upper,
      requests: seconds.total,
      p50_ms: quantile(seconds, 0.5),
      p90_ms: quantile(seconds, 0.9),
      p99_ms: quantile(seconds, 0.99),
    })),
  }
}

function rounded(coefficient: number | null): number | null {
  return coefficient === null ? null : Math.round(coefficient * 1_000) / 1_000
}
