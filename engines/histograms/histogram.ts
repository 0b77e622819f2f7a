/**
 * Counts of whole numbers in fixed buckets: exact below 64, 32 buckets an octave above, so that a quantile is at most 3.2 %
 * too high and never too low. Histograms of equal numbers are equal, and adding two loses nothing.
 */
import { bucketOf, lastOf } from './scale.ts'

export type Histogram = {
  /** By bucket; buckets without a count are left out. */
  readonly counts: { readonly [bucket: string]: number }
  readonly total: number
  /** The largest number, exactly; 0 when there is none. */
  readonly max: number
}

export const EMPTY_HISTOGRAM: Histogram = { counts: {}, total: 0, max: 0 }

/** Buckets an octave. What is stored is numbered by it. */
const STEPS = 32
/** Larger numbers count as this one. */
export const HISTOGRAM_VALUE_MAX = 2 ** 30 - 1

/** One number more: whole, not negative. */
export function withValue(histogram: Histogram, value: number): Histogram {
  const counted = Math.min(value, HISTOGRAM_VALUE_MAX)
  const bucket = bucketOf(counted, STEPS)
  return {
    counts: { ...histogram.counts, [bucket]: (histogram.counts[bucket] ?? 0) + 1 },
    total: histogram.total + 1,
    max: Math.max(histogram.max, counted),
  }
}

/** All numbers of both. */
export function merged(one: Histogram, other: Histogram): Histogram {
  const counts: { [bucket: string]: number } = { ...one.counts }
  for (const [bucket, count] of Object.entries(other.counts)) {
    counts[bucket] = (counts[bucket] ?? 0) + count
  }
  return { counts, total: one.total + other.total, max: Math.max(one.max, other.max) }
}

/** The number that a share of all numbers do not exceed; `share` from 0 to 1; 0 when there are none. */
export function quantile({ counts, total, max }: Histogram, share: number): number {
  const wanted = Math.ceil(share * total)
  const ascending = Object.entries(counts)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .sort((a, b) => a.bucket - b.bucket)
  let seen = 0
  for (const { bucket, count } of ascending) {
    seen += count
    if (seen >= wanted) return Math.min(max, lastOf(bucket, STEPS))
  }
  return max
}
