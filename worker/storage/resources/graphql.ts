/** What a zone stores about GraphQL, in the shapes that the management API prints. */

/** Where GraphQL is spoken, with whatever method. */
export type GraphqlEndpoint = {
  /** Templates, as those of operations. */
  readonly host: string
  readonly path: string
  /** The operation that it was taken from. Deleting that one does not take the protection away. */
  readonly operation_id?: string
}

export type GraphqlSettings = {
  /** None: every path that ends in `/graphql`. */
  readonly endpoints: readonly GraphqlEndpoint[]
  /** A leaf in the root selection set has the depth 1 instead of 0. */
  readonly depth_counts_root: boolean
  /** What a request leads to that cannot be measured. `null`: what the rules and the endpoints ask for (graphql-mitigation.ts). */
  readonly unparsed_action: 'none' | 'log' | 'block' | null
  /** `allow`: a registered document may be named by its hash alone. `only`: nothing else runs. */
  readonly persisted_queries: 'off' | 'allow' | 'only'
  readonly variables: {
    /** Bytes of the variables of a request, all those of a batch together. */
    readonly bytes_max: number
    /** Levels of lists and objects of the JSON body, of which the variables are the third level and below. */
    readonly depth_max: number
  }
}

/** What costs are counted by. The zone has one. */
export type GraphqlSchema = {
  /** In the schema definition language, with `@cost` and `@listSize`. */
  readonly schema: string
  /** Length of a list of which neither directive nor argument tells it. */
  readonly default_list_size: number
  /** What a mutation costs by itself. */
  readonly mutation_cost: number
  readonly created_at: string
}

/** What holds before somebody says otherwise. */
export const DEFAULT_GRAPHQL_SETTINGS: GraphqlSettings = {
  endpoints: [],
  depth_counts_root: false,
  unparsed_action: null,
  persisted_queries: 'off',
  variables: { bytes_max: 131_072, depth_max: 64 },
}

/** A document that clients may name by its hash. */
export type GraphqlDocument = {
  /** Of its UTF-8, in lower-case hex; also its id. */
  readonly sha256: string
  readonly query: string
  /** Of its UTF-8. */
  readonly bytes: number
  readonly created_at: string
}
