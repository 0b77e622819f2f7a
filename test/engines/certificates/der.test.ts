/** Only DER is read: everything BER allows beyond it is refused. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import {
  readBitString,
  readBoolean,
  readIntegerOctets,
  readObjectIdentifier,
  readSmallInteger,
  readTime,
} from '../../../engines/certificates/der-values.ts'
import { encodeElement, readElement, readElements } from '../../../engines/certificates/der.ts'
import { certificateLimits } from '../../../engines/certificates/limits.ts'

function element(tag: number, content: readonly number[] | string) {
  const octets = typeof content === 'string' ? [...Buffer.from(content)] : content
  const read = readElement(new Uint8Array([tag, octets.length, ...octets]))
  if (read === null) throw new Error('the test wrote no element')
  return read
}

describe('one element', () => {
  test.each([
    { name: 'short length', octets: [0x04, 0x01, 0xaa], accepted: true },
    { name: 'empty', octets: [0x05, 0x00], accepted: true },
    { name: 'nothing at all', octets: [], accepted: false },
    { name: 'a tag alone', octets: [0x04], accepted: false },
    { name: 'cut content', octets: [0x04, 0x02, 0xaa], accepted: false },
    { name: 'trailing octet', octets: [0x04, 0x01, 0xaa, 0x00], accepted: false },
    { name: 'indefinite length', octets: [0x30, 0x80, 0x00, 0x00], accepted: false },
    { name: 'long form for 1', octets: [0x04, 0x81, 0x01, 0xaa], accepted: false },
    { name: 'padded long form', octets: [0x04, 0x82, 0x00, 0x80], accepted: false },
    { name: 'multi-byte tag', octets: [0x1f, 0x81, 0x01, 0x00], accepted: false },
    { name: 'five length octets', octets: [0x04, 0x85, 1, 0, 0, 0, 0], accepted: false },
  ])('$name: accepted $accepted', ({ octets, accepted }) => {
    expect(readElement(new Uint8Array(octets)) !== null).toBe(accepted)
  })

  test('of 128 octets needs the long form', () => {
    const content = Array.from({ length: 128 }, () => 0)
    expect(readElement(new Uint8Array([0x04, 0x81, 0x80, ...content]))?.content).toHaveLength(128)
  })

  test('of any octets never throws', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (octets) => void readElement(octets)))
  })
})

test.each([
  { count: certificateLimits.elementsMax - 1, accepted: true },
  { count: certificateLimits.elementsMax, accepted: true },
  { count: certificateLimits.elementsMax + 1, accepted: false },
])('$count elements in one: accepted $accepted', ({ count, accepted }) => {
  const content = new Uint8Array(count * 2).map((_, index) => (index % 2 === 0 ? 5 : 0))
  expect(readElements(content) !== null).toBe(accepted)
})

test.each([
  { octets: [0x55, 0x04, 0x03], oid: '2.5.4.3' },
  { octets: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d], oid: '1.2.840.113549' },
  { octets: [0x88, 0x37], oid: '2.999' },
  { octets: [], oid: null },
  { octets: [0x55, 0x80, 0x03], oid: null },
  { octets: [0x55, 0x84], oid: null },
  { octets: Array.from({ length: 65 }, () => 1), oid: null },
])('object identifier $octets is $oid', ({ octets, oid }) => {
  expect(readObjectIdentifier(element(6, octets))).toBe(oid)
})

test.each([
  { octets: [0x00], accepted: true },
  { octets: [0x00, 0x80], accepted: true },
  { octets: [0x00, 0x7f], accepted: false },
  { octets: [0xff, 0x80], accepted: false },
  { octets: [0xff, 0x7f], accepted: true },
  { octets: [], accepted: false },
])('integer $octets: accepted $accepted', ({ octets, accepted }) => {
  expect(readIntegerOctets(element(2, octets)) !== null).toBe(accepted)
})

test.each([
  { octets: [0x7f, 0xff, 0xff, 0xff], value: 2 ** 31 - 1 },
  { octets: [0xff], value: null },
  { octets: [0x00, 0x80, 0x00, 0x00, 0x00], value: null },
])('small integer $octets is $value', ({ octets, value }) => {
  expect(readSmallInteger(element(2, octets))).toBe(value)
})

test.each([
  { octets: [0xff], value: true },
  { octets: [0x00], value: false },
  { octets: [0x01], value: null },
  { octets: [], value: null },
])('boolean $octets is $value', ({ octets, value }) => {
  expect(readBoolean(element(1, octets))).toBe(value)
})

test.each([
  { octets: [0, 0xaa], accepted: true },
  { octets: [4, 0xa0], accepted: true },
  { octets: [4, 0xa1], accepted: false },
  { octets: [8, 0x00], accepted: false },
  { octets: [1], accepted: false },
  { octets: [], accepted: false },
])('bit string $octets: accepted $accepted', ({ octets, accepted }) => {
  expect(readBitString(element(3, octets)) !== null).toBe(accepted)
})

test.each([
  { tag: 0x17, text: '491231235959Z', time: Date.UTC(2049, 11, 31, 23, 59, 59) },
  { tag: 0x17, text: '500101000000Z', time: Date.UTC(1950, 0) },
  { tag: 0x18, text: '20500101000000Z', time: Date.UTC(2050, 0) },
  { tag: 0x17, text: '2401010000Z', time: null },
  { tag: 0x17, text: '240101000000+0000', time: null },
  { tag: 0x18, text: '20240101000000.5Z', time: null },
  { tag: 0x18, text: '20240230000000Z', time: null },
  { tag: 0x0c, text: '240101000000Z', time: null },
])('time $text is $time', ({ tag, text, time }) => {
  expect(readTime(element(tag, text))).toBe(time === null ? null : time / 1000)
})

test.each([0, 1, 127, 128, 255, 256, 65_535])(
  '%i octets are read as they were written',
  (length) => {
    const content = new Uint8Array(length).fill(7)
    expect(readElement(encodeElement(0x04, content))).toMatchObject({ tag: 0x04, content })
  },
)
