/**
 * Reads a line of an access log in the common or the combined format of Apache httpd and nginx, also with the virtual
 * host in front (`vhost_combined`). What follows the known members is left out. A line knows no headers but the two it
 * logs, and no body.
 */
import { err, ok, type Result } from '#engines/result'
import type { TrafficError } from './error.ts'
import { trafficLimits } from './limits.ts'
import { type HeaderPair, readMethod, readStatus, readUrl, refuse, toHeaders } from './members.ts'
import type { RecordedRequest } from './recorded-request.ts'
import { parseLogTime } from './timestamps.ts'

/** `[vhost[:port]] client ident user [time] "request" status bytes ["referer" "user agent"]` */
const QUOTED = String.raw`[^"\\]*(?:\\.[^"\\]*)*`
const LINE = new RegExp(
  String.raw`^(?:(?<vhost>\S+) )?(?<client>\S+) \S+ (?:\S+|"${QUOTED}") \[(?<time>[^\]]{1,64})\] ` +
    String.raw`"(?<request>${QUOTED})" (?<status>\d{3}) (?<bytes>\d{1,15}|-)` +
    `(?: "(?<referer>${QUOTED})" "(?<agent>${QUOTED})")?(?= |$)`,
)

export function readAccessLogLine(text: string): Result<RecordedRequest, TrafficError> {
  const { logLineCharactersMax: charactersMax } = trafficLimits
  if (text.length > charactersMax) return err({ reason: 'line_too_long', charactersMax })
  const parts = LINE.exec(text)?.groups
  if (parts === undefined) return err({ reason: 'not_a_log_line' })
  const timeMs = parseLogTime(parts['time'] ?? '')
  if (timeMs === null) return refuse('time', 'like [10/Oct/2000:13:55:36 -0700]')
  const request = readRequestLine(unescape(parts['request'] ?? ''), parts['vhost'])
  if (!request.ok) return request
  const status = readStatus('status', Number(parts['status']))
  if (!status.ok) return status
  const headers = toHeaders('headers', [
    ...loggedHeader('referer', parts['referer']),
    ...loggedHeader('user-agent', parts['agent']),
  ])
  if (!headers.ok) return headers
  const bytes = parts['bytes'] ?? '-'
  return ok({
    time_ms: timeMs,
    ...request.value,
    status: status.value,
    request_headers: headers.value,
    // `%b` writes a dash for no bytes.
    response_bytes: bytes === '-' ? 0 : Number(bytes),
    client_ip: parts['client'] ?? '',
  })
}

type RequestLine = { readonly method: string; readonly url: string }

/** RFC 9112 §3. What is no HTTP, such as TLS sent to a plain port, is logged in this place too. */
function readRequestLine(
  line: string,
  vhost: string | undefined,
): Result<RequestLine, TrafficError> {
  const parts = /^(\S+) (.+?)(?: HTTP\/\d(?:\.\d)?)?$/.exec(line)
  const method = readMethod('request', parts?.[1])
  if (!method.ok) return refuse('request', 'like "GET /path HTTP/1.1"')
  const url = readUrl('request', parts?.[2])
  if (!url.ok) return url
  return ok({ method: method.value, url: withHost(url.value, vhost) })
}

/** The scheme is not logged; the port tells. */
function withHost(url: string, vhost: string | undefined): string {
  if (vhost === undefined || !url.startsWith('/')) return url
  return vhost.endsWith(':443') ? `https://${vhost.slice(0, -4)}${url}` : `http://${vhost}${url}`
}

/** A dash stands for a header that the request did not have. */
function loggedHeader(name: string, logged: string | undefined): readonly HeaderPair[] {
  return logged === undefined || logged === '-' ? [] : [{ name, value: unescape(logged) }]
}

const ESCAPES: { readonly [letter: string]: string } = {
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  b: '\b',
}

/** `\"`, `\\`, `\n` and the like, `\xHH`: of a run of `\xHH` the bytes are read as UTF-8. */
function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replaceAll(/(?:\\x[\da-fA-F]{2})+|\\./g, (escaped) => {
    if (/^\\x[\da-fA-F]{2}/.test(escaped)) return decodeHex(escaped)
    const letter = escaped.slice(1)
    return ESCAPES[letter] ?? letter
  })
}

const decoder = new TextDecoder('utf-8')

function decodeHex(escaped: string): string {
  const pairs = escaped.match(/[\da-fA-F]{2}/g) ?? []
  return decoder.decode(Uint8Array.from(pairs, (pair) => Number.parseInt(pair, 16)))
}
