/**
 * Under which keys a request is counted and remembered: its session, else the network that it comes from. Keyed hashes, so
 * that neither objects nor events know what the client sent.
 */
import { parseIp } from '#engines/expressions'
import { networkOf } from '#engines/request-fields'
import type { Exchange } from '../exchange.ts'
import { sessionIdentityOf } from '../session.ts'
import type { GatewayPorts } from '../stage.ts'

type Hashing = Pick<GatewayPorts, 'keyedHash'>

/** Null when the request has no session. */
export async function sessionKeyOf(
  exchange: Exchange,
  { keyedHash }: Hashing,
): Promise<string | null> {
  const identity = sessionIdentityOf(exchange)
  return identity === null ? null : keyedHash(identity)
}

/** The session, else the network; null when the address is not known either. */
export async function clientKeyOf(exchange: Exchange, ports: Hashing): Promise<string | null> {
  const session = await sessionKeyOf(exchange, ports)
  if (session !== null) return session
  const ip = parseIp(exchange.clientIp)
  return ip === undefined ? null : networkKeyOf(networkOf(ip), ports)
}

export function networkKeyOf(network: string, { keyedHash }: Hashing): Promise<string | null> {
  return keyedHash({ type: 'network', name: '', value: network })
}
