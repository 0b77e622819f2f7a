/**
 * How one number goes with another: the distribution of the second in bands of the first, and how closely they correlate.
 * However many pairs there are, there are at most 41 bands of at most 120 counts each, and merging two loses nothing.
 */
import {
  correlation,
  mergedSums,
  NO_PAIRS,
  type Pair,
  type PairSums,
  sumsWith,
} from './correlation.ts'
import {
  EMPTY_HISTOGRAM,
  type Histogram,
  HISTOGRAM_VALUE_MAX,
  merged,
  withValue,
} from './histogram.ts'
import { bucketOf, firstOf, lastOf } from './scale.ts'

export type Relation = {
  /** By band: the second numbers. Bands without any are left out. */
  readonly bands: { readonly [band: string]: Histogram }
  readonly sums: PairSums
}

export const EMPTY_RELATION: Relation = { bands: {}, sums: NO_PAIRS }

/** Two bands an octave: 0, 1, 2, 3, 4–5, 6–7, 8–11, 12–15, 16–23 … */
const BAND_STEPS = 2
/** The last band begins here and has no end. */
export const RELATION_LAST_BAND = 2 ** 20

/** Eight counts an octave, exact below 16: a quantile is at most 12.5 % too high and never too low. */
const SECOND_STEPS = 8
/** Larger second numbers count as this one. */
export const RELATION_SECOND_MAX = 2 ** 17 - 1

/** One pair more, of whole numbers. */
export function withPair({ bands, sums }: Relation, pair: Pair): Relation {
  const x = Math.min(pair.x, HISTOGRAM_VALUE_MAX)
  const y = Math.min(pair.y, RELATION_SECOND_MAX)
  const band = bucketOf(Math.min(x, RELATION_LAST_BAND), BAND_STEPS)
  const second = lastOf(bucketOf(y, SECOND_STEPS), SECOND_STEPS)
  return {
    bands: { ...bands, [band]: withValue(bands[band] ?? EMPTY_HISTOGRAM, second) },
    sums: sumsWith(sums, { x, y }),
  }
}

/** All pairs of both. */
export function mergedRelations(one: Relation, other: Relation): Relation {
  const bands: { [band: string]: Histogram } = { ...one.bands }
  for (const [band, histogram] of Object.entries(other.bands)) {
    bands[band] = merged(bands[band] ?? EMPTY_HISTOGRAM, histogram)
  }
  return { bands, sums: mergedSums(one.sums, other.sums) }
}

export type Band = {
  /** Both are in it. */
  readonly lower: number
  /** Null: there is no end. */
  readonly upper: number | null
  readonly seconds: Histogram
}

/** Ascending, those without a pair left out. */
export function bandsOf({ bands }: Relation): readonly Band[] {
  return Object.entries(bands)
    .map(([band, seconds]) => ({ band: Number(band), seconds }))
    .sort((a, b) => a.band - b.band)
    .map(({ band, seconds }) => {
      const lower = firstOf(band, BAND_STEPS)
      const upper = lower === RELATION_LAST_BAND ? null : lastOf(band, BAND_STEPS)
      return { lower, upper, seconds }
    })
}

/** From -1 to 1; null where one of the numbers never changed. */
export function correlationOf({ sums }: Relation): number | null {
  return correlation(sums)
}

export function pairsOf({ sums }: Relation): number {
  return sums.pairs
}
