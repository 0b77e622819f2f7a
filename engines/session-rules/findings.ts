/** What is known of a request's sessions and counters once they were asked: for the rules, the answer and the settlement. */
import type { RateRule } from '#engines/rulesets'
import type { SequenceInput } from '#engines/sequences'
import type { SessionView } from '#engines/session-memory'
import type { MeterClaim } from './visit.ts'

/** What a client that was stopped is told (draft-ietf-httpapi-ratelimit-headers). */
export type RateQuota = {
  readonly limit: number
  readonly periodSeconds: number
  /** At least 1. */
  readonly retryAfterMs: number
}

export type AskedLimit = {
  readonly rule: RateRule<unknown>
  /** The key of the home of its counter; null when it counts elsewhere, or nothing could be counted. */
  readonly home: string | null
  readonly claim: MeterClaim | null
  readonly isRefused: boolean
  readonly quota: RateQuota | null
  /** When it was counted, by the clock of who counts; null when it was not. */
  readonly countedAtMs: number | null
}

export type Visited = {
  /** In the order of the rules, up to the one that stopped the request; those that share a question with it may be among them. */
  readonly limits: readonly AskedLimit[]
  /** Null when nothing was to be remembered, or the request was stopped before. */
  readonly view: SessionView | null
}

/** Steps that count once the API has answered. */
type Unanswered = {
  readonly session: string
  readonly number: number
  readonly patterns: readonly SequenceInput[]
}

export type SessionFindings = {
  readonly limits: readonly AskedLimit[]
  readonly unanswered: Unanswered | null
}
