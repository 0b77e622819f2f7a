import { fail } from 'node:assert'
import { isIPv4, isIPv6 } from 'node:net'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compareIp, formatIp, parseIp } from '../../../../engines/expressions/values/ip.ts'

test.each([
  '0.0.0.0',
  '255.255.255.255',
  '::',
  '::1',
  '1::',
  '2001:db8::1',
  '2001:db8:0:1:1:1:1:1',
  '::ffff:1.2.3.4',
  'fe80::a:b:c:d',
])('%s is its own canonical text', (text) => {
  expect(formatIp(parse(text))).toBe(text)
})

test.each([
  ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
  ['0:0:0:0:0:0:0:1', '::1'],
  ['2001:0DB8::0001', '2001:db8::1'],
  ['1:0:0:2:0:0:0:3', '1:0:0:2::3'],
  ['64:ff9b::1.2.3.4', '64:ff9b::102:304'],
])('%s is the same as %s', (text, canonical) => {
  expect(formatIp(parse(text))).toBe(canonical)
})

test.each([
  '',
  '1',
  '1.2.3',
  '1.2.3.4.5',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4 ',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7:8::',
  '12345::',
  'g::',
  '1.2.3.4::',
  '::1.2.3.4:5',
  '::1.2.3',
  'fe80::1%eth0',
])('%j is no address', (text) => {
  expect(parseIp(text)).toBeUndefined()
})

test('accepts exactly what Node accepts', () => {
  const part = fc.constantFrom('0', '1', '255', '256', '00', 'ffff', 'g', ':', '::', '.', '1.2.3.4')
  const noise = fc.array(part, { maxLength: 12 }).map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), noise), (text) => {
      expect(parseIp(text) !== undefined, text).toBe(isIPv4(text) || isIPv6(text))
    }),
  )
})

test('the text of an address is an address that compares equal', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (text) => {
      const ip = parse(text)
      expect(compareIp(parse(formatIp(ip)), ip)).toBe(0)
    }),
  )
})

test('addresses of one family are ordered, others are incomparable', () => {
  expect(compareIp(parse('9.0.0.0'), parse('10.0.0.0'))).toBeLessThan(0)
  expect(compareIp(parse('255.0.0.0'), parse('1.0.0.0'))).toBeGreaterThan(0)
  expect(compareIp(parse('ffff::'), parse('::1'))).toBeGreaterThan(0)
  expect(compareIp(parse('1.2.3.4'), parse('::ffff:1.2.3.4'))).toBeUndefined()
})

function parse(text: string) {
  return parseIp(text) ?? fail(text)
}
