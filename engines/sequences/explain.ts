/**
 * Why a request that takes the last step may not: the step that would have to be taken, and what became of it if it was.
 * The furthest step that was taken with values like the request's decides; what was forgotten was never taken.
 */
import type { Move, SequencePattern } from './pattern.ts'
import type { StepState } from './state.ts'
import { agrees } from './values.ts'

export type Violation = {
  readonly kind: 'require' | 'forbid'
  /** Counted from 1; `null` when nothing is missing (`forbid`). */
  readonly missingStep: number | null
  readonly reason:
    | 'missing'
    | 'too_late'
    | 'not_immediately'
    | 'interrupted'
    | 'used_up'
    | 'other_values'
    | 'completed'
}

/** `final` is the move of the last step that nothing before leads to. */
export function explain(
  pattern: SequencePattern,
  steps: readonly StepState[],
  final: Move,
): Violation {
  let otherValues: number | null = null
  for (const [index, { entries, lost }] of [...steps.entries()].toReversed()) {
    const keeps = pattern.steps[index]?.keeps ?? []
    const isLike = (taken: { readonly values: readonly string[] }): boolean =>
      agrees({ names: keeps, values: taken.values }, final.values, pattern.kind)
    const isAlive = entries.some(isLike)
    const reason = lost !== null && isLike(lost) ? lost.reason : null
    if (isAlive || reason !== null) {
      // The last of the steps before was taken, so it is that one which has to be taken anew.
      if (index === steps.length - 1) {
        return missing(index, isAlive ? 'used_up' : (reason ?? 'missing'))
      }
      return otherValues === null
        ? missing(index + 1, 'missing')
        : missing(otherValues, 'other_values')
    }
    if (otherValues === null && (entries.length > 0 || lost !== null)) otherValues = index
  }
  return otherValues === null ? missing(0, 'missing') : missing(otherValues, 'other_values')
}

function missing(index: number, reason: Violation['reason']): Violation {
  return { kind: 'require', missingStep: index + 1, reason }
}
