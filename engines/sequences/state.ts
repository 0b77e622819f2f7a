/**
 * What is remembered of a session for one pattern: for each step but the last, the ways in which the steps up to it were
 * taken. Two ways that agree in all that later steps ask for differ only in age, and the younger one is never worse: it is
 * closer in time, fewer requests have come between, it has been used less. So one of them is enough.
 */
import { SEQUENCE_LIMITS } from './limits.ts'
import type { PatternStep, SequenceMoment, SequencePattern } from './pattern.ts'

/** Plain JSON; hand it back as it came. */
export type SequenceState = {
  readonly fingerprint: string
  readonly steps: readonly StepState[]
}

export type StepState = {
  /** The one that was taken longest ago first. */
  readonly entries: readonly Entry[]
  /** Number of the last request that the next step's `without` names; 0 for none. */
  readonly brokenAt: number
  /** The youngest that is of no more use. Only explanations look at it. */
  readonly lost: Lost | null
}

export type Entry = {
  /** In the order of the step's `keeps`. */
  readonly values: readonly string[]
  readonly atMs: number
  readonly number: number
  /** How often the last step was taken since; counted before the last step, up to `atMost`. */
  readonly uses: number
}

type Loss = 'too_late' | 'not_immediately' | 'interrupted'

type Lost = {
  readonly values: readonly string[]
  readonly number: number
  readonly reason: Loss
}

/** What is remembered, or nothing when it is of another text of the pattern. */
export function stepsOf(
  state: SequenceState | undefined,
  { fingerprint, steps }: SequencePattern,
): readonly StepState[] {
  return state?.fingerprint === fingerprint ? state.steps : steps.slice(1).map(() => NOTHING)
}

const NOTHING: StepState = { entries: [], brokenAt: 0, lost: null }

/**
 * What of it can still lead to the next step. A clock that went back takes what it has overtaken along, so that nothing is
 * younger than now and the order in time stays the order of the requests.
 */
export function stillAlive(step: StepState, next: PatternStep, at: SequenceMoment): StepState {
  const { brokenAt } = step
  const entries: Entry[] = []
  let { lost } = step
  for (const entry of step.entries) {
    const reason = lossOf(entry, { brokenAt, next, at })
    if (reason === null) entries.push(entry.atMs <= at.nowMs ? entry : { ...entry, atMs: at.nowMs })
    else if (lost === null || lost.number <= entry.number) {
      lost = { values: entry.values, number: entry.number, reason }
    }
  }
  return { entries, brokenAt, lost }
}

/** With one more way; a state holds at most `entriesMax` of a step. */
export function withEntry(entries: readonly Entry[], entry: Entry): readonly Entry[] {
  const twin = entries.find(({ values }) => areEqual(values, entry.values))
  // Steps that count when they are answered may be counted in another order than they were asked for.
  if (twin !== undefined && twin.number > entry.number) return entries
  const all = [...entries.filter((each) => each !== twin), entry]
  return all.slice(-SEQUENCE_LIMITS.entriesMax)
}

/** From when on nothing of this can make a difference, in milliseconds; 0 when that is so already. */
export function expiresAtMs(state: SequenceState | undefined, pattern: SequencePattern): number {
  const ends = stepsOf(state, pattern).flatMap(({ entries }, index) => {
    const next = pattern.steps[index + 1]
    return next === undefined ? [] : entries.map(({ atMs }) => atMs + reachOf(next) + 1)
  })
  return Math.max(0, ...ends)
}

function lossOf(
  { atMs, number }: Entry,
  given: { readonly brokenAt: number; readonly next: PatternStep; readonly at: SequenceMoment },
): Loss | null {
  const { brokenAt, next, at } = given
  // The request that is judged is not between itself and what came before.
  if (number < brokenAt && brokenAt < at.number) return 'interrupted'
  if (at.nowMs - atMs > reachOf(next)) return 'too_late'
  return next.immediately && number + 1 < at.number ? 'not_immediately' : null
}

function reachOf({ withinMs }: PatternStep): number {
  return withinMs ?? SEQUENCE_LIMITS.memoryMs
}

function areEqual(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index])
}
