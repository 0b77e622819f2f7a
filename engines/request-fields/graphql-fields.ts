/**
 * The fields `cf.api_gateway.graphql.*` and `cf.portcullis.graphql.*`. Of a request that is not GraphQL only `detected` has a
 * value; of one that cannot be measured, only what says so.
 */
import { fieldIndex, type Value } from '#engines/expressions'
import type { GraphqlMeasurement } from '#engines/graphql'

const DETECTED = 'cf.portcullis.graphql.detected'
const PARSED = 'cf.api_gateway.graphql.parsed_successfully'
const FAILURE = 'cf.portcullis.graphql.failure'
const REGISTERED = 'cf.portcullis.graphql.is_registered'

type Reader = (measured: GraphqlMeasurement) => Value | null

/** Field → what a measurement has for it; null is missing. Counts that fragments multiply are taken with spreads expanded. */
const MEASURED: { readonly [field: string]: Reader } = {
  'cf.api_gateway.graphql.query_depth': (m) => m.query_depth,
  'cf.api_gateway.graphql.query_size': (m) => m.query_size,
  'cf.portcullis.graphql.aliases': (m) => m.aliases_expanded,
  'cf.portcullis.graphql.arguments': (m) => m.arguments,
  'cf.portcullis.graphql.batch_size': (m) => m.batch_size,
  'cf.portcullis.graphql.cost': (m) => m.query_cost,
  'cf.portcullis.graphql.directives': (m) => m.directives_expanded,
  'cf.portcullis.graphql.fields': (m) => m.fields_expanded,
  'cf.portcullis.graphql.fragments': (m) => m.fragments,
  'cf.portcullis.graphql.is_introspection': (m) => m.introspection,
  'cf.portcullis.graphql.operation_name': (m) => m.operation_name,
  'cf.portcullis.graphql.operation_type': (m) => m.operation_type,
  'cf.portcullis.graphql.operations': (m) => m.operation_count,
  'cf.portcullis.graphql.query_size_max': (m) => m.query_size_max,
  'cf.portcullis.graphql.root_fields': (m) => m.root_fields,
  'cf.portcullis.graphql.tokens': (m) => m.tokens,
}

export const GRAPHQL_FIELDS: readonly string[] = [
  DETECTED,
  PARSED,
  FAILURE,
  REGISTERED,
  ...Object.keys(MEASURED),
]

const READERS = Object.entries(MEASURED).map(([field, read]) => ({
  index: fieldIndex(field),
  read,
}))
const DETECTED_INDEX = fieldIndex(DETECTED)
const PARSED_INDEX = fieldIndex(PARSED)
const FAILURE_INDEX = fieldIndex(FAILURE)
const REGISTERED_INDEX = fieldIndex(REGISTERED)

/** What was seen of a request. */
export type SeenGraphql =
  | { readonly kind: 'not_graphql' }
  | { readonly kind: 'unparsed'; readonly reason: string; readonly isRegistered: boolean }
  | {
      readonly kind: 'measured'
      readonly measurement: GraphqlMeasurement
      readonly isRegistered: boolean
    }

/** By field index. */
export function graphqlFields(seen: SeenGraphql): ReadonlyMap<number, Value> {
  if (seen.kind === 'not_graphql') return new Map([[DETECTED_INDEX, false]])
  const fields = new Map<number, Value>([
    [DETECTED_INDEX, true],
    [PARSED_INDEX, seen.kind === 'measured'],
    [REGISTERED_INDEX, seen.isRegistered],
  ])
  if (seen.kind === 'unparsed') return fields.set(FAILURE_INDEX, seen.reason)
  for (const { index, read } of READERS) {
    const value = read(seen.measurement)
    if (value !== null) fields.set(index, value)
  }
  return fields
}
