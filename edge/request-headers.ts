/**
 * Which headers reach the Worker. What a client says about itself in the edge's own vocabulary is
 * dropped whatever its spelling, then the edge alone writes it: a client that could send `MF-CF-Blob` or
 * `CF-Connecting-IP` would be whoever it likes.
 */

export type EdgeFacts = {
  readonly scheme: 'http' | 'https'
  readonly clientIp: string
  readonly ray: string
  /** request.cf, as JSON. */
  readonly cf: string
}

/**
 * The flat header list for the Worker: the client's own headers in their order, doubles kept, then the
 * edge's. `rawHeaders` are names and values in turn. Content-Length and Host pass unchanged.
 */
export function createWorkerHeaders(
  rawHeaders: readonly string[],
  facts: EdgeFacts,
): readonly string[] {
  return [
    ...keepHeaders(rawHeaders, isForWorker),
    ...(isChunked(rawHeaders) ? ['Transfer-Encoding', 'chunked'] : []),
    'MF-CF-Blob',
    facts.cf,
    'CF-Connecting-IP',
    facts.clientIp,
    'CF-Ray',
    facts.ray,
    'X-Forwarded-Proto',
    facts.scheme,
  ]
}

/** The flat header list for the client: the Worker's, without what belongs to the connection between the two. */
export function createClientHeaders(rawHeaders: readonly string[], ray: string): readonly string[] {
  return [...keepHeaders(rawHeaders, (name) => name !== 'cf-ray'), 'CF-Ray', ray]
}

// RFC 9110 §7.6.1 and the older names still seen: they concern one connection, never the next. Expect is
// answered by the edge itself.
const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
  'expect',
])

// A client that names one of these in Connection would change where the message ends or whom it is for.
const NEVER_NOMINATED: ReadonlySet<string> = new Set(['content-length', 'host'])

function keepHeaders(
  rawHeaders: readonly string[],
  wanted: (name: string) => boolean,
): readonly string[] {
  const nominated = readNominated(rawHeaders)
  return rawHeaders.filter((_, index) => {
    const name = (rawHeaders[index - (index % 2)] ?? '').toLowerCase()
    return !HOP_BY_HOP.has(name) && !nominated.has(name) && wanted(name)
  })
}

/** The names that Connection declares hop-by-hop. */
function readNominated(rawHeaders: readonly string[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [index, value] of rawHeaders.entries()) {
    if (index % 2 === 0 || rawHeaders[index - 1]?.toLowerCase() !== 'connection') continue
    for (const name of value.split(',')) {
      const lower = name.trim().toLowerCase()
      if (!NEVER_NOMINATED.has(lower)) names.add(lower)
    }
  }
  return names
}

const RESERVED_PREFIXES = ['mf-', 'cf-', 'client-cert', 'x-forwarded-']
const RESERVED_NAMES: ReadonlySet<string> = new Set([
  'forwarded',
  'x-real-ip',
  'true-client-ip',
  'cdn-loop',
])

/** An underscore counts as a hyphen: CGI-like origins cannot tell `CF_Connecting_IP` from the edge's own. */
function isForWorker(name: string): boolean {
  const canonical = name.replaceAll('_', '-')
  return (
    !RESERVED_NAMES.has(canonical) &&
    !RESERVED_PREFIXES.some((prefix) => canonical.startsWith(prefix))
  )
}

/** Node has already refused every transfer coding that does not end in chunked. */
function isChunked(rawHeaders: readonly string[]): boolean {
  return rawHeaders.some(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'transfer-encoding',
  )
}
