import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compareIp, formatIp, parseIp } from '../../../../engines/expressions/values/ip.ts'
import {
  compileIpSet,
  formatIpRange,
  type IpRange,
  networkOf,
  parseIpRange,
} from '../../../../engines/expressions/values/ip-range.ts'

describe('membership', () => {
  test.each([
    ['10.0.0.0/8', '10.255.255.255', true],
    ['10.0.0.0/8', '11.0.0.0', false],
    ['10.0.0.0/8', '9.255.255.255', false],
    ['0.0.0.0/0', '255.255.255.255', true],
    ['0.0.0.0/0', '::', false],
    ['1.2.3.4/32', '1.2.3.4', true],
    ['1.2.3.4/32', '1.2.3.5', false],
    ['1.2.3.4/31', '1.2.3.5', true],
    ['001.02.3.04', '1.2.3.4', true],
    ['::/0', 'ffff::', true],
    ['::/0', '1.2.3.4', false],
    ['2001:db8::/33', '2001:db8:7fff::', true],
    ['2001:db8::/33', '2001:db8:8000::', false],
    ['2001:db8::/128', '2001:db8::1', false],
    ['::ffff:12.34.56.78/127', '::ffff:12.34.56.79', true],
    ['1.0.0.5..1.0.1.5', '1.0.1.0', true],
    ['1.0.0.5..1.0.1.5', '1.0.1.6', false],
  ])('%s holds %s: %s', (range, address, expected) => {
    const parsed = parseIpRange(range)
    const ip = parseIp(address)
    expect(parsed.ok && ip && compileIpSet([parsed.value])(ip)).toBe(expected)
  })

  test('overlapping, nested and unordered ranges are one set', () => {
    const ranges = ['10.0.0.0/8', '1.1.1.1', '10.1.0.0/16', '9.0.0.0..10.0.0.5', '::1'].flatMap(
      (text) => {
        const range = parseIpRange(text)
        return range.ok ? [range.value] : []
      },
    )
    const isMember = compileIpSet(ranges)
    const found = ['1.1.1.1', '1.1.1.2', '9.5.0.0', '10.200.0.0', '11.0.0.0', '::1', '::2'].filter(
      (text) => {
        const ip = parseIp(text)
        return ip !== undefined && isMember(ip)
      },
    )
    expect(found).toEqual(['1.1.1.1', '9.5.0.0', '10.200.0.0', '::1'])
  })
})

test.each([
  ['10.0.0.1/8', 'invalid_ip'],
  ['2001:db8::1/64', 'invalid_ip'],
  ['10.0.0.0/33', 'invalid_ip'],
  ['::/129', 'invalid_ip'],
  ['10.0.0.0/', 'invalid_ip'],
  ['10.0.0.0/8/8', 'invalid_ip'],
  ['10', 'invalid_ip'],
  ['1.1.1.2..1.1.1.1', 'invalid_range'],
  ['1.1.1.1..::1', 'invalid_range'],
  ['1.1.1.1..', 'invalid_ip'],
])('%s: %s', (text, code) => {
  expect(parseIpRange(text)).toMatchObject({ ok: false, error: { code } })
})

const ADDRESS = fc
  .oneof(fc.ipV4(), fc.ipV6())
  .map((text) => parseIp(text))
  .filter((ip) => ip !== undefined)
const RANGE: fc.Arbitrary<IpRange> = fc
  .tuple(ADDRESS, ADDRESS)
  .filter(([a, b]) => a.family === b.family)
  .map(([a, b]) => ((compareIp(a, b) ?? 0) > 0 ? { first: b, last: a } : { first: a, last: b }))

test('a set holds what one of its ranges holds', () => {
  const some = fc.array(RANGE, { maxLength: 6 })
  fc.assert(
    fc.property(some, ADDRESS, (ranges, ip) => {
      const isMember = compileIpSet(ranges)
      for (const one of [ip, ...ranges.flatMap(({ first, last }) => [first, last])]) {
        const expected = ranges.some(
          ({ first, last }) =>
            (compareIp(first, one) ?? 1) <= 0 && (compareIp(one, last) ?? 1) <= 0,
        )
        expect(isMember(one)).toBe(expected)
      }
    }),
  )
})

test('a range that is written down is read again', () => {
  fc.assert(
    fc.property(RANGE, (range) => {
      expect(parseIpRange(formatIpRange(range))).toEqual({ ok: true, value: range })
    }),
  )
})

test('a network is the start of the block that the address is in', () => {
  fc.assert(
    fc.property(ADDRESS, fc.nat(128), (ip, bits) => {
      const length = ip.family === 4 ? bits % 33 : bits
      const block = parseIpRange(`${formatIp(networkOf(ip, length))}/${length}`)
      expect(block.ok && compileIpSet([block.value])(ip)).toBe(true)
      if (block.ok) expect(parseIpRange(formatIpRange(block.value))).toEqual(block)
    }),
  )
})
