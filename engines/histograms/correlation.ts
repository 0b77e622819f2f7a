/**
 * How closely two numbers go together, from sums alone: Pearson's coefficient of their logarithms, so that "twice as large
 * takes twice as long" is one, at whatever size. Logarithms are taken in whole steps: sums of whole numbers are exact, so
 * that it does not matter in which order they were added up.
 */

/** A pair of numbers, neither of them negative. */
export type Pair = { readonly x: number; readonly y: number }

/** Of the logarithms of all pairs. */
export type PairSums = {
  readonly pairs: number
  readonly x: number
  readonly y: number
  readonly xx: number
  readonly yy: number
  readonly xy: number
}

export const NO_PAIRS: PairSums = { pairs: 0, x: 0, y: 0, xx: 0, yy: 0, xy: 0 }

/** With 30 octaves the sums are exact up to 2.4 thousand million pairs; beyond, they are rounded. */
const STEPS_AN_OCTAVE = 64

export function sumsWith(sums: PairSums, pair: Pair): PairSums {
  const x = logarithm(pair.x)
  const y = logarithm(pair.y)
  return mergedSums(sums, { pairs: 1, x, y, xx: x * x, yy: y * y, xy: x * y })
}

export function mergedSums(one: PairSums, other: PairSums): PairSums {
  return {
    pairs: one.pairs + other.pairs,
    x: one.x + other.x,
    y: one.y + other.y,
    xx: one.xx + other.xx,
    yy: one.yy + other.yy,
    xy: one.xy + other.xy,
  }
}

/** From -1 to 1, 0 where the one says nothing about the other; null where one of them never changed. */
export function correlation({ pairs, x, y, xx, yy, xy }: PairSums): number | null {
  const spreadX = pairs * xx - x * x
  const spreadY = pairs * yy - y * y
  if (spreadX <= 0 || spreadY <= 0) return null
  const together = pairs * xy - x * y
  const coefficient = together / (Math.sqrt(spreadX) * Math.sqrt(spreadY))
  return Math.max(-1, Math.min(1, coefficient))
}

/** One more than the number, for 0 has no logarithm. */
function logarithm(value: number): number {
  return Math.round(Math.log2(value + 1) * STEPS_AN_OCTAVE)
}
