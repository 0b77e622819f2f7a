import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  compileBitMask,
  compileIntSet,
  parseInt64,
} from '../../../../engines/expressions/values/int-range.ts'

test.each([
  ['0', 0n],
  ['-12', -12n],
  ['-010', -10n],
  ['0123', 83n],
  ['0x1f5', 501n],
  ['9223372036854775807', 2n ** 63n - 1n],
  ['-9223372036854775808', -(2n ** 63n)],
])('%s is %s', (text, value) => {
  expect(parseInt64(text)).toBe(value)
})

test.each([
  '',
  '-',
  '0x',
  '089',
  '08',
  '1a',
  '0X1',
  '-0x1',
  '9223372036854775808',
  '-9223372036854775809',
])('%j is no integer', (text) => {
  expect(parseInt64(text)).toBeUndefined()
})

test('a set of ranges holds what one of its ranges holds', () => {
  const bound = fc.integer({ min: -50, max: 50 })
  const ranges = fc.array(
    fc.tuple(bound, bound).map(([a, b]) => ({ first: Math.min(a, b), last: Math.max(a, b) })),
    { maxLength: 8 },
  )
  fc.assert(
    fc.property(ranges, bound, (list, value) => {
      const isMember = compileIntSet(
        list.map(({ first, last }) => ({ first: BigInt(first), last: BigInt(last) })),
      )
      expect(isMember(value)).toBe(list.some(({ first, last }) => first <= value && value <= last))
    }),
  )
})

test('bitwise_and agrees with 64-bit arithmetic on safe integers', () => {
  const mask = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
  fc.assert(
    fc.property(fc.maxSafeInteger(), mask, (value, bits) => {
      expect(compileBitMask(bits)(value)).toBe((BigInt(value) & bits) !== 0n)
    }),
  )
})
