/** What the automaton is given: a rule as it is stepped, what a request can be in it, and when the request came. */

/** One rule as it is stepped. Which operation can be which step is worked out before (compile.ts); here are only numbers and names. */
export type SequencePattern = {
  readonly id: string
  /** Another text is another pattern: what a session did under the old one says nothing. */
  readonly fingerprint: string
  /** `require`: who takes the last step must have taken those before. `forbid`: nobody completes it. */
  readonly kind: 'require' | 'forbid'
  /** 2 to 10. */
  readonly steps: readonly PatternStep[]
}

export type PatternStep = {
  /** Milliseconds since the step before; `null` is `SEQUENCE_LIMITS.memoryMs`. */
  readonly withinMs: number | null
  /** No other request of the session in between. */
  readonly immediately: boolean
  /** Last step only: this often for each time the steps before were taken. */
  readonly atMost: number | null
  /** Of the names bound up to here, those that a later step needs. */
  readonly keeps: readonly string[]
}

/**
 * A step that the request can be, counted from 0, with the (hashed) values of all names of that step. A value that the
 * request does not have is the empty text (values.ts).
 */
export type Move = {
  readonly step: number
  readonly values: { readonly [name: string]: string }
}

export type SequenceInput = {
  readonly pattern: SequencePattern
  readonly moves: readonly Move[]
  /** Steps, counted from 0, whose `without` names this operation. */
  readonly breaks: readonly number[]
}

export type SequenceMoment = {
  readonly nowMs: number
  /** Number of this request in its session: 1, 2, 3 … over all operations. */
  readonly number: number
}
