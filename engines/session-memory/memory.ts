/**
 * What is remembered of one session, and one request of it: what the session did before, which sequence rules the request
 * breaks, and the memory as it is afterwards. A request that is refused here did not happen. Plain data, so that a memory can be
 * stored; whoever asks holds it and knows the time.
 */
import {
  advance,
  expiresAtMs as sequenceExpiresAtMs,
  type History,
  HISTORY_LIMITS,
  msecSinceOperation,
  previousOperations,
  type SequenceInput,
  type SequenceState,
  type TwoStepRule,
  twoStepViolation,
  type Violation,
  withOperation,
} from '#engines/sequences'
import {
  type Counts,
  countsExpireAtMs,
  type DistinctValues,
  type Repetitions,
  timesOf,
  valuesOf,
  withRequest,
  withValue,
} from './counts.ts'

export type SessionMemory = {
  readonly history?: History
  readonly sequences: { readonly [ruleId: string]: RememberedSequence }
  readonly distinct: Counts<DistinctValues>
  readonly requests: Counts<Repetitions>
}

type RememberedSequence = {
  readonly state: SequenceState
  readonly expiresAtMs: number
}

export type SessionEvent = {
  /** Id of the operation that is asked for. */
  readonly operation: string
  /** Cloudflare's rules that end with the operation, in their order. */
  readonly twoSteps: readonly (TwoStepRule & Judged)[]
  /** The patterns that the operation can be a step of, or interrupt. */
  readonly patterns: readonly (SequenceInput & Pick<Judged, 'isFinal'>)[]
  /** The hash of each path variable, and of the whole request; null where no rule asks for what is counted of them. */
  readonly variables: { readonly [name: string]: string } | null
  readonly request: string | null
}

type Judged = {
  readonly id: string
  /** A violation refuses the request, and is not only noted. */
  readonly isFinal: boolean
}

/** The session as the request finds it. */
export type SessionView = {
  /** Number of the request in its session. */
  readonly number: number
  /** Ids of operations, newest first. */
  readonly previous: readonly string[]
  readonly msecSince: { readonly [operation: string]: number }
  /** With the values of this request. */
  readonly distinct: { readonly [variable: string]: number }
  /** Without this request. */
  readonly repeats: number
  readonly violations: readonly SequenceViolation[]
}

type SequenceViolation = { readonly ruleId: string; readonly violation: Violation | null }

export type Remembered = {
  readonly memory: SessionMemory
  readonly view: SessionView
  readonly isRefused: boolean
}

export const NO_MEMORY: SessionMemory = { sequences: {}, distinct: {}, requests: {} }

export function remember(
  before: SessionMemory | undefined,
  event: SessionEvent,
  nowMs: number,
): Remembered {
  const memory = before ?? NO_MEMORY
  const history = withOperation(memory.history, event.operation, nowMs)
  const steps = event.patterns.map((input) => {
    const state = memory.sequences[input.pattern.id]?.state
    return { input, ...advance(state, input, { nowMs, number: history.number }) }
  })
  const twoSteps = event.twoSteps.filter((rule) =>
    twoStepViolation(rule, memory.history, { operation: event.operation, nowMs }),
  )
  const broken = steps.filter(({ violation }) => violation !== null)
  const isRefused =
    twoSteps.some(({ isFinal }) => isFinal) || broken.some(({ input }) => input.isFinal)
  const distinct = withVariables(memory.distinct, event, nowMs)
  const next: SessionMemory = {
    history,
    sequences: {
      ...live(memory.sequences, nowMs),
      ...Object.fromEntries(
        steps.map(({ input, state }) => [input.pattern.id, kept(input, state)]),
      ),
    },
    distinct,
    requests:
      event.request === null ? memory.requests : withRequest(memory.requests, event.request, nowMs),
  }
  const view: SessionView = {
    number: history.number,
    previous: previousOperations(memory.history, nowMs),
    msecSince: Object.fromEntries(msecSinceOperation(memory.history, nowMs)),
    distinct: Object.fromEntries(
      Object.keys(event.variables ?? {}).map((name) => [
        name,
        valuesOf(distinct, keyOf(event.operation, name), nowMs),
      ]),
    ),
    repeats: event.request === null ? 0 : timesOf(memory.requests, event.request, nowMs),
    violations: [
      ...twoSteps.map(({ id }) => ({ ruleId: id, violation: null })),
      ...broken.map(({ input, violation }) => ({ ruleId: input.pattern.id, violation })),
    ],
  }
  return { memory: isRefused ? memory : next, view, isRefused }
}

/** Steps that count only now, because the API has answered: those of the request with this number. */
export function confirm(
  memory: SessionMemory,
  inputs: readonly SequenceInput[],
  at: { readonly nowMs: number; readonly number: number },
): SessionMemory {
  const confirmed = inputs.map((input) => {
    const state = memory.sequences[input.pattern.id]?.state
    return [input.pattern.id, kept(input, advance(state, input, at).state)]
  })
  return { ...memory, sequences: { ...memory.sequences, ...Object.fromEntries(confirmed) } }
}

/** From when on the memory says no more than none. */
export function memoryExpiresAtMs({
  history,
  sequences,
  distinct,
  requests,
}: SessionMemory): number {
  return Math.max(
    (history?.recent[0]?.atMs ?? 0) + HISTORY_LIMITS.silenceMs,
    ...Object.values(sequences).map(({ expiresAtMs }) => expiresAtMs),
    countsExpireAtMs(distinct),
    countsExpireAtMs(requests),
  )
}

/** Rules may be gone that something is remembered of. */
function live(sequences: SessionMemory['sequences'], nowMs: number): SessionMemory['sequences'] {
  const entries = Object.entries(sequences)
  const current = entries.filter(([, { expiresAtMs }]) => expiresAtMs > nowMs)
  return current.length === entries.length ? sequences : Object.fromEntries(current)
}

function withVariables(
  before: SessionMemory['distinct'],
  { operation, variables }: SessionEvent,
  nowMs: number,
): SessionMemory['distinct'] {
  return Object.entries(variables ?? {}).reduce(
    (counts, [name, hash]) => withValue(counts, { key: keyOf(operation, name), hash, nowMs }),
    before,
  )
}

function keyOf(operation: string, variable: string): string {
  return `${operation}/${variable}`
}

function kept({ pattern }: SequenceInput, state: SequenceState): RememberedSequence {
  return { state, expiresAtMs: sequenceExpiresAtMs(state, pattern) }
}
