/**
 * The headers that the origin gets: the client's as they were judged, without those that speak about one connection, and
 * with those that speak for the shield written by the shield alone.
 */
import { CERTIFICATE_HEADERS, certificateHeaders } from './certificate-headers.ts'
import { clientCertificate } from './detectors/client-certificate.ts'
import type { Exchange } from './exchange.ts'

/** By lower-case name. A plain record: setting members of a `Headers` one by one costs a quarter of a request. */
type HeaderRecord = { [name: string]: string }

/** After the client certificate detector has run, where the hostname asks for certificates. */
export function originHeaders(exchange: Exchange): HeaderRecord {
  const headers = passedOn(exchange.request.headers)
  headers['x-forwarded-for'] = forwardedFor(headers['x-forwarded-for'] ?? '', exchange.clientIp)
  headers['x-forwarded-proto'] = exchange.scheme
  headers['x-forwarded-host'] = exchange.host
  if (exchange.ran.has(clientCertificate)) {
    for (const [name, value] of certificateHeaders(exchange)) headers[name] = value
  }
  return headers
}

/** RFC 9110 §7.6.1: these speak about one connection and end here. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]

/** The latter are names by which an origin knows a client; nobody but the shield may send them. */
const ENDING_HERE: ReadonlySet<string> = new Set([...HOP_BY_HOP, ...CERTIFICATE_HEADERS])

/**
 * What an edge in front writes about the client. It passes in its own spelling only: with underscores, dots or the like for
 * hyphens it comes from the client, and a CGI-like origin could not tell the two apart (PHP makes underscores of dots).
 */
const WRITTEN_BY_THE_EDGE =
  /^(?:cf|x-forwarded|client-cert)-|^(?:forwarded|x-real-ip|true-client-ip|client-cert)$/

/** One line a name, as rules saw it: a second line would be one that no rule has judged. */
function passedOn(received: Headers): HeaderRecord {
  const ending = nominated(received.get('connection'))
  const headers: HeaderRecord = {}
  for (const [name, value] of received) {
    if (!ENDING_HERE.has(name) && !ending.has(name) && !isForged(name, received))
      headers[name] = value
  }
  // The one upgrade that Workers can carry.
  if (received.get('upgrade')?.toLowerCase() === 'websocket') headers['upgrade'] = 'websocket'
  return headers
}

/** Also when a header in the right spelling is there: that is the one that rules and tokens were judged by. */
function isForged(name: string, received: Headers): boolean {
  if (!SPELLED_OTHERWISE.test(name)) return false
  const hyphenated = name.replaceAll(/[^a-z\d]/g, '-')
  return WRITTEN_BY_THE_EDGE.test(hyphenated) || received.has(hyphenated)
}

/** A name in lower case with anything but letters, digits and hyphens. */
const SPELLED_OTHERWISE = /[^a-z\d-]/

/** RFC 9110 §7.6.1: `Connection` names further fields that end here. */
function nominated(connection: string | null): ReadonlySet<string> {
  if (connection === null) return NONE
  return new Set(connection.split(',').map((option) => option.trim().toLowerCase()))
}

const NONE: ReadonlySet<string> = new Set()

/** The edge in front may have added the client's address already. */
function forwardedFor(list: string, clientIp: string): string {
  if (list === '') return clientIp
  const last = list.slice(list.lastIndexOf(',') + 1).trim()
  return clientIp === '' || last === clientIp ? list : `${list}, ${clientIp}`
}
