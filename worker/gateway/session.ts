/**
 * Whom a request belongs to. A claim counts only when its token was judged on this request and found valid: nothing is
 * verified just to name a session.
 */
import { sessionOf } from '#engines/request-fields'
import type { SessionCharacteristic, SessionIdentity } from '#engines/sessions'
import { type ClaimReference, parseClaimReference, type TokenVerdict } from '#engines/tokens'
import type { Exchange } from './exchange.ts'

export type SessionClaims = {
  /** The token configurations whose claims identify sessions. */
  readonly configurationIds: readonly string[]
  /** Null when the token is not valid or does not have the claim as one text, number or boolean. */
  read(reference: string, tokens: ReadonlyMap<string, TokenVerdict | null>): string | null
}

/** @throws when a reference does not parse; it was checked when it was written, so that is a bug or damage. */
export function compileSessionClaims(identifiers: readonly SessionCharacteristic[]): SessionClaims {
  const readers = new Map<string, ClaimReference>(
    identifiers.filter(({ type }) => type === 'jwt').map(({ name }) => [name, compileReader(name)]),
  )
  return {
    configurationIds: [...new Set([...readers.values()].map((reader) => reader.configurationId))],
    read(reference, tokens) {
      const reader = readers.get(reference)
      const verdict = reader === undefined ? null : tokens.get(reader.configurationId)
      return verdict?.valid === true ? (reader?.path.read(verdict.claims) ?? null) : null
    },
  }
}

export function sessionIdentityOf(exchange: Exchange): SessionIdentity | null {
  const { sessionClaims } = exchange.snapshot
  return sessionOf(exchange, (reference) => sessionClaims.read(reference, exchange.tokens))
}

function compileReader(reference: string): ClaimReference {
  const parsed = parseClaimReference(reference)
  if (parsed.ok) return parsed.value
  throw new Error(`session identifier ${reference} does not parse: ${parsed.error}`)
}
