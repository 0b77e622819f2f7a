/**
 * Fields about the API itself that cost nothing to know. A session that a token's claim identifies is not seen here: where
 * one is configured, a detector fills the field in its place.
 */
import type { EntryReader, FieldReader } from './field-source.ts'
import { pathVariableOf, pathVariablesOf } from './path-variables.ts'
import { sessionOf } from './session.ts'

const PATH_VARIABLES = 'cf.portcullis.path_variables'

export const API_FIELDS: { readonly [field: string]: FieldReader } = {
  'cf.api_gateway.fallthrough_detected': (x) => x.operation === null,
  'cf.api_gateway.auth_id_present': (x) => sessionOf(x, () => null) !== null,
  'cf.portcullis.operation_id': (x) => x.operation?.operation.operation_id,
  [PATH_VARIABLES]: (x) => (x.operation === null ? undefined : pathVariablesOf(x.operation)),
}

export const API_ENTRIES: { readonly [field: string]: EntryReader } = {
  [PATH_VARIABLES]: (x, key) =>
    x.operation === null ? undefined : pathVariableOf(x.operation, key),
}
