/**
 * The only fetch to the protected API. Bodies stream both ways; the response goes back as the origin gave it, WebSocket
 * upgrades included.
 */
import type { Settings } from '../settings.ts'
import { ensure } from './detect.ts'
import { clientCertificate } from './detectors/client-certificate.ts'
import type { Exchange } from './exchange.ts'
import { originHeaders } from './origin-headers.ts'
import type { GatewayPorts, OriginPort, Outcome } from './stage.ts'

export async function forward(exchange: Exchange, ports: GatewayPorts): Promise<Outcome> {
  if (await hasUnexpectedBody(exchange)) {
    return { kind: 'rejected', rejection: { kind: 'unexpected_body' } }
  }
  // Only hostnames that ask for client certificates pay for looking at one.
  if (exchange.snapshot.trust.authoritiesOf(exchange.hostname) !== null) {
    const failure = await ensure(clientCertificate, exchange, ports)
    if (failure !== null) {
      return { kind: 'rejected', rejection: { kind: 'detector_failed', ...failure } }
    }
  }
  const headers = originHeaders(exchange)
  const target = exchange.query === '' ? exchange.path : `${exchange.path}?${exchange.query}`
  // In a Worker time stands still between one input and the next, so that nothing of ours is in what the origin takes.
  const sentMs = ports.nowMs()
  try {
    const response = await ports.origin(exchange.base, target, {
      method: exchange.method,
      headers,
      body: hasNoBody(exchange.method) ? null : exchange.body.forward(),
      // Whether to follow is the client's choice.
      redirect: 'manual',
    })
    // A clock may be set back.
    return { kind: 'answered', response, originMs: Math.max(0, ports.nowMs() - sentMs) }
  } catch (cause) {
    const text = cause instanceof Error ? cause.message : String(cause)
    return { kind: 'rejected', rejection: { kind: 'origin_unreachable', cause: text } }
  }
}

/** Fetch sends no body with these; one that came with a request could not be passed on as it was judged (RFC 9110 §9.3.1). */
function hasNoBody(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

async function hasUnexpectedBody({ method, body }: Exchange): Promise<boolean> {
  return hasNoBody(method) && (await body.inspect()).kind !== 'none'
}

/** The protected API: a Worker bound as ORIGIN, else ORIGIN_URL, else the server behind the Worker's route. */
export function createOriginPort({ ORIGIN: worker, ORIGIN_URL: url }: Settings): OriginPort {
  if (worker !== undefined) return (base, target, init) => worker.fetch(base + target, init)
  if (url === '') return (base, target, init) => fetch(base + target, init)
  const origin = url.endsWith('/') ? url.slice(0, -1) : url
  return (_base, target, init) => fetch(origin + target, init)
}
