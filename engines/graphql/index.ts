/** GraphQL requests measured where they lie: size, depth, cost. */
export { compileCostSchema, type CostSchema, costSettings } from './cost-schema.ts'
export { type GraphqlLimits, graphqlLimits } from './limits.ts'
export { createGraphqlMeasurer, type GraphqlDescription, type GraphqlMeasurer } from './measure.ts'
export type { GraphqlMeasurement } from './measurement.ts'
export { GRAPHQL_REASONS, type GraphqlReason } from './reasons.ts'
export type { GraphqlRequest } from './transport.ts'
