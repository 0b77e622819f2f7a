/** Only RFC 9440's one form is decoded, within the edge's bounds. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { formatRfc9440Chain, parseRfc9440, parseRfc9440Chain } from '#engines/client-certificate'

const wrap = (octets: Uint8Array): string => `:${Buffer.from(octets).toString('base64')}:`

describe('a leaf', () => {
  test('comes back as its octets', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (octets) => {
        expect(parseRfc9440(wrap(octets))).toEqual(new Uint8Array(octets))
      }),
    )
  })

  test.each([
    '',
    ':',
    '::',
    'AAAA',
    ':AAAA',
    'AAAA:',
    ':AAA:',
    ':AA==AA==:',
    ':AA-_:',
    ':AA A:',
    ' :AAAA:',
    ':AAAA:;a=1',
    ':AAAA:\n',
  ])('%j is refused', (value) => {
    expect(parseRfc9440(value)).toBeNull()
  })

  // 10 KiB of characters with the two colons; base64 comes in fours.
  test.each([
    { characters: 10_238, accepted: true },
    { characters: 10_242, accepted: false },
  ])('of $characters characters: accepted $accepted', ({ characters, accepted }) => {
    expect(parseRfc9440(`:${'A'.repeat(characters - 2)}:`) !== null).toBe(accepted)
  })
})

describe('a chain', () => {
  test('keeps its order, with optional space round the commas', () => {
    expect(parseRfc9440Chain(':AAAA:, :AAAB:\t,:AAAC:')).toEqual([
      new Uint8Array([0, 0, 0]),
      new Uint8Array([0, 0, 1]),
      new Uint8Array([0, 0, 2]),
    ])
  })

  test('may be empty', () => {
    expect(parseRfc9440Chain('')).toEqual([])
  })

  test.each([',', ':AAAA:,', ',:AAAA:', ':AAAA: :AAAA:', ':AAAA:,x', ' '])(
    '%j is refused whole',
    (value) => {
      expect(parseRfc9440Chain(value)).toBeNull()
    },
  )

  test.each([
    { count: 9, accepted: true },
    { count: 10, accepted: true },
    { count: 11, accepted: false },
  ])('of $count certificates: accepted $accepted', ({ count, accepted }) => {
    const value = Array.from({ length: count }, () => ':AAAA:').join(',')
    expect(parseRfc9440Chain(value) !== null).toBe(accepted)
  })

  test.each([
    { characters: 16_382, accepted: true },
    { characters: 16_386, accepted: false },
  ])('of $characters characters: accepted $accepted', ({ characters, accepted }) => {
    expect(parseRfc9440Chain(`:${'A'.repeat(characters - 2)}:`) !== null).toBe(accepted)
  })
})

describe('a chain that is written', () => {
  test('is read back as it was', () => {
    const octets = fc.uint8Array({ minLength: 1, maxLength: 900 })
    fc.assert(
      fc.property(fc.array(octets, { maxLength: 10 }), (chain) => {
        const copies = chain.map((der) => new Uint8Array(der))
        expect(parseRfc9440Chain(formatRfc9440Chain(copies) ?? '')).toEqual(copies)
      }),
    )
  })

  test.each([
    { name: 'ten certificates', count: 10, octets: 3, isWritten: true },
    { name: 'eleven', count: 11, octets: 3, isWritten: false },
    // 4 × ⌈octets / 3⌉ and two colons.
    { name: '16 KiB', count: 1, octets: 12_285, isWritten: true },
    { name: 'more', count: 1, octets: 12_288, isWritten: false },
  ])('$name: $isWritten', ({ count, octets, isWritten }) => {
    const chain = Array.from({ length: count }, () => new Uint8Array(octets))
    expect(formatRfc9440Chain(chain) !== null).toBe(isWritten)
  })
})
