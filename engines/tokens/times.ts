/** When a token holds (RFC 7519 §4.1.4, §4.1.5), give or take the seconds by which clocks may differ. */
import type { Refusal } from './verdict.ts'

type Times = {
  /** Seconds since 1970; null when absent. */
  readonly expiresAt: number | null
  readonly notBefore: number | null
}

type Clock = { readonly nowMs: number; readonly clockSkewSeconds: number }

/** Null while the token holds. */
export function timeRefusal(
  { expiresAt, notBefore }: Times,
  { nowMs, clockSkewSeconds }: Clock,
): Refusal | null {
  const now = nowMs / 1000
  // "on or after which the JWT MUST NOT be accepted"
  if (expiresAt !== null && now >= expiresAt + clockSkewSeconds) return EXPIRED
  if (notBefore !== null && now < notBefore - clockSkewSeconds) return NOT_YET_VALID
  return null
}

const EXPIRED: Refusal = { reason: 'expired' }
const NOT_YET_VALID: Refusal = { reason: 'not_yet_valid' }
