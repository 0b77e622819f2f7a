/**
 * Where a request carries its documents: by method, content type and URL. A document in the URL of a POST counts as well,
 * since servers look there (express-graphql even first); one in each place is refused.
 */
import { err, ok, type Result } from '#engines/result'
import type { GraphqlLimits } from './limits.ts'
import type { GraphqlReason } from './reasons.ts'

export type GraphqlRequest = {
  readonly method: string
  /** The header as sent; null when it is absent. */
  readonly contentType: string | null
  /** The URL's query string without the question mark. */
  readonly query: string
  /** Of `multipart/form-data`, the part named `operations`; null without a body. */
  readonly body: Uint8Array | null
}

export type Carried = {
  readonly bytes: Uint8Array
  readonly isJson: boolean
  /** The URL names the operation: the name, or null for the one that a raw body leaves open; undefined when JSON decides. */
  readonly operationName: string | null | undefined
}

/** Finds the document and what belongs to it; what a URL carries becomes the JSON that it stands for. */
export function findDocument(
  request: GraphqlRequest,
  limits: GraphqlLimits,
): Result<Carried, GraphqlReason> {
  const { method, query, body } = request
  if (method !== 'POST' && method !== 'GET') return err('unsupported_method')
  const inUrl = query === '' ? undefined : new URLSearchParams(query)
  if (method === 'GET') return fromParameters(inUrl ?? new URLSearchParams())
  const hasUrlDocument = inUrl?.has('query') === true || inUrl?.has('extensions') === true
  if (body === null || body.length === 0) {
    return inUrl !== undefined && hasUrlDocument ? fromParameters(inUrl) : err('body_missing')
  }
  if (hasUrlDocument) return err('ambiguous_query')
  if (body.length > limits.bodyBytesMax) return err('body_too_large')
  const kind = kindOf(request.contentType)
  if (kind === undefined) return err('unsupported_content_type')
  if (kind === 'form') return fromParameters(new URLSearchParams(new TextDecoder().decode(body)))
  const urlName = inUrl?.get('operationName') ?? null
  if (kind === 'raw') return ok({ bytes: body, isJson: false, operationName: urlName })
  // A name in the URL and perhaps another one in JSON: servers differ, so neither counts.
  return ok({ bytes: body, isJson: true, operationName: urlName === null ? undefined : null })
}

/** By media type, parameters left out; what ends in `+json` is JSON as well (RFC 6839 §3.1). */
const KINDS: ReadonlyMap<string, 'json' | 'raw' | 'form'> = new Map([
  ['application/json', 'json'],
  ['multipart/form-data', 'json'],
  ['application/graphql', 'raw'],
  ['application/x-www-form-urlencoded', 'form'],
])

function kindOf(contentType: string | null): 'json' | 'raw' | 'form' | undefined {
  if (contentType === null) return undefined
  const semicolon = contentType.indexOf(';')
  const mediaType = semicolon < 0 ? contentType : contentType.slice(0, semicolon)
  const known = KINDS.get(mediaType)
  if (known !== undefined) return known
  const plain = mediaType.trim().toLowerCase()
  return KINDS.get(plain) ?? (plain.endsWith('+json') ? 'json' : undefined)
}

const TEXTS = ['query', 'operationName']
const JSONS = ['variables', 'extensions']

/** GraphQL over HTTP, section 6.1: two parameters are text and two are JSON. */
function fromParameters(parameters: URLSearchParams): Result<Carried, GraphqlReason> {
  const request: { [name: string]: unknown } = {}
  for (const name of [...TEXTS, ...JSONS]) {
    const values = parameters.getAll(name)
    if (values.length > 1) return err('duplicate_member')
    const [value] = values
    if (value === undefined) continue
    const read = TEXTS.includes(name) ? ok(value) : readJson(value)
    if (!read.ok) return read
    request[name] = read.value
  }
  const bytes = new TextEncoder().encode(JSON.stringify(request))
  return ok({ bytes, isJson: true, operationName: undefined })
}

function readJson(text: string): Result<unknown, GraphqlReason> {
  try {
    const value: unknown = JSON.parse(text)
    return ok(value)
  } catch {
    // JSON.parse has no other way to say so.
    return err('invalid_json')
  }
}
