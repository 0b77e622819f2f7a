/**
 * Bounds on what a GraphQL request may make us do. All of them hold for a whole request, so that a batch is not a way around
 * them: at these figures the most expensive request that is refused costs less than a millisecond. They bound work and
 * protect this engine; what a query may ask of the origin is for rules over `query_size` and `query_depth` to say.
 */
export type GraphqlLimits = {
  /** A longer body is refused before it is looked at. At most 8 MiB count. */
  readonly bodyBytesMax: number
  /** Bytes of all variables as they lie in the body. */
  readonly variablesBytesMax: number
  /** Objects and lists of the JSON body inside one another. */
  readonly jsonDepthMax: number
  /** Values in the JSON body, members and elements alike. */
  readonly jsonValuesMax: number
  /** Elements of a batch. */
  readonly batchMax: number
  /** Lexical tokens of all documents. */
  readonly tokensMax: number
  readonly fieldsMax: number
  readonly aliasesMax: number
  readonly directivesMax: number
  readonly argumentsMax: number
  /** Selection sets inside one another; also lists and objects of a value, and brackets of a type. */
  readonly nestingMax: number
  readonly operationsMax: number
  readonly fragmentsMax: number
  /** Uses of named fragments. */
  readonly spreadsMax: number
  /** What is rare and dear: escapes, comments, members beside ours, steps of the search for a fragment's name. */
  readonly stepsMax: number
}

export const graphqlLimits: GraphqlLimits = {
  bodyBytesMax: 256 * 1024,
  variablesBytesMax: 128 * 1024,
  jsonDepthMax: 64,
  jsonValuesMax: 10_000,
  batchMax: 100,
  tokensMax: 20_000,
  fieldsMax: 10_000,
  aliasesMax: 2_000,
  directivesMax: 2_000,
  argumentsMax: 5_000,
  nestingMax: 4_096,
  operationsMax: 1_000,
  fragmentsMax: 500,
  spreadsMax: 2_000,
  stepsMax: 20_000,
}
