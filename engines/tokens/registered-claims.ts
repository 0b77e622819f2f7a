/**
 * The registered claims that times and tests are read from (RFC 7519 §4.1). Refuses times that are no numbers; another claim
 * that is not of its type is not there, so that whoever requires it refuses the token.
 */
import { err, ok, type Result } from '#engines/result'
import type { Claims, Refusal } from './verdict.ts'

export type RegisteredClaims = {
  /** Seconds since 1970, fractions allowed; null when absent. */
  readonly expiresAt: number | null
  readonly notBefore: number | null
  readonly issuedAt: number | null
  readonly issuer: string | null
  readonly subject: string | null
  /** Empty when absent. */
  readonly audiences: readonly string[]
  readonly jti: string | null
}

export function readRegisteredClaims(claims: Claims): Result<RegisteredClaims, Refusal> {
  const { aud, exp, iat, iss, jti, nbf, sub } = claims
  if (!isTime(exp)) return malformed('exp')
  if (!isTime(nbf)) return malformed('nbf')
  if (!isTime(iat)) return malformed('iat')
  return ok({
    expiresAt: exp ?? null,
    notBefore: nbf ?? null,
    issuedAt: iat ?? null,
    issuer: textOf(iss),
    subject: textOf(sub),
    audiences: textsOf(aud),
    jti: textOf(jti),
  })
}

/** One text, or a list of texts; empty for anything else. */
export function textsOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  return isTexts(value) ? value : []
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string')
}

function isTime(value: unknown): value is number | undefined {
  return value === undefined || typeof value === 'number'
}

function malformed(claim: string): Result<never, Refusal> {
  return err({ reason: 'claims_malformed', detail: claim })
}
