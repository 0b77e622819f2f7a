/**
 * What was counted, and when: the memory of a sliding window. Up to `marksMax` moments are remembered exactly; beyond that the
 * two neighbours that span least become one, and what is in a mark counts until its youngest part is out of the window. So
 * nothing is ever forgotten early, and nothing is kept longer than a sixteenth of the window too long: of 33 marks in one
 * window the spans of neighbouring pairs add up to at most two windows, so one of the 32 pairs spans at most a sixteenth.
 */
import { RATE_LIMITS } from './limits.ts'

type Mark = {
  /** When the oldest and the youngest of what it counts happened, in milliseconds since 1970. */
  readonly fromMs: number
  readonly atMs: number
  readonly count: number
}

/** Oldest first; no two of one moment. */
export type Marks = readonly Mark[]

export const NO_MARKS: Marks = []

/**
 * Only what is still in the window that ends now. What lies in the future was written before the clock went back: it happened
 * now at the latest, so that a window is neither lost nor kept for ever.
 */
export function withinWindow(marks: Marks, periodMs: number, nowMs: number): Marks {
  const startMs = nowMs - periodMs
  if ((marks[0]?.atMs ?? nowMs) > startMs && (marks.at(-1)?.atMs ?? 0) <= nowMs) return marks
  const past = marks.filter(({ atMs }) => atMs > startMs && atMs <= nowMs)
  const future = marks.filter(({ atMs }) => atMs > nowMs)
  return withCount(past, totalOf(future), nowMs)
}

export function totalOf(marks: Marks): number {
  let total = 0
  for (const { count } of marks) total += count
  return total
}

/** `atMs` is not before the last mark. */
export function withCount(marks: Marks, count: number, atMs: number): Marks {
  if (count === 0) return marks
  const mark = { fromMs: atMs, atMs, count }
  const last = marks.at(-1)
  if (last?.atMs === atMs) return [...marks.slice(0, -1), joined(last, mark)]
  const next = [...marks, mark]
  return next.length <= RATE_LIMITS.marksMax ? next : condensed(next)
}

/** Less by what was counted at that moment; what has left the window by now cannot be given back any more. */
export function withoutCount(marks: Marks, count: number, atMs: number): Marks {
  return marks
    .map((mark) =>
      mark.fromMs <= atMs && atMs <= mark.atMs
        ? { ...mark, count: Math.max(0, mark.count - count) }
        : mark,
    )
    .filter((mark) => mark.count > 0)
}

/** From when on at most `rest` is left in the window, if nothing more is counted. */
export function fallsToAtMs(marks: Marks, rest: number, periodMs: number): number {
  let total = totalOf(marks)
  for (const { atMs, count } of marks) {
    total -= count
    if (total <= rest) return atMs + periodMs
  }
  return 0
}

/** One mark fewer. */
function condensed(marks: Marks): Marks {
  let closest = 1
  let least = Infinity
  for (let n = 1; n < marks.length; n++) {
    const span = (marks[n]?.atMs ?? 0) - (marks[n - 1]?.fromMs ?? 0)
    if (span >= least) continue
    least = span
    closest = n
  }
  return marks.flatMap((mark, n) => {
    const next = marks[n + 1]
    if (n === closest - 1 && next !== undefined) return [joined(mark, next)]
    return n === closest ? [] : [mark]
  })
}

function joined(older: Mark, younger: Mark): Mark {
  return {
    fromMs: Math.min(older.fromMs, younger.fromMs),
    atMs: younger.atMs,
    count: older.count + younger.count,
  }
}
