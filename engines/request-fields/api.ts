/**
 * Fields about the API itself that cost nothing to know. A session that a token's claim identifies is not seen here: where
 * one is configured, a detector fills the field in its place.
 */
import type { FieldReader } from './field-source.ts'
import { sessionOf } from './session.ts'

export const API_FIELDS: { readonly [field: string]: FieldReader } = {
  'cf.api_gateway.fallthrough_detected': (x) => x.operation === null,
  'cf.api_gateway.auth_id_present': (x) => sessionOf(x, () => null) !== null,
}
