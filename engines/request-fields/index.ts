/** Requests as the rules language sees them: everything that fills a field without a detector. */
export { BODY_FIELDS, bodyFields } from './body-fields.ts'
export { networkOf } from './client-network.ts'
export type { RequestFacts } from './facts.ts'
export { createFieldSource } from './field-source.ts'
export { GRAPHQL_FIELDS, graphqlFields, type SeenGraphql } from './graphql-fields.ts'
export {
  graphqlRequestOf,
  isGraphqlRequest,
  isUsualGraphqlPath,
  type UnparsedReason,
  withoutMatrixParameters,
} from './graphql-request.ts'
export { canonicalHost } from './host.ts'
export { INSPECTION_LIMITS } from './limits.ts'
export { memberOf, textOf } from './members.ts'
export { pathVariablesOf } from './path-variables.ts'
export { responseFields } from './response-fields.ts'
export { sessionOf } from './session.ts'
export { SESSION_FIELDS, SESSION_HISTORY_FIELDS } from './session-fields.ts'
export { SCHEMA_FIELDS, schemaFields } from './schema-fields.ts'
export { oneSpelling, spellingOf } from './spelling.ts'
