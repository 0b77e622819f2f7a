/**
 * How much GraphQL queries ask for and how long the origin takes over them, in counts: what thresholds are recommended from.
 * Nothing of a query itself is kept.
 */
import { EMPTY_RELATION, type Histogram, mergedRelations, type Relation } from '#engines/histograms'

/** Queries at one place on one day. */
export type GraphqlUse = {
  /** Days since 1970, UTC. */
  readonly day: number
  readonly host: string
  /** May be a template. */
  readonly path: string
  /** Queries that the origin answered, those that could not be measured included. */
  readonly requests: number
  readonly unparsed: number
  readonly sizes: Histogram
  readonly depths: Histogram
  /** Of queries that came while there was a schema to count costs by; rounded up. */
  readonly costs: Histogram
}

/** Milliseconds until the origin's response headers came, by what the query asked for. */
export type GraphqlTimes = {
  readonly query_size: Relation
  readonly query_depth: Relation
  /** As `costs`. */
  readonly query_cost: Relation
}

/** What the data plane adds up. */
export type GraphqlObserved = GraphqlUse & { readonly times: GraphqlTimes }

/** Of all days together. */
export type GraphqlPlaceTimes = Pick<GraphqlUse, 'host' | 'path'> & { readonly times: GraphqlTimes }

export const NO_TIMES: GraphqlTimes = {
  query_size: EMPTY_RELATION,
  query_depth: EMPTY_RELATION,
  query_cost: EMPTY_RELATION,
}

export function mergedTimes(one: GraphqlTimes, other: GraphqlTimes): GraphqlTimes {
  return {
    query_size: mergedRelations(one.query_size, other.query_size),
    query_depth: mergedRelations(one.query_depth, other.query_depth),
    query_cost: mergedRelations(one.query_cost, other.query_cost),
  }
}
