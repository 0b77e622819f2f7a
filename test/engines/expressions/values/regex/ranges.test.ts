import { array, assert, integer, property, tuple } from 'fast-check'
import { expect, test } from 'vitest'
import {
  type CodeRange,
  complement,
  intersect,
  unite,
} from '../../../../../engines/expressions/values/regex/ranges.ts'

const ranges = array(tuple(integer({ min: 0, max: 255 }), integer({ min: 0, max: 9 }))).map(
  (pairs) =>
    unite(pairs.map(([first, length]) => ({ first, last: Math.min(first + length, 255) }))),
)
const isIn = (set: readonly CodeRange[], byte: number) =>
  set.some(({ first, last }) => first <= byte && byte <= last)
const bytes = Array.from({ length: 256 }, (_, byte) => byte)

test('united ranges are in order and apart', () => {
  assert(
    property(ranges, (set) => {
      expect(set.slice(1).every(({ first }, at) => first > (set[at]?.last ?? 0) + 1)).toBe(true)
    }),
  )
})

test('complement and intersection are those of sets', () => {
  assert(
    property(ranges, ranges, (left, right) => {
      const both = intersect(left, right)
      const others = complement(left, 'byte')
      for (const byte of bytes) {
        expect(isIn(both, byte)).toBe(isIn(left, byte) && isIn(right, byte))
        expect(isIn(others, byte)).toBe(!isIn(left, byte))
      }
    }),
  )
})

test('surrogates are in no complement of characters', () => {
  expect(complement([], 'point')).toEqual([
    { first: 0, last: 0xd7ff },
    { first: 0xe000, last: 0x10ffff },
  ])
})
