/** What is known of a request's sessions and counters once they were asked: for the rules, the answer and the settlement. */
import type { RateRule } from '#engines/rulesets'
import type { SequenceInput } from '#engines/sequences'
import type { SessionView } from '#engines/session-memory'
import type { EventOfRequest } from './event.ts'
import type { MeterClaim, WithdrawnVisit } from './visit.ts'

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
  /** Its session did this; not so when a sequence refused it. */
  readonly isRemembered: boolean
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

export function sessionFindings(
  { event, unanswered }: EventOfRequest,
  { limits, view, isRemembered }: Visited,
): SessionFindings {
  if (event === null || view === null) return { limits, unanswered: null, remembered: null }
  const { session, operation, patterns, isLasting } = event
  const { number } = view
  const required = patterns.filter(({ pattern }) => pattern.kind === 'require')
  return {
    limits,
    unanswered:
      unanswered.length === 0 ? null : { session, number, patterns: unanswered, isLasting },
    remembered: isRemembered
      ? { session, operation, number, required: required.map(({ pattern }) => pattern.id) }
      : null,
  }
}
