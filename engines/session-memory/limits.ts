/** Bounds on what is remembered of one session. */
export type SessionMemoryLimits = {
  /** Path variables of operations whose distinct values are counted; the one asked for longest ago makes room. */
  readonly distinctMax: number
  /** Requests that are told apart to count their repetitions; the one made longest ago makes room. */
  readonly requestsMax: number
  /** Milliseconds without a further value after which a count begins anew. */
  readonly idleMs: number
  /** Milliseconds after which a count begins anew in any case. */
  readonly ageMsMax: number
}

export const SESSION_MEMORY_LIMITS: SessionMemoryLimits = {
  distinctMax: 32,
  requestsMax: 64,
  idleMs: 60 * 60 * 1000,
  ageMsMax: 24 * 60 * 60 * 1000,
}
