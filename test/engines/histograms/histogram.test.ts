import {
  EMPTY_HISTOGRAM,
  HISTOGRAM_VALUE_MAX,
  type Histogram,
  merged,
  quantile,
  withValue,
} from '#engines/histograms'
import { array, assert, double, integer, property } from 'fast-check'
import { describe, expect, test } from 'vitest'

const of = (values: readonly number[]): Histogram => values.reduce(withValue, EMPTY_HISTOGRAM)
const value = integer({ min: 0, max: HISTOGRAM_VALUE_MAX })
const share = double({ min: 0, max: 1, noNaN: true })

function exactQuantile(values: readonly number[], part: number): number {
  const ascending = values.toSorted((a, b) => a - b)
  return ascending[Math.max(0, Math.ceil(part * values.length) - 1)] ?? 0
}

describe('a quantile', () => {
  test.each([0, 1, 63, 64, 65, 127, 128, HISTOGRAM_VALUE_MAX])('of %i alone is exact', (only) => {
    expect(quantile(of([only]), 0.99)).toBe(only)
  })

  test('of nothing is 0', () => {
    expect(quantile(EMPTY_HISTOGRAM, 0.5)).toBe(0)
  })

  test('is never too low and at most 3.2 % too high, exact below 64', () => {
    assert(
      property(array(value, { minLength: 1, maxLength: 50 }), share, (values, part) => {
        const exact = exactQuantile(values, part)
        const found = quantile(of(values), part)
        expect(found).toBeGreaterThanOrEqual(exact)
        expect(found).toBeLessThanOrEqual(exact < 64 ? exact : exact * 1.032)
      }),
    )
  })

  test('of what is larger than the largest is the largest', () => {
    expect(quantile(of([2 ** 52]), 1)).toBe(HISTOGRAM_VALUE_MAX)
  })
})

test('merging is the same as counting all together', () => {
  assert(
    property(array(value), array(value), (one, other) => {
      expect(merged(of(one), of(other))).toEqual(of([...one, ...other]))
    }),
  )
})
