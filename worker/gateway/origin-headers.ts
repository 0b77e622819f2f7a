/**
 * The headers that the origin gets: the client's, without those that speak about one connection, and with those that speak
 * for the shield written by the shield alone.
 */
import { CERTIFICATE_HEADERS, certificateHeaders } from './certificate-headers.ts'
import { detect } from './detect.ts'
import { clientCertificate } from './detectors/client-certificate.ts'
import type { Exchange } from './exchange.ts'
import type { GatewayPorts } from './stage.ts'

export async function originHeaders(exchange: Exchange, ports: GatewayPorts): Promise<Headers> {
  const headers = new Headers(exchange.request.headers)
  endHopByHop(headers)
  for (const name of SPOKEN_FOR_THE_CLIENT) headers.delete(name)
  headers.set('x-forwarded-for', forwardedFor(headers.get('x-forwarded-for'), exchange.clientIp))
  headers.set('x-forwarded-proto', exchange.scheme)
  headers.set('x-forwarded-host', exchange.host)
  // Only hostnames that ask for client certificates pay for looking at one.
  if (exchange.snapshot.trust.covers(exchange.hostname)) {
    if (!exchange.ran.has(clientCertificate)) await detect(clientCertificate, exchange, ports)
    for (const [name, value] of certificateHeaders(exchange)) headers.set(name, value)
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

/** Names by which an origin may know a client; nobody but the shield may send them. */
const SPOKEN_FOR_THE_CLIENT = ['client-cert', 'client-cert-chain', ...CERTIFICATE_HEADERS]

function endHopByHop(headers: Headers): void {
  const connection = headers.get('connection') ?? ''
  const upgrade = headers.get('upgrade')?.toLowerCase()
  for (const name of HOP_BY_HOP) headers.delete(name)
  for (const option of connection.split(',')) {
    const name = option.trim()
    // `Connection` names further fields that end here; what is no field name names none.
    if (FIELD_NAME.test(name)) headers.delete(name)
  }
  // The one upgrade that Workers can carry.
  if (upgrade === 'websocket') headers.set('upgrade', 'websocket')
}

/** RFC 9110 §5.6.2 `token`. */
const FIELD_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

/** The edge in front may have added the client's address already. */
function forwardedFor(list: string | null, clientIp: string): string {
  if (list === null || list === '') return clientIp
  const last = list.slice(list.lastIndexOf(',') + 1).trim()
  return clientIp === '' || last === clientIp ? list : `${list}, ${clientIp}`
}
