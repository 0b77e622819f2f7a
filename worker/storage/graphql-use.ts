/** How much GraphQL queries ask for, in counts: what thresholds are recommended from. Nothing of a query itself is kept. */
import type { Histogram } from '#engines/histograms'

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
}
