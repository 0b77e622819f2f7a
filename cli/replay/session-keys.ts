/**
 * Under which keys a recorded request is counted and remembered. The shield's keys are hashes under its secret, which a
 * recording does not have and a replay does not need: nothing of them leaves the process.
 */
import { createHash } from 'node:crypto'
import { type RequestFacts, sessionOf } from '#engines/request-fields'
import { clientIdentity } from '#engines/session-rules'
import type { HashedText } from '#engines/sessions'

/** Null where the recording does not tell. */
export type SessionKeys = { readonly session: string | null; readonly client: string | null }

export function sessionKeysOf(facts: RequestFacts): SessionKeys {
  // Claims count only of valid tokens, and a recording cannot tell which were.
  const identity = sessionOf(facts, () => null)
  const client = clientIdentity(identity, facts.clientIp)
  return {
    session: identity === null ? null : plainHash(identity),
    client: client === null ? null : plainHash(client),
  }
}

/** 32 hex digits, as long as the shield's. */
export function plainHash({ type, name, value }: HashedText): string {
  const text = JSON.stringify([type, name, value])
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
