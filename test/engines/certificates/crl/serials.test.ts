/** Packed serial numbers find what is in them and nothing else, whatever the widths, and cost little. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { decodeBase64, encodeBase64 } from '../../../../engines/certificates/crl/base64.ts'
import { crlLimits } from '../../../../engines/certificates/crl/limits.ts'
import { openSerials, packSerials } from '../../../../engines/certificates/crl/serials.ts'
import { entry, octets, reason } from './support.ts'

function listOf(serials: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(serials.flatMap((serial) => [...entry(serial)]))
}

function open(parts: readonly string[]) {
  const set = openSerials(parts)
  if (!set.ok) throw new Error(set.error.reason)
  return set.value
}

/** A positive INTEGER in the fewest octets. */
const serials = fc
  .uint8Array({ minLength: 1, maxLength: 20 })
  .map((value) => Uint8Array.from([((value[0] ?? 0) % 127) + 1, ...value.subarray(1)]))

describe('packing', () => {
  test('finds every number of the list, and only these', () => {
    fc.assert(
      fc.property(fc.array(serials, { maxLength: 200 }), fc.array(serials), (revoked, others) => {
        const packed = packSerials(listOf(revoked))
        const set = open(packed.parts)
        const names = new Set(revoked.map(String))
        expect(packed.entries).toBe(names.size)
        expect(set.entries).toBe(names.size)
        expect(revoked.every((serial) => set.has(serial))).toBe(true)
        for (const other of others) expect(set.has(other)).toBe(names.has(String(other)))
      }),
    )
  })

  test.each([
    ['a negative number', octets(0xff), octets(0x7f)],
    ['a number whose first bit is set, with its sign', octets(0, 0xa1), octets(0xa1)],
    ['the widest number', new Uint8Array(crlLimits.serialOctetsMax).fill(1), octets(1)],
    ['zero', octets(0), octets()],
  ])('%s', (_name, serial, other) => {
    const set = open(packSerials(listOf([serial])).parts)
    expect(set.has(serial)).toBe(true)
    expect(set.has(other)).toBe(false)
  })

  test('a number that is there twice counts once; one that is taken off the list not at all', () => {
    const taken = entry(octets(9), reason(8))
    const { entries, parts } = packSerials(
      Uint8Array.from([...listOf([octets(5), octets(5)]), ...taken]),
    )
    expect(entries).toBe(1)
    expect(open(parts).has(octets(9))).toBe(false)
  })

  test('an empty list has no parts', () => {
    expect(packSerials(new Uint8Array())).toEqual({ entries: 0, parts: [] })
    expect(open([]).has(octets(1))).toBe(false)
  })

  test('parts are bounded, and their order does not matter', () => {
    const list = bigList(60_000, 20)
    const { parts, entries } = packSerials(list.entries)
    expect(parts.length).toBeGreaterThan(1)
    expect(parts.every(({ length }) => length <= crlLimits.partCharactersMax)).toBe(true)
    const set = open(parts.toReversed())
    expect(set.entries).toBe(entries)
    expect(list.serials.every((serial) => set.has(serial))).toBe(true)
  })

  test.each([
    ['no base64', '!'],
    ['half a head', encodeBase64(octets(1, 0))],
    ['fewer numbers than it says', encodeBase64(octets(1, 0, 0, 0, 2, 7))],
    ['no width', encodeBase64(octets(0, 0, 0, 0, 0))],
    ['too wide', encodeBase64(octets(crlLimits.serialOctetsMax + 1, 0, 0, 0, 0))],
  ])('a part that was not packed: %s', (_name, part) => {
    expect(openSerials([part])).toEqual({ ok: false, error: { reason: 'malformed', part: 0 } })
  })
})

describe('cost of 100,000 numbers', () => {
  const list = bigList(100_000, 16)
  const { parts } = packSerials(list.entries)

  // Generous bounds on a shared machine: a list walked number by number would take a thousand times as long.
  test('a look-up takes microseconds', () => {
    const set = open(parts)
    for (const serial of list.serials) set.has(serial)
    const start = performance.now()
    for (const serial of list.serials) set.has(serial)
    expect(performance.now() - start).toBeLessThan(2000)
  })

  test('opening takes milliseconds', () => {
    open(parts)
    const start = performance.now()
    open(parts)
    expect(performance.now() - start).toBeLessThan(200)
  })
})

describe('base64', () => {
  test('is that of everybody else', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const text = Buffer.from(bytes).toString('base64')
        expect(encodeBase64(bytes)).toBe(text)
        const broken = text.replaceAll(/(.{7})/g, '$1\r\n ')
        expect(decodeBase64(new TextEncoder().encode(broken))).toEqual(Uint8Array.from(bytes))
      }),
    )
  })

  test.each(['A', 'AA', 'AA=', 'AB==', 'AAB=', 'AAA=A', 'AA==AA==', '====', 'A-==', 'AAAA=', 'é'])(
    'refuses %s',
    (text) => {
      expect(decodeBase64(new TextEncoder().encode(text))).toBeNull()
    },
  )
})

/** Different numbers of one width, in an order that is not theirs. */
function bigList(count: number, width: number) {
  const length = entry(new Uint8Array(width).fill(1)).length
  const entries = new Uint8Array(count * length)
  const all = Array.from({ length: count }, (_, index) => {
    const serial = new Uint8Array(width).fill(0x11)
    new DataView(serial.buffer).setUint32(2, Math.imul(index + 1, 0x9e3779b1))
    return serial
  })
  for (const [index, serial] of all.entries()) entries.set(entry(serial), index * length)
  return { entries, serials: all }
}
