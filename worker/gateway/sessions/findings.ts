/** What is known of a request's sessions and counters once they were asked: for the rules, the answer and the settlement. */
import type { SequenceInput } from '#engines/sequences'
import type { MeterClaim, WithdrawnVisit } from '../../storage/session-visit.ts'
import type { GatewayRateRule } from './rate-rules.ts'

/** What a client that was stopped is told (draft-ietf-httpapi-ratelimit-headers). */
export type RateQuota = {
  readonly limit: number
  readonly periodSeconds: number
  /** At least 1. */
  readonly retryAfterMs: number
}

export type AskedLimit = {
  readonly rule: GatewayRateRule
  /** The key of the object's counters; null when it counts elsewhere, or nothing could be counted. */
  readonly home: string | null
  readonly claim: MeterClaim | null
  readonly isRefused: boolean
  readonly quota: RateQuota | null
  /** When it was counted, by the clock of who counts; null when it was not. */
  readonly countedAtMs: number | null
}

/** Steps that count once the API has answered. */
type Unanswered = {
  readonly session: string
  readonly number: number
  readonly patterns: readonly SequenceInput[]
  readonly isLasting: boolean
}

export type SessionFindings = {
  readonly limits: readonly AskedLimit[]
  readonly unanswered: Unanswered | null
  /** What is to be withdrawn if the request is refused; null when nothing was remembered of it. */
  readonly remembered: WithdrawnVisit | null
}
