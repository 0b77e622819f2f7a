/**
 * Which URL a request names. The authority is the Host header as sent; a request whose Host is missing,
 * doubled or malformed, or whose target speaks of another host, is refused, because two readers of it
 * could disagree about whose request it is.
 */
import { err, ok, type Result } from '#engines/result'
import type { EdgeProblem } from './problem.ts'

export type RequestLine = {
  readonly scheme: 'http' | 'https'
  /** As on the request line. */
  readonly target: string
  /** Names and values in turn, as Node's rawHeaders. */
  readonly rawHeaders: readonly string[]
}

/** Joins scheme, Host and target into the absolute URL that the Worker sees. */
export function readRequestUrl(line: RequestLine): Result<string, EdgeProblem> {
  const host = readHost(line.rawHeaders)
  if (host === null) return err('invalid_host')
  const path = readPath(line.target, host)
  if (path === null) return err('invalid_target')
  return ok(`${line.scheme}://${host}${path}`)
}

/** RFC 9112 §3.2: a server must answer 400 to a request without Host, with two of them, or with an invalid one. */
function readHost(rawHeaders: readonly string[]): string | null {
  const hosts = rawHeaders.filter(
    (_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === 'host',
  )
  const host = hosts[0]
  if (host === undefined || hosts.length > 1 || !isHost(host)) return null
  return host
}

// uri-host [ ":" port ], RFC 9110 §7.2, without percent-encoding and sub-delims: no DNS name has them.
const HOST = /^(?:[A-Za-z0-9._-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?::(\d{1,5}))?$/

function isHost(text: string): boolean {
  const match = HOST.exec(text)
  return match !== null && Number(match[1] ?? 0) <= 65_535 && URL.canParse(`http://${text}/`)
}

/** Origin-form as it is; absolute-form (RFC 9112 §3.2.2) only for the same authority; `*` and the rest never. */
function readPath(target: string, host: string): string | null {
  if (target.startsWith('/')) return target
  const absolute = /^https?:\/\/([^/?#]*)(.*)$/i.exec(target)
  if (absolute === null || absolute[1]?.toLowerCase() !== host.toLowerCase()) return null
  const path = absolute[2] ?? ''
  return path.startsWith('/') ? path : `/${path}`
}
