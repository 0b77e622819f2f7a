/**
 * Under which keys a request is counted and remembered: its session, else the network that it comes from. Keyed hashes, so
 * that neither objects nor events know what the client sent.
 */
import { clientIdentity } from '#engines/session-rules'
import type { HashedText } from '#engines/sessions'
import type { Exchange } from '../exchange.ts'
import { sessionIdentityOf } from '../session.ts'
import type { GatewayPorts } from '../stage.ts'

type Hashing = Pick<GatewayPorts, 'keyedHash'>

/** Null when the request has no session. @throws when it cannot be hashed: that is not to have none. */
export function sessionKeyOf(exchange: Exchange, ports: Hashing): Promise<string | null> {
  return keyOf(sessionIdentityOf(exchange), ports)
}

/** The session, else the network; null when the address is not known either. @throws when it cannot be hashed. */
export function clientKeyOf(exchange: Exchange, ports: Hashing): Promise<string | null> {
  return keyOf(clientIdentity(sessionIdentityOf(exchange), exchange.clientIp), ports)
}

/** For events; null, too, when it cannot be hashed. */
export async function sessionNameOf(
  exchange: Exchange,
  { keyedHash }: Hashing,
): Promise<string | null> {
  const identity = sessionIdentityOf(exchange)
  return identity === null ? null : keyedHash(identity)
}

/** @throws when the deployment has no secret to key hashes with. */
export async function secretHash(text: HashedText, { keyedHash }: Hashing): Promise<string> {
  const hash = await keyedHash(text)
  if (hash === null) {
    throw new Error('SEALING_SECRET is not set, so that nothing can be counted or remembered')
  }
  return hash
}

async function keyOf(identity: HashedText | null, ports: Hashing): Promise<string | null> {
  return identity === null ? null : secretHash(identity, ports)
}
