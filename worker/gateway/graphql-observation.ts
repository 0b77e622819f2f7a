/** What is remembered of a GraphQL request that was let through: where it asked, and how much. Never what it asked for. */
import type { GraphqlPlace } from './graphql-settings.ts'

export type GraphqlObservation = {
  readonly place: GraphqlPlace
  /** `null` when it could not be measured. */
  readonly figures: {
    readonly query_size: number
    readonly query_depth: number
    /** `null` where no schema says what queries cost. */
    readonly query_cost: number | null
  } | null
}

/** Together with how long the origin took, in milliseconds. */
export type AnsweredGraphql = GraphqlObservation & { readonly originMs: number }
