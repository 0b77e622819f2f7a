/** Sets of code points as ranges: just enough set arithmetic for the guard. */
import type { CodeRange } from './tree.ts'

const POINT_MAX = 0x10ffff
export const NON_ASCII: CodeRange = { first: 0x80, last: POINT_MAX }
const CASE_DISTANCE = 32

/** Whether some code point is in both sets. */
export function hasOverlap(left: readonly CodeRange[], right: readonly CodeRange[]): boolean {
  return left.some((a) => right.some((b) => a.first <= b.last && b.first <= a.last))
}

/** Everything that is in none of the ranges. */
export function complement(ranges: readonly CodeRange[]): readonly CodeRange[] {
  const gaps: CodeRange[] = []
  let next = 0
  for (const range of [...ranges].sort((left, right) => left.first - right.first)) {
    if (range.first > next) gaps.push({ first: next, last: range.first - 1 })
    next = Math.max(next, range.last + 1)
  }
  if (next <= POINT_MAX) gaps.push({ first: next, last: POINT_MAX })
  return gaps
}

/** Adds what else matches when case is ignored: the other case of A–Z, and anything beyond ASCII. */
export function foldRanges(ranges: readonly CodeRange[]): readonly CodeRange[] {
  const upper = ranges.flatMap((range) => shift(range, { first: 0x61, last: 0x7a }, -CASE_DISTANCE))
  const lower = ranges.flatMap((range) => shift(range, { first: 0x41, last: 0x5a }, CASE_DISTANCE))
  return [...ranges, ...upper, ...lower, NON_ASCII]
}

function shift(range: CodeRange, within: CodeRange, distance: number): readonly CodeRange[] {
  const first = Math.max(range.first, within.first)
  const last = Math.min(range.last, within.last)
  return first > last ? [] : [{ first: first + distance, last: last + distance }]
}
