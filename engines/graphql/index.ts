/** The door of `graphql`. */
export {
  compileCostSchema,
  type CostSchema,
  type CostSettings,
  costSettings,
} from './cost-schema.ts'
export { type GraphqlLimits, graphqlLimits } from './limits.ts'
export {
  createGraphqlMeasurer,
  type GraphqlDescription,
  type GraphqlMeasurer,
  type MeasureOptions,
} from './measure.ts'
export type { GraphqlMeasurement, OperationType } from './measurement.ts'
export { GRAPHQL_REASONS, type GraphqlReason } from './reasons.ts'
export type { SdlError } from './sdl-tokens.ts'
export type { GraphqlRequest } from './transport.ts'
