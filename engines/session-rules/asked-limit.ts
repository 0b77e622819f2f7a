/** From a claim to what is known of its limit: without asking its counter, and from what the counter answered. */
import type { LimitClaim } from './claims.ts'
import type { AskedLimit, RateQuota } from './findings.ts'
import type { MeterAnswer, MeterClaim } from './visit.ts'

/** Null when the counter has to be asked. */
export function unaskedLimit({ rule, place }: LimitClaim): AskedLimit | null {
  const nothing = { rule, home: null, claim: null, quota: null, countedAtMs: null } as const
  if (place === 'missing') return { ...nothing, isRefused: true }
  // Only the answer tells whether it counts.
  const isOfAnswer = !place.claim.isChecked && place.claim.cost === 0
  return isOfAnswer ? { ...nothing, ...place, isRefused: false } : null
}

/** Null when the request was stopped before the claim was looked at. */
export function answeredLimit(
  { rule, place }: LimitClaim,
  meter: MeterAnswer | null,
  nowMs: number,
): AskedLimit | null {
  if (meter === null || place === 'missing') return null
  const { isRefused, retryAtMs } = meter
  return {
    rule,
    ...place,
    isRefused,
    quota: isRefused ? quotaOf(place.claim, retryAtMs - nowMs) : null,
    countedAtMs: isRefused ? null : nowMs,
  }
}

export function quotaOf({ terms }: MeterClaim, retryAfterMs: number): RateQuota {
  return {
    limit: terms.limit,
    periodSeconds: terms.periodMs / 1_000,
    retryAfterMs: Math.max(1, retryAfterMs),
  }
}
