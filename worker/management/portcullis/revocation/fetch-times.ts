/** When a revocation list is fetched again: when it says that a newer one comes, at least hourly; after a failure sooner. */

const MINUTE_MS = 60_000

/** The longest pause, whatever a list or a failure says. */
const INTERVAL_MAX_MS = 60 * MINUTE_MS

/** The shortest pause after a success: a list that is always about to end must not be fetched without end. */
const INTERVAL_MIN_MS = 5 * MINUTE_MS

const FIRST_RETRY_MS = MINUTE_MS

/** `nextUpdateMs` is the list's own word, `null` when it has none. */
export function nextAfterSuccess(nowMs: number, nextUpdateMs: number | null): number {
  // A list that is past its end already is replaced at an unknown time.
  const wantedMs = nextUpdateMs === null || nextUpdateMs <= nowMs ? Infinity : nextUpdateMs - nowMs
  return nowMs + Math.min(INTERVAL_MAX_MS, Math.max(INTERVAL_MIN_MS, wantedMs))
}

/** Twice the pause that the failure before this one led to; `null` when there was none. */
export function nextAfterFailure(nowMs: number, lastPauseMs: number | null): number {
  const pauseMs = lastPauseMs === null ? FIRST_RETRY_MS : lastPauseMs * 2
  return nowMs + Math.min(INTERVAL_MAX_MS, Math.max(FIRST_RETRY_MS, pauseMs))
}
