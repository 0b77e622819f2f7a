/**
 * How many different values there were, without keeping them: the smallest k of their hashes (k minimum values, Bar-Yossef
 * et al. 2002; Beyer et al. 2007). Exact to k values; beyond, the standard error is 1/√(k−2), 9 %. What is kept depends on
 * the values alone, not on their order or number, and merging two loses nothing.
 *
 * The hashes come from the caller and must be uniform. Where strangers choose the values, use a keyed hash: with a known
 * one they could choose values that count for many.
 */

/** Plain JSON. */
export type DistinctSketch = {
  /** The smallest different hashes, ascending, whole numbers below 2^52. */
  readonly smallest: readonly number[]
  /** Whether there were others. */
  readonly more: boolean
}

export const EMPTY_DISTINCT: DistinctSketch = { smallest: [], more: false }

/** Hashes that are kept: about 2 KiB as JSON. */
export const DISTINCT_KEPT = 128

const HEX_DIGITS = 13
const HASHES = 2 ** 52

/**
 * With one value more. Of a text its first 13 hex digits count, and a shorter one (8 digits: 32 bits) counts as the leading
 * digits of a hash; a number is a whole one below 2^52.
 *
 * @throws when it is no hash.
 */
export function withDistinct(sketch: DistinctSketch, hash: string | number): DistinctSketch {
  const value = typeof hash === 'number' ? hash : fromHex(hash)
  if (!Number.isInteger(value) || value < 0 || value >= HASHES) {
    throw new Error(`${hash} is no hash`)
  }
  const largest = sketch.smallest.at(-1)
  // Most values, once there are many.
  if (sketch.more && largest !== undefined && value >= largest) return sketch
  return mergedDistinct(sketch, { smallest: [value], more: false })
}

/** Of the values of both. */
export function mergedDistinct(one: DistinctSketch, other: DistinctSketch): DistinctSketch {
  const all = [...new Set([...one.smallest, ...other.smallest])].sort((a, b) => a - b)
  return {
    smallest: all.slice(0, DISTINCT_KEPT),
    more: one.more || other.more || all.length > DISTINCT_KEPT,
  }
}

/** Exact to 128, then an estimate. */
export function distinctCount({ smallest, more }: DistinctSketch): number {
  const largest = smallest.at(-1)
  if (!more || largest === undefined) return smallest.length
  const estimate = Math.round((smallest.length - 1) / ((largest + 1) / HASHES))
  return Math.max(smallest.length + 1, estimate)
}

function fromHex(text: string): number {
  const digits = text.slice(0, HEX_DIGITS)
  return /^[\da-f]+$/i.test(digits)
    ? Number.parseInt(digits.padEnd(HEX_DIGITS, '0'), 16)
    : Number.NaN
}
