import {
  DISTINCT_KEPT,
  distinctCount,
  type DistinctSketch,
  EMPTY_DISTINCT,
  mergedDistinct,
  withDistinct,
} from '#engines/sketches'
import { array, assert, integer, property } from 'fast-check'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'

const hashOf = (value: number): string => createHash('sha256').update(String(value)).digest('hex')

function of(hashes: Iterable<string | number>): DistinctSketch {
  let sketch = EMPTY_DISTINCT
  for (const hash of hashes) sketch = withDistinct(sketch, hash)
  return sketch
}

const upTo = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => hashOf(index))

describe('the number of different values', () => {
  test.each([0, 1, 2, DISTINCT_KEPT - 1, DISTINCT_KEPT])('%i is exact', (count) => {
    const hashes = upTo(count)
    expect(distinctCount(of([...hashes, ...hashes]))).toBe(count)
  })

  test('one more is an estimate, and more than that', () => {
    const count = distinctCount(of(upTo(DISTINCT_KEPT + 1)))
    expect(count).toBeGreaterThan(DISTINCT_KEPT)
    expect(count).toBeLessThan(DISTINCT_KEPT * 1.3)
  })

  test.each([1_000, 10_000, 100_000])('%i is found within three standard errors', (count) => {
    const error = Math.abs(distinctCount(of(upTo(count))) - count) / count
    expect(error).toBeLessThan(3 / Math.sqrt(DISTINCT_KEPT - 2))
  })

  test('the error over many samples is the one that is promised: 9 % and no bias', () => {
    const errors = Array.from({ length: 200 }, (_, sample) => {
      const hashes = Array.from({ length: 2_000 }, (_each, index) => hashOf(sample * 2_000 + index))
      return distinctCount(of(hashes)) / 2_000 - 1
    })
    const bias = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const squares = errors.reduce((sum, error) => sum + error * error, 0) / errors.length
    expect(Math.abs(bias)).toBeLessThan(0.02)
    expect(Math.sqrt(squares)).toBeLessThan(0.105)
  })
})

test('merging is the same as counting all together, in whatever order and however often', () => {
  // So few different ones that many are the same.
  const hashes = array(integer({ min: 0, max: 400 }), { maxLength: 500 })
  assert(
    property(hashes, hashes, (one, other) => {
      const together = of([...other, ...one].map(hashOf))
      expect(mergedDistinct(of(one.map(hashOf)), of(other.map(hashOf)))).toEqual(together)
    }),
    { numRuns: 50 },
  )
})

test('what is kept is bounded, and plain JSON', () => {
  const sketch = of(upTo(20_000))
  expect(sketch.smallest).toHaveLength(DISTINCT_KEPT)
  expect(JSON.stringify(sketch).length).toBeLessThan(2_300)
  expect(JSON.parse(JSON.stringify(sketch))).toEqual(sketch)
})

describe('a hash', () => {
  test('of 32 bits counts as the beginning of a longer one', () => {
    const short = upTo(10_000).map((hash) => hash.slice(0, 8))
    expect(Math.abs(distinctCount(of(short)) / 10_000 - 1)).toBeLessThan(0.27)
  })

  test('as a number is the same as its 13 digits', () => {
    const hash = hashOf(1).slice(0, 13)
    expect(of([hash, Number.parseInt(hash, 16), hash.toUpperCase()])).toEqual(of([hash]))
  })

  test.each(['', 'xyz', '12 4', -1, 1.5, 2 ** 52, Number.NaN])('%s is none', (hash) => {
    expect(() => withDistinct(EMPTY_DISTINCT, hash)).toThrow('is no hash')
  })

  test.each([0, 2 ** 52 - 1, '0', 'f'.repeat(64)])('%s is one', (hash) => {
    expect(distinctCount(of([hash]))).toBe(1)
  })
})
