/** What is read of a revocation list, and what makes one unusable. */
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'

import { readCrl } from '../../../../engines/certificates/crl/list.ts'
import { crlLimits } from '../../../../engines/certificates/crl/limits.ts'
import { encodeBase64 } from '../../../../engines/certificates/crl/base64.ts'
import {
  der,
  directoryNames,
  entry,
  extension,
  integer,
  makeCrl,
  makeParty,
  name,
  nowSeconds,
  octets,
  reason,
  type MakeCrl,
  type Party,
} from './support.ts'

let signer: Party

beforeAll(async () => {
  signer = await makeParty({ name: 'CA', issuer: null, ca: true })
})

async function read(wanted: Omit<MakeCrl, 'signer'>) {
  return readCrl(await makeCrl({ signer, ...wanted }))
}

describe('what a list says', () => {
  test('version 2: times, number, entries', async () => {
    const list = await read({ entries: [entry(1), entry(2, reason(1))], number: 7 })
    expect(list).toMatchObject({
      ok: true,
      value: {
        issuer: { comparable: signer.certificate.subject.comparable },
        thisUpdate: nowSeconds - 3600,
        nextUpdate: nowSeconds + 3600,
        number: 7n,
        baseNumber: null,
        scope: null,
        entryCount: 2,
      },
    })
  })

  test('version 1, and no time of the next', async () => {
    const list = await read({ version: 1, number: null, nextUpdate: null, entries: [entry(1)] })
    expect(list).toMatchObject({
      ok: true,
      value: { number: null, nextUpdate: null, entryCount: 1 },
    })
  })

  test('a delta list has the number that it builds on', async () => {
    const list = await read({ number: 9, extensions: [extension(27, integer(5), true)] })
    expect(list).toMatchObject({ ok: true, value: { number: 9n, baseNumber: 5n } })
  })

  test('the scope', async () => {
    const scope = der(
      0x30,
      der(0xa0, directoryNames(0xa0, 'CA', 'part')),
      der(0x81, octets(0xff)),
      der(0x83, octets(1, 0x60)),
      der(0x84, octets(0xff)),
    )
    const list = await read({ extensions: [extension(28, scope, true)] })
    expect(list).toMatchObject({
      ok: true,
      value: {
        scope: {
          names: [expect.stringContaining('part')],
          onlyUserCertificates: true,
          onlyAuthorityCertificates: false,
          onlyAttributeCertificates: false,
          isIndirect: true,
          reasons: 0b1100_0000,
        },
      },
    })
  })

  test('PEM says the same as DER', async () => {
    const bytes = await makeCrl({ signer, entries: [entry(1)] })
    expect(readCrl(pem(bytes))).toEqual(readCrl(bytes))
  })
})

describe('refused', () => {
  const unknown = der(0x30, der(0x06, octets(0x2a, 0x03)), der(0x01, octets(0xff)), der(0x04))
  const issuer = extension(29, directoryNames(0x30, 'other'), true)
  const malformed = { reason: 'malformed', detail: 'entries' }

  test.each<[string, Omit<MakeCrl, 'signer'>, object]>([
    [
      'a critical extension nobody knows',
      { extensions: [unknown] },
      { reason: 'unknown_critical_extension', oid: '1.2.3' },
    ],
    [
      'one in an entry',
      { entries: [entry(1, unknown)] },
      { reason: 'unknown_critical_entry_extension', oid: '1.2.3' },
    ],
    ['version 2 without a number', { number: null }, { reason: 'crl_number_missing' }],
    [
      'a critical number',
      { number: null, extensions: [extension(20, integer(1), true)] },
      { reason: 'malformed', detail: 'number' },
    ],
    [
      'a negative number',
      { number: null, extensions: [extension(20, integer(0xff))] },
      { reason: 'malformed', detail: 'number' },
    ],
    [
      'two numbers',
      { extensions: [extension(20, integer(2))] },
      { reason: 'malformed', detail: 'extensions' },
    ],
    ['version 1 with extensions', { version: 1 }, { reason: 'malformed', detail: 'structure' }],
    [
      'a scope out of order',
      { extensions: [extension(28, der(0x30, der(0x82, octets(0xff)), der(0x81, octets(0xff))))] },
      { reason: 'malformed', detail: 'issuing distribution point' },
    ],
    [
      'an issuer in an entry of a list that is not indirect',
      { entries: [entry(1, issuer)] },
      malformed,
    ],
    ['an entry that is no sequence', { entries: [integer(1)] }, malformed],
    ['an entry without a date', { entries: [der(0x30, integer(1))] }, malformed],
    ['a padded serial number', { entries: [entry(octets(0, 1))] }, malformed],
    ['a serial number of no octets', { entries: [entry(octets())] }, malformed],
    [
      'something after the extensions of an entry',
      { entries: [der(0x30, entry(1).subarray(2), integer(1))] },
      malformed,
    ],
    [
      'a reason of two octets',
      { entries: [entry(1, extension(21, der(0x0a, octets(1, 1))))] },
      malformed,
    ],
  ])('%s', async (_name, wanted, error) => {
    expect(await read(wanted)).toEqual({ ok: false, error })
  })

  test('bytes after the list, two lists in one text, text that is no PEM', async () => {
    const bytes = await makeCrl({ signer })
    const trailing = new Uint8Array([...bytes, 0])
    const twice = new Uint8Array([...pem(bytes), ...pem(bytes)])
    expect(readCrl(trailing)).toEqual({
      ok: false,
      error: { reason: 'malformed', detail: 'structure' },
    })
    expect(readCrl(twice)).toEqual({ ok: false, error: { reason: 'not_pem' } })
    expect(readCrl(new TextEncoder().encode('<html>'))).toEqual({
      ok: false,
      error: { reason: 'not_pem' },
    })
    expect(readCrl(new Uint8Array())).toEqual({ ok: false, error: { reason: 'not_pem' } })
  })

  test('another algorithm inside the signature than outside', async () => {
    const list = await makeCrl({ signer })
    const changed = new Uint8Array(list)
    const at = lastIndexOfAlgorithm(changed)
    changed[at] = 0x03
    expect(readCrl(changed)).toEqual({
      ok: false,
      error: { reason: 'malformed', detail: 'algorithm' },
    })
  })
})

