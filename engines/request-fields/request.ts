/** Fields read from the request line and the headers. `http.*` is the normalised request, `raw.http.*` what the client wrote. */
import type { RequestFacts } from './facts.ts'
import type { EntryReader, FieldReader } from './field-source.ts'
import { mediaType } from './media-type.ts'
import { cookiesOf, grouped, type Parameter, queryOf } from './parameters.ts'

export const REQUEST_FIELDS: { readonly [field: string]: FieldReader } = {
  'http.host': (x) => x.host,
  'http.referer': (x) => x.header('referer') ?? '',
  'http.user_agent': (x) => x.header('user-agent') ?? '',
  'http.cookie': (x) => x.header('cookie') ?? '',
  'http.x_forwarded_for': (x) => x.header('x-forwarded-for') ?? '',
  'http.request.method': (x) => x.method,
  'http.request.version': (x) => text(x.cf['httpProtocol']) ?? 'HTTP/1.1',
  'http.request.uri': (x) => target(x.path, x.query),
  'http.request.full_uri': (x) => `${x.scheme}://${x.host}${target(x.path, x.query)}`,
  'http.request.uri.path': (x) => x.path,
  'http.request.uri.path.extension': (x) => extension(x.path),
  'http.request.uri.query': (x) => x.query,
  'http.request.uri.args': (x) => grouped(queryOf(x.query)),
  'http.request.uri.args.names': (x) => queryOf(x.query).map(({ name }) => name),
  'http.request.uri.args.values': (x) => queryOf(x.query).map(({ value }) => value),
  'http.request.headers': (x) => grouped(headerList(x)),
  'http.request.headers.names': (x) => headerList(x).map(({ name }) => name),
  'http.request.headers.values': (x) => headerList(x).map(({ value }) => value),
  // The runtime refuses what would have to be cut.
  'http.request.headers.truncated': () => false,
  'http.request.cookies': (x) => grouped(cookiesOf(x.header('cookie') ?? '')),
  'http.request.accepted_languages': (x) => languages(x.header('accept-language') ?? ''),
  'http.request.timestamp.sec': (x) => Math.floor(x.nowMs / 1000),
  'http.request.timestamp.msec': (x) => x.nowMs % 1000,
  'http.request.body.mime': (x) => mediaType(x.header('content-type') ?? ''),
  'raw.http.request.uri': (x) => target(x.rawPath, x.query),
  'raw.http.request.full_uri': (x) => `${x.scheme}://${x.host}${target(x.rawPath, x.query)}`,
  'raw.http.request.uri.path': (x) => x.rawPath,
  'raw.http.request.uri.path.extension': (x) => extension(x.rawPath),
  'raw.http.request.uri.query': (x) => x.query,
  // The query reaches rules as it was sent, so these two are the same.
  'raw.http.request.uri.args': (x) => grouped(queryOf(x.query)),
  'raw.http.request.uri.args.names': (x) => queryOf(x.query).map(({ name }) => name),
  'raw.http.request.uri.args.values': (x) => queryOf(x.query).map(({ value }) => value),
  ssl: (x) => x.scheme === 'https',
}

/** One key of a map field. Header names are lower case, as in the rules language. */
export const REQUEST_ENTRIES: { readonly [field: string]: EntryReader } = {
  'http.request.headers'(x, key) {
    // Names of the map are lower case; `Headers` would also find another spelling.
    const value = key === key.toLowerCase() ? x.header(key) : null
    return value === null ? undefined : [value]
  },
}

function headerList(x: RequestFacts): readonly Parameter[] {
  return Array.from(x.headers(), ([name, value]) => ({ name, value }))
}

function target(path: string, query: string): string {
  return query === '' ? path : `${path}?${query}`
}

/** Lower case, without the dot; empty when the last segment has none. */
function extension(path: string): string {
  const name = path.slice(path.lastIndexOf('/') + 1)
  const dot = name.lastIndexOf('.')
  return dot === -1 ? '' : name.slice(dot + 1).toLowerCase()
}

/** Language tags in the order of their weight, as `Accept-Language` (RFC 9110 §12.5.4) gives them. */
function languages(acceptLanguage: string): readonly string[] {
  return acceptLanguage
    .split(',')
    .map((range) => {
      const [tag = '', ...parameters] = range.split(';').map((part) => part.trim())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return { tag, weight: weight === undefined ? 1 : Number(weight.slice(2)) }
    })
    .filter(({ tag, weight }) => tag !== '' && weight > 0)
    .sort((a, b) => b.weight - a.weight)
    .map(({ tag }) => tag)
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
