import {
  bandsOf,
  correlationOf,
  EMPTY_RELATION,
  HISTOGRAM_VALUE_MAX,
  mergedRelations,
  pairsOf,
  quantile,
  type Relation,
  RELATION_LAST_BAND,
  RELATION_SECOND_MAX,
  withPair,
} from '#engines/histograms'
import { array, assert, double, integer, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'

type Pair = { readonly x: number; readonly y: number }

const of = (pairs: readonly Pair[]): Relation => pairs.reduce(withPair, EMPTY_RELATION)
const cross = (xs: readonly number[], ys: readonly number[]): readonly Pair[] =>
  xs.flatMap((x) => ys.map((y) => ({ x, y })))

const pairs = array(
  record({
    x: integer({ min: 0, max: HISTOGRAM_VALUE_MAX }),
    y: integer({ min: 0, max: RELATION_SECOND_MAX }),
  }),
  { minLength: 1, maxLength: 50 },
)

test('merging is the same as counting all together, in any order', () => {
  assert(
    property(pairs, pairs, (one, other) => {
      const together = of([...one, ...other])
      expect(mergedRelations(of(one), of(other))).toEqual(together)
      expect(mergedRelations(of(other), of(one))).toEqual(together)
    }),
  )
})

describe('bands', () => {
  test.each<[number, number, number | null]>([
    [0, 0, 0],
    [3, 3, 3],
    [4, 4, 5],
    [5, 4, 5],
    [6, 6, 7],
    [8, 8, 11],
    [12, 12, 15],
    [1_023, 768, 1_023],
    [1_024, 1_024, 1_535],
    [RELATION_LAST_BAND - 1, 786_432, RELATION_LAST_BAND - 1],
    [RELATION_LAST_BAND, RELATION_LAST_BAND, null],
    [2 ** 52, RELATION_LAST_BAND, null],
  ])('%i is from %i to %s', (x, lower, upper) => {
    expect(bandsOf(of([{ x, y: 1 }]))).toMatchObject([{ lower, upper }])
  })

  test('are 41 at most, of at most 120 counts', () => {
    const powers = Array.from({ length: 53 }, (_, n) => 2 ** n)
    const xs = powers.flatMap((power) => [power - 1, power, Math.floor(power * 1.5)])
    const ys = Array.from({ length: 1_000 }, (_, n) => Math.floor(1.013 ** n))
    const { bands } = of(cross(xs, [0, ...ys, ...Array.from({ length: 16 }, (_, n) => n)]))
    expect(Object.keys(bands)).toHaveLength(41)
    for (const { counts } of Object.values(bands)) expect(Object.keys(counts)).toHaveLength(120)
  })

  test('ascend, and each holds what is in it and nothing else', () => {
    assert(
      property(pairs, double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const bands = bandsOf(of(all))
        expect(bands.map(({ lower }) => lower)).toEqual(
          bands.map(({ lower }) => lower).toSorted((a, b) => a - b),
        )
        for (const { lower, upper, seconds } of bands) {
          const inside = all
            .filter(({ x }) => x >= lower && x <= (upper ?? Infinity))
            .map(({ y }) => y)
            .toSorted((a, b) => a - b)
          expect(seconds.total).toBe(inside.length)
          const exact = inside[Math.max(0, Math.ceil(share * inside.length) - 1)] ?? 0
          const found = quantile(seconds, share)
          expect(found).toBeGreaterThanOrEqual(exact)
          expect(found).toBeLessThanOrEqual(exact < 16 ? exact : exact * 1.125)
        }
      }),
    )
  })

  test('what took longer than the longest took the longest', () => {
    const [band] = bandsOf(of([{ x: 1, y: 2 ** 40 }]))
    expect(band?.seconds.max).toBe(RELATION_SECOND_MAX)
  })
})

describe('the correlation', () => {
  const powers = Array.from({ length: 12 }, (_, n) => 2 ** n - 1)

  test.each<[string, readonly Pair[], number | null]>([
    ['of nothing', [], null],
    ['of one pair', [{ x: 3, y: 3 }], null],
    ['of what never changed', cross([7], [1, 2, 3]), null],
    ['of what always took as long', cross([1, 2, 3], [7]), null],
    ['of what takes twice as long when it is twice as large', powers.map((x) => ({ x, y: x })), 1],
    ['of what takes less', powers.map((x) => ({ x, y: 2_048 / (x + 1) - 1 })), -1],
    ['of what has nothing to do with each other', cross(powers, powers), 0],
  ])('%s', (_name, all, coefficient) => {
    const relation = of(all)
    expect(pairsOf(relation)).toBe(all.length)
    if (coefficient === null) expect(correlationOf(relation)).toBeNull()
    else expect(correlationOf(relation)).toBeCloseTo(coefficient, 10)
  })

  test('sees no difference where there is none, after a thousand million pairs either', () => {
    const largest = { x: HISTOGRAM_VALUE_MAX, y: RELATION_SECOND_MAX }
    let relation = of([largest, largest, largest])
    for (let doubled = 0; doubled < 29; doubled++) relation = mergedRelations(relation, relation)
    expect(pairsOf(relation)).toBe(3 * 2 ** 29)
    expect(correlationOf(relation)).toBeNull()
    const more = mergedRelations(relation, of([{ x: 0, y: 0 }]))
    expect(correlationOf(more)).toBeCloseTo(1, 6)
  })

  test("is Pearson's of the logarithms, within the rounding of these", () => {
    const spread = record({
      x: integer({ min: 0, max: 10_000 }),
      y: integer({ min: 0, max: 10_000 }),
    })
    assert(
      property(array(spread, { minLength: 20, maxLength: 100 }), (all) => {
        const exact = pearson(
          all.map(({ x }) => Math.log(x + 1)),
          all.map(({ y }) => Math.log(y + 1)),
        )
        const found = correlationOf(of(all))
        // Where nearly nothing varies the rounding is what does.
        if (exact !== null && found !== null) expect(found).toBeCloseTo(exact, 1)
      }),
    )
  })
})

/** As the textbook has it, with the means known beforehand; null where nothing varies much. */
function pearson(xs: readonly number[], ys: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
  const [meanX, meanY] = [mean(xs), mean(ys)]
  const varianceX = mean(xs.map((x) => (x - meanX) ** 2))
  const varianceY = mean(ys.map((y) => (y - meanY) ** 2))
  if (varianceX < 0.05 || varianceY < 0.05) return null
  const together = mean(xs.map((x, n) => (x - meanX) * ((ys[n] ?? 0) - meanY)))
  return together / Math.sqrt(varianceX * varianceY)
}
