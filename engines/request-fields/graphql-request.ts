/**
 * What a request carries that may be GraphQL, for the engine to measure: its method, its body or the one part of it, its query
 * string. Whatever hides documents from a reader of UTF-8 is refused by name, because servers may read it.
 */
import type { GraphqlReason, GraphqlRequest } from '#engines/graphql'
import { boundaryOf, MULTIPART_LIMITS, type MultipartError, readParts } from '#engines/multipart'
import { err, ok, type Result } from '#engines/result'
import type { RequestFacts } from './facts.ts'

/** Why a request has no measure: the engine's reasons, and those of whoever hands it the request. */
export type UnparsedReason =
  | GraphqlReason
  /** The body is over the inspection bound. */
  | 'too_large'
  | 'charset_not_utf8'
  | 'websocket'
  | (typeof MULTIPART_REASONS)[MultipartError]
  | 'operations_missing'
  | 'operations_twice'
  /** There is a hash in place of a document, and it is that of no registered one. */
  | 'query_not_registered'
  | 'query_not_sent'

const MULTIPART_REASONS = {
  malformed: 'multipart_malformed',
  too_many_parts: 'multipart_too_many_parts',
  header_too_large: 'multipart_header_too_large',
} as const satisfies { readonly [error in MultipartError]: string }

type Facts = Pick<RequestFacts, 'method' | 'query' | 'header'>

/** A body up to the inspection bound. */
export type SentBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | { readonly kind: 'too_large' }

/** Whether GraphQL is spoken under a path as Cloudflare finds it; servers commonly ignore case and a slash at the end. */
export function isUsualGraphqlPath(path: string): boolean {
  return /\/graphql\/*$/i.test(withoutMatrixParameters(path))
}

/** RFC 3986 §3.3: some servers route by what stands before the semicolon of a segment. */
export function withoutMatrixParameters(path: string): string {
  return path.includes(';') ? path.replaceAll(/;[^/]*/g, '') : path
}

/** Whether a request at a place where GraphQL is spoken is one; `isConfigured`: an operator
 * named the place, or said that nothing but registered documents runs. */
export function isGraphqlRequest({ method, query, header }: Facts, isConfigured: boolean): boolean {
  switch (method) {
    case 'POST':
      return true
    case 'GET':
    case 'HEAD':
      if (isWebSocket(header)) return true
      // A page of documentation may be under the same path.
      return isConfigured ? query !== '' : PARAMETERS.some((name) => hasParameter(query, name))
    case 'OPTIONS':
      return false
    default:
      return isConfigured
  }
}

const PARAMETERS = ['query', 'extensions']

function hasParameter(query: string, name: string): boolean {
  return query !== '' && new URLSearchParams(query).has(name)
}

function isWebSocket(header: Facts['header']): boolean {
  return header('upgrade')?.toLowerCase().includes('websocket') === true
}

export function graphqlRequestOf(
  { method: sentMethod, query, header }: Facts,
  body: SentBody,
): Result<GraphqlRequest, UnparsedReason> {
  if (isWebSocket(header)) return err('websocket')
  // A server that answers HEAD does so by way of GET (RFC 9110 §9.3.2).
  const method = sentMethod === 'HEAD' ? 'GET' : sentMethod
  const contentType = header('content-type')
  if (method !== 'POST') return ok({ method, contentType, query, body: null })
  if (!isUtf8(contentType)) return err('charset_not_utf8')
  if (body.kind === 'too_large') return err('too_large')
  const bytes = body.kind === 'none' ? null : body.bytes
  if (bytes === null || contentType === null || !/^\s*multipart\//i.test(contentType)) {
    return ok({ method, contentType, query, body: bytes })
  }
  const operations = operationsOf(bytes, contentType)
  if (!operations.ok) return operations
  return ok({ method, contentType, query, body: operations.value })
}

/** Text of another charset may say one thing to us and another to a server that decodes it: UTF-7 hides any character. */
function isUtf8(contentType: string | null): boolean {
  const charsets = contentType?.toLowerCase().match(/charset\*?\s*=\s*[^;]*/g) ?? []
  return charsets.every((charset) => /^charset\s*=\s*"?(?:utf-?8|us-ascii)"?\s*$/.test(charset))
}

/** https://github.com/jaydenseric/graphql-multipart-request-spec: one field of this name, and it is no file. */
function operationsOf(bytes: Uint8Array, contentType: string): Result<Uint8Array, UnparsedReason> {
  const parts = readParts(bytes, boundaryOf(contentType), MULTIPART_LIMITS)
  if (!parts.ok) return err(MULTIPART_REASONS[parts.error])
  const named = parts.value.filter(({ name }) => name.toLowerCase() === 'operations')
  const [operations] = named
  if (operations === undefined) return err('operations_missing')
  if (named.length > 1) return err('operations_twice')
  if (operations.isFile) return err('operations_missing')
  return isUtf8(operations.contentType) ? ok(operations.content) : err('charset_not_utf8')
}
