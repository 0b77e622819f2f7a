/**
 * Steps one pattern by one request of a session, and says whether the request breaks the rule. Pure: the state of before
 * and what the request is go in, the state of after comes out. The work and the state are bounded by the pattern alone,
 * however long the session is.
 *
 * `advance` gives the state as it is when the request is let through. Who refuses the request keeps the old state: a
 * request that was refused did not happen.
 *
 * Where steps count once they are answered, call it twice: for the request with the moves of the last step and the breaks,
 * for its answer with the other moves and no breaks, at the time of the answer under the number of the request.
 */
import { explain, type Violation } from './explain.ts'
import type { Move, SequenceInput, SequenceMoment } from './pattern.ts'
import {
  type Entry,
  type SequenceState,
  stepsOf,
  type StepState,
  stillAlive,
  withEntry,
} from './state.ts'
import { agrees, keptValues } from './values.ts'

export type Advance = {
  readonly state: SequenceState
  readonly violation: Violation | null
}

export function advance(
  state: SequenceState | undefined,
  input: SequenceInput,
  at: SequenceMoment,
): Advance {
  const { pattern } = input
  const steps = stepsOf(state, pattern).map((step, index) => {
    const next = pattern.steps[index + 1]
    return next === undefined ? step : stillAlive(step, next, at)
  })
  const request: Request = { ...input, steps, at }
  return {
    // Every step is taken from what was before, so that one request is never two steps of one sequence.
    state: {
      fingerprint: pattern.fingerprint,
      steps: steps.map((step, index) => taken(step, index, request)),
    },
    violation: violationOf(request),
  }
}

type Request = SequenceInput & {
  /** What is still alive. */
  readonly steps: readonly StepState[]
  readonly at: SequenceMoment
}

function violationOf(request: Request): Violation | null {
  const { pattern, moves, steps } = request
  const last = pattern.steps.length - 1
  const finals = moves.filter(({ step }) => step === last)
  const [first] = finals
  if (first === undefined) return null
  const found = finals.flatMap((move) => continued(move, request))
  const atMost = pattern.steps[last]?.atMost ?? null
  const isFree = atMost === null ? found.length > 0 : found.some(({ uses }) => uses < atMost)
  if (pattern.kind === 'require') return isFree ? null : explain(pattern, steps, first)
  if (found.length === 0 || (atMost !== null && isFree)) return null
  return { kind: 'forbid', missingStep: null, reason: atMost === null ? 'completed' : 'used_up' }
}

/** The entries of the step before that the move continues; of those that are alive, only the values are left to judge. */
function continued({ step, values }: Move, { pattern, steps, at }: Request): readonly Entry[] {
  const keeps = pattern.steps[step - 1]?.keeps ?? []
  const entries = steps[step - 1]?.entries ?? []
  return entries.filter(
    (entry) =>
      entry.number < at.number &&
      agrees({ names: keeps, values: entry.values }, values, pattern.kind),
  )
}

/** One step as it is after the request. */
function taken(step: StepState, index: number, request: Request): StepState {
  const { pattern, moves, breaks, at } = request
  const used = index === pattern.steps.length - 2 ? withUses(step.entries, request) : step.entries
  const entries = moves
    .filter((move) => move.step === index)
    .flatMap((move) => newEntries(move, request))
    .reduce(withEntry, used)
  // What this request itself began stands: it is not between itself and what comes.
  const brokenAt = breaks.includes(index + 1) ? Math.max(step.brokenAt, at.number) : step.brokenAt
  return { ...step, entries, brokenAt }
}

function newEntries(move: Move, request: Request): readonly Entry[] {
  const { pattern, steps, at } = request
  // Answered after the next step's `without` was asked for: what this would begin is interrupted already.
  if ((steps[move.step]?.brokenAt ?? 0) > at.number) return []
  const keeps = pattern.steps[move.step]?.keeps ?? []
  const before = move.step === 0 ? [NOTHING_BEFORE] : continued(move, request)
  const keptBefore = pattern.steps[move.step - 1]?.keeps ?? []
  return before.flatMap((entry) => {
    const kept = { names: keptBefore, values: entry.values }
    const values = keptValues(move.values, { keeps, before: kept, kind: pattern.kind })
    return values === null ? [] : [{ values, atMs: at.nowMs, number: at.number, uses: 0 }]
  })
}

const NOTHING_BEFORE: Pick<Entry, 'values'> = { values: [] }

/** Whoever takes the last step uses up all that it could have continued. */
function withUses(entries: readonly Entry[], { pattern, moves }: Request): readonly Entry[] {
  const last = pattern.steps.length - 1
  const atMost = pattern.steps[last]?.atMost ?? null
  const keeps = pattern.steps[last - 1]?.keeps ?? []
  const finals = moves.filter(({ step }) => step === last)
  if (atMost === null || finals.length === 0) return entries
  return entries.map((entry) => {
    const kept = { names: keeps, values: entry.values }
    const isUsed = finals.some(({ values }) => agrees(kept, values, pattern.kind))
    return isUsed ? { ...entry, uses: Math.min(entry.uses + 1, atMost) } : entry
  })
}
