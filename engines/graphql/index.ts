/** The door of `graphql`. */
export { type GraphqlLimits, graphqlLimits } from './limits.ts'
export { createGraphqlMeasurer, type GraphqlDescription, type GraphqlMeasurer } from './measure.ts'
export type { GraphqlMeasurement, OperationFigures, OperationType } from './measurement.ts'
export { GRAPHQL_REASONS, type GraphqlReason } from './reasons.ts'
export type { GraphqlRequest } from './transport.ts'
