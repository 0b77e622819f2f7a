import { Buffer } from 'node:buffer'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  byteLength,
  compareText,
  decodeBytes,
  encodeText,
  hasEscapedBytes,
  lowerAscii,
  toByteString,
  upperAscii,
} from '../../../../engines/expressions/values/bytes.ts'

const bytes = fc.uint8Array({ maxLength: 12 })
/** Bytes that come close to UTF-8: valid, cut off, overlong, surrogates, beyond U+10FFFF. */
const nearUtf8 = fc
  .array(
    fc.constantFrom(
      [0x41],
      [0xc3, 0xa9],
      [0xc3],
      [0xa9],
      [0xe2, 0x82, 0xac],
      [0xe0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf0, 0x9f, 0x98, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xff],
    ),
  )
  .map((parts) => Uint8Array.from(parts.flat()))
/** JavaScript text with halves of surrogate pairs, which no bytes decode to. */
const jsText = fc
  .array(fc.constantFrom('a', 'é', '€', '😀', '\ud800', '\ud83d', '\ude00'))
  .map((parts) => parts.join(''))

test('text holds the bytes it was made from', () => {
  fc.assert(
    fc.property(fc.oneof(bytes, nearUtf8), (input) => {
      const text = decodeBytes(input)
      expect(encodeText(text)).toEqual([...input])
      expect(byteLength(text)).toBe(input.length)
      expect(toByteString(text)).toBe(Buffer.from(input).toString('latin1'))
    }),
  )
})

test('valid UTF-8 is decoded as everywhere, and nothing else is taken for it', () => {
  fc.assert(
    fc.property(fc.oneof(nearUtf8, bytes), (input) => {
      const expected = Buffer.from(input).toString('utf8')
      const isValid = Buffer.from(expected, 'utf8').equals(Buffer.from(input))
      const text = decodeBytes(input)
      expect(hasEscapedBytes(text)).toBe(!isValid)
      if (isValid) expect(text).toBe(expected)
    }),
  )
})

test('the order of texts is the order of their bytes', () => {
  fc.assert(
    fc.property(fc.oneof(bytes, nearUtf8), fc.oneof(bytes, nearUtf8), (left, right) => {
      const order = compareText(decodeBytes(left), decodeBytes(right))
      expect(Math.sign(order)).toBe(Buffer.compare(left, right))
    }),
  )
  expect(compareText('\u{ff5e}', '\u{1f600}')).toBeLessThan(0)
})

test('the length of any JavaScript text is the length TextEncoder gives, but for escaped bytes', () => {
  fc.assert(
    fc.property(jsText, (text) => {
      expect(byteLength(text)).toBe(new TextEncoder().encode(text).length)
    }),
  )
})

test('case is changed in ASCII only', () => {
  expect(lowerAscii('ÄBC İK')).toBe('Äbc İK'.replace('K', 'k'))
  expect(upperAscii('äbc ßı')).toBe('äBC ßı')
  expect(lowerAscii('ABC[`{')).toBe('abc[`{')
})
