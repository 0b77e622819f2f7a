/** What is known of a GraphQL request after one pass: fields for rules, in the names that the command line and the rules language use. */
import type { OPERATION_TYPES } from './definitions.ts'
import type { GraphqlReason } from './reasons.ts'

export type OperationType = (typeof OPERATION_TYPES)[number]

/** Figures of all documents of a request; everything is 0, null or false when `parsed_successfully` is false. */
export type GraphqlMeasurement = {
  readonly parsed_successfully: boolean
  /** Why it is not parsed, and the byte of the body, or of the decoded document in a URL. */
  readonly reason: GraphqlReason | null
  readonly offset: number | null
  /** Leaf fields of the operation that runs, spreads expanded; of a batch, the sum. At most 2^52, which an endless query has. */
  readonly query_size: number
  /** Of the deepest leaf of the operation that runs, spreads expanded: `{hero{name}}` is 1. Of a batch, the deepest. */
  readonly query_depth: number
  readonly query_size_unexpanded: number
  readonly query_depth_unexpanded: number
  /** The largest `query_size` of a batch. */
  readonly query_size_max: number
  /** Requests in the body: 1 without a batch. */
  readonly batch_size: number
  /** Of a batch, `mutation` when any of its requests is one, or else the first. */
  readonly operation_type: OperationType | null
  readonly operation_name: string | null
  /** As written, in whole documents. */
  readonly fields: number
  readonly aliases: number
  readonly directives: number
  readonly arguments: number
  readonly fragments: number
  readonly spreads: number
  readonly operation_count: number
  readonly tokens: number
  /** Of the operation that runs, spreads expanded. */
  readonly fields_expanded: number
  readonly aliases_expanded: number
  readonly directives_expanded: number
  readonly root_fields: number
  /** The operation that runs asks for `__schema` or `__type`. */
  readonly introspection: boolean
  /** The operation that runs uses a fragment that contains itself, which servers refuse. */
  readonly fragment_cycle: boolean
  /** Static cost of the operation that runs, of a batch the sum; null when no schema was given. */
  readonly query_cost: number | null
  /** Requests of the body that carry a document; the others name a registered one. */
  readonly document_count: number
  /** SHA-256 of registered documents, in lower case: one for each request that names one. */
  readonly persisted_query_hashes: readonly string[]
}

/** One operation of a document, as written and with spreads expanded. */
export type OperationFigures = {
  readonly name: string | null
  readonly type: OperationType
  readonly leaves_unexpanded: number
  readonly leaves_expanded: number
  readonly depth_unexpanded: number
  readonly depth_expanded: number
}

export const NOTHING_MEASURED: GraphqlMeasurement = {
  parsed_successfully: false,
  reason: null,
  offset: null,
  query_size: 0,
  query_depth: 0,
  query_size_unexpanded: 0,
  query_depth_unexpanded: 0,
  query_size_max: 0,
  batch_size: 0,
  operation_type: null,
  operation_name: null,
  fields: 0,
  aliases: 0,
  directives: 0,
  arguments: 0,
  fragments: 0,
  spreads: 0,
  operation_count: 0,
  tokens: 0,
  fields_expanded: 0,
  aliases_expanded: 0,
  directives_expanded: 0,
  root_fields: 0,
  introspection: false,
  fragment_cycle: false,
  query_cost: null,
  document_count: 0,
  persisted_query_hashes: [],
}