describe('bounds', () => {
  const { serialOctetsMax, listBytesMax, entriesMax } = crlLimits

  test.each([
    [serialOctetsMax - 1, true],
    [serialOctetsMax, true],
    [serialOctetsMax + 1, false],
  ])('a serial number of %i octets', async (length, isTaken) => {
    const list = await read({ entries: [entry(new Uint8Array(length).fill(1))] })
    expect(list).toMatchObject(
      isTaken ? { ok: true } : { error: { reason: 'serial_too_long', octetsMax: serialOctetsMax } },
    )
  })

  test('a list of 100 MB is refused by its size', () => {
    const bytes = new Uint8Array(100_000_000)
    bytes[0] = 0x30
    const error = { reason: 'too_large', bytes: bytes.length, bytesMax: listBytesMax }
    expect(readCrl(bytes)).toEqual({ ok: false, error })
    bytes[0] = 0x2d
    expect(readCrl(bytes)).toMatchObject({ error: { reason: 'too_large' } })
  })

  test.each([
    [entriesMax - 1, true],
    [entriesMax, true],
    [entriesMax + 1, false],
  ])('%i entries', async (count, isTaken) => {
    const one = entry(1)
    const entries = new Uint8Array(count * one.length)
    for (let at = 0; at < entries.length; at += one.length) entries.set(one, at)
    expect(await read({ entries: [entries] })).toMatchObject(
      isTaken
        ? { ok: true, value: { entryCount: count } }
        : { error: { reason: 'too_many_entries', entriesMax } },
    )
  })
})

describe('any bytes', () => {
  test('changed in any place never throw', async () => {
    const scope = der(0x30, der(0xa0, der(0xa1, name('x').subarray(2))), der(0x84, octets(0xff)))
    const list = await makeCrl({
      signer,
      entries: [entry(1, reason(1)), entry(2, extension(29, directoryNames(0x30, 'CA'), true))],
      extensions: [extension(28, scope, true), extension(27, integer(1), true)],
    })
    const change = fc.record({ at: fc.nat(list.length - 1), octet: fc.nat(255) })
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 4 }),
        fc.nat(list.length),
        (changes, cut) => {
          const changed = new Uint8Array(list)
          for (const { at, octet } of changes) changed[at] = octet
          readCrl(changed)
          readCrl(changed.subarray(0, cut))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

function pem(bytes: Uint8Array): Uint8Array {
  const lines = encodeBase64(bytes).match(/.{1,64}/g) ?? []
  return new TextEncoder().encode(
    ['-----BEGIN X509 CRL-----', ...lines, '-----END X509 CRL-----', ''].join('\r\n'),
  )
}

/** The last octet of ecdsa-with-SHA256 (…04 03 02) outside of what is signed. */
function lastIndexOfAlgorithm(list: Uint8Array): number {
  for (let at = list.length - 1; at > 1; at--) {
    if (list[at] === 2 && list[at - 1] === 3 && list[at - 2] === 4 && list[at - 3] === 0x3d)
      return at
  }
  return -1
}
