/** Why a limit or a sequence acts on a request, for events and reports. */
import type { SessionView } from '#engines/session-memory'
import type { EventOfRequest } from './event.ts'
import type { AskedLimit } from './findings.ts'

/** Of one that is refused. */
export function limitReason({
  quota,
}: Pick<AskedLimit, 'quota'>): 'rate_exceeded' | 'characteristic_missing' {
  return quota === null ? 'characteristic_missing' : 'rate_exceeded'
}

export type SequenceBreak = {
  readonly ruleId: string
  /** `session_missing`, or `sequence_` and what became of the missing step; `sequence_broken` for rules of two operations. */
  readonly reason: string
  /** Counted from 1; null when none is missing, or it is not known which. */
  readonly missingStep: number | null
}

/** The sequences that a request breaks, in the order in which they were looked at. */
export function sequenceBreaks(
  { brokenRuleIds }: EventOfRequest,
  view: SessionView | null,
): readonly SequenceBreak[] {
  return [
    ...brokenRuleIds.map((ruleId) => ({ ruleId, reason: SESSION_MISSING, missingStep: null })),
    ...(view?.violations ?? []).map(({ ruleId, violation }) => ({
      ruleId,
      reason: violation === null ? 'sequence_broken' : `sequence_${violation.reason}`,
      missingStep: violation?.missingStep ?? null,
    })),
  ]
}

export const SESSION_MISSING = 'session_missing'
