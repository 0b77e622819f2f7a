/** Bounds on what a sequence rule may ask for and on what is remembered of a session, whatever its requests are. */
export type SequenceLimits = {
  readonly stepsMin: number
  readonly stepsMax: number
  /** Operations of one step, and as many in its `without`. */
  readonly operationsMax: number
  /** Names that hold the steps of one rule together. */
  readonly bindingsMax: number
  readonly nameCharactersMax: number
  /** Seconds between two steps. */
  readonly withinSecondsMax: number
  /** Uses of the steps before the last. */
  readonly atMostMax: number
  /** How long a step is remembered for the next one, in milliseconds, where the next one has no `within`. */
  readonly memoryMs: number
  /**
   * Ways in which the steps up to one of them were taken (other accounts, other documents) that are remembered for it. One
   * more, and the one that was taken longest ago is forgotten: a `require` then refuses what would have continued it, and
   * a `forbid` misses it. So a client that floods a rule shuts itself out of a `require`, and can slip by a `forbid` only
   * with 32 other values of its names in between.
   */
  readonly entriesMax: number
}

export const SEQUENCE_LIMITS: SequenceLimits = {
  stepsMin: 2,
  stepsMax: 10,
  operationsMax: 50,
  bindingsMax: 10,
  nameCharactersMax: 64,
  withinSecondsMax: 86_400,
  atMostMax: 1_000_000,
  memoryMs: 3_600_000,
  entriesMax: 32,
}

/** What `cf.sequence.*` and rules of two steps look at. Cloudflare's figures: ten operations, the current one among them. */
export type HistoryLimits = {
  /** Requests, the current one among them. */
  readonly operationsMax: number
  /** A session that was silent for so many milliseconds begins a new sequence. */
  readonly silenceMs: number
}

export const HISTORY_LIMITS: HistoryLimits = { operationsMax: 10, silenceMs: 600_000 }
