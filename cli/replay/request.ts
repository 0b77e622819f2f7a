/** A recorded request as the readers of fields and the validators of schemas see it. */
import { normalizePath } from '#engines/paths'
import { canonicalHost, type RequestFacts } from '#engines/request-fields'
import { headerOf, type RecordedRequest } from '#engines/traffic'

/** What the fields need except what the zone knows. */
export type ReplayedRequest = Omit<RequestFacts, 'operation' | 'sessionIdentifiers'> & {
  readonly body: RecordedBody
}

type RecordedBody =
  | { readonly kind: 'none' }
  | { readonly kind: 'text'; readonly text: string }
  /** One was sent, and the recording does not have it. */
  | { readonly kind: 'not_recorded' }

/** `defaultHost` stands in where the recording does not know the host. */
export function openRecorded(recorded: RecordedRequest, defaultHost: string): ReplayedRequest {
  const { url, method, request_headers, time_ms, client_ip } = recorded
  const target = splitUrl(url)
  const queryMark = target.pathAndQuery.indexOf('?')
  const rawPath = queryMark === -1 ? target.pathAndQuery : target.pathAndQuery.slice(0, queryMark)
  const header = (name: string): string | null => headerOf(request_headers, name) ?? null
  return {
    method,
    scheme: target.scheme,
    host: canonicalHost(header('host') ?? target.authority ?? defaultHost),
    rawPath: rawPath || '/',
    path: normalizePath(rawPath || '/'),
    query: queryMark === -1 ? '' : target.pathAndQuery.slice(queryMark + 1),
    rayId: '',
    clientIp: client_ip ?? '',
    nowMs: Math.floor(time_ms),
    cf: {},
    header,
    headers: () => Object.entries(request_headers),
    body: bodyOf(recorded),
  }
}

type Target = {
  readonly scheme: string
  readonly authority: string | null
  readonly pathAndQuery: string
}

/** Readers of recordings let through `http(s)://authority…` and what begins with a slash. */
function splitUrl(url: string): Target {
  const parts = /^(https?):\/\/([^/?]*)(.*)$/is.exec(url)
  // An API shield is spoken to over TLS; a recording that says otherwise has a scheme.
  if (parts === null) return { scheme: 'https', authority: null, pathAndQuery: url }
  const [, scheme = '', authority = '', rest = ''] = parts
  return {
    scheme: scheme.toLowerCase(),
    authority: authority.slice(authority.lastIndexOf('@') + 1),
    pathAndQuery: rest.startsWith('/') ? rest : `/${rest}`,
  }
}

/** Without any header, as in an access log, only the method tells whether there was a body. */
const METHODS_WITH_BODY = new Set(['POST', 'PUT', 'PATCH'])

function bodyOf({ method, request_headers, request_body }: RecordedRequest): RecordedBody {
  if (request_body !== undefined && request_body !== '') return { kind: 'text', text: request_body }
  if (request_body === '') return { kind: 'none' }
  const length = headerOf(request_headers, 'content-length')
  if (length !== undefined) return { kind: Number(length) > 0 ? 'not_recorded' : 'none' }
  const isSent =
    headerOf(request_headers, 'transfer-encoding') !== undefined || METHODS_WITH_BODY.has(method)
  return { kind: isSent ? 'not_recorded' : 'none' }
}
