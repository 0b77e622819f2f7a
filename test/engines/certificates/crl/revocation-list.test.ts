/** What an operator may upload: whole lists of an authority of his, as OpenSSL makes them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'

import { openSerials, readCertificate, readRevocationList, spkiSha256 } from '#engines/certificates'

import { certificateDer, nowMs } from '../support.ts'
import {
  der,
  directoryNames,
  entry,
  extension,
  integer,
  makeCrl,
  makeParty,
  nowSeconds,
  octets,
  scope,
  type MakeCrl,
  type Party,
} from './support.ts'

let root: Party
let issuing: Party
let mute: Party

beforeAll(async () => {
  root = await makeParty({ name: 'Root', issuer: null, ca: true })
  issuing = await makeParty({ name: 'Issuing', issuer: root, ca: true })
  mute = await makeParty({ name: 'Mute', issuer: null, ca: true, usage: 0x04 })
})

async function read(wanted: MakeCrl) {
  const issuers = [root, issuing, mute].map(({ certificate }) => certificate)
  return readRevocationList({ bytes: await makeCrl(wanted), issuers, nowMs, allowSha1: false })
}

describe('taken', () => {
  test('a list of any certificate of the authority, told by its key', async () => {
    const list = await read({ signer: issuing, number: 12, entries: [entry(5), entry(6)] })
    expect(list).toEqual({
      ok: true,
      value: {
        issuerSpkiSha256: await spkiSha256(issuing.certificate),
        issuer: 'CN=Issuing',
        pointSha256: null,
        crlNumber: '12',
        thisUpdate: nowSeconds - 3600,
        nextUpdate: nowSeconds + 3600,
        entries: 2,
        parts: [expect.any(String)],
      },
    })
    const serials = openSerials(list.ok ? list.value.parts : [])
    expect(serials.ok && serials.value.has(octets(5))).toBe(true)
    expect(serials.ok && serials.value.has(octets(7))).toBe(false)
  })

  test('one that is out of date: what it revokes stays revoked', async () => {
    const list = await read({ signer: root, nextUpdate: nowSeconds - 1 })
    expect(list).toMatchObject({ ok: true, value: { nextUpdate: nowSeconds - 1 } })
  })

  test('one that does not say which key has signed it', async () => {
    expect(await read({ signer: root, namesKey: false })).toMatchObject({ ok: true })
  })
})

describe('refused', () => {
  test.each<[string, () => MakeCrl, object]>([
    [
      'a delta list',
      () => ({ signer: root, extensions: [extension(27, integer(1), true)] }),
      { reason: 'delta_list' },
    ],
    [
      'an indirect list',
      () => ({ signer: root, extensions: scope(der(0x84, octets(0xff))) }),
      { reason: 'indirect_list' },
    ],
    [
      'some reasons',
      () => ({ signer: root, extensions: scope(der(0x83, octets(1, 0x60))) }),
      { reason: 'partial_list', detail: 'some reasons' },
    ],
    [
      'authorities only',
      () => ({ signer: root, extensions: scope(der(0x82, octets(0xff))) }),
      { reason: 'partial_list', detail: 'authorities' },
    ],
    [
      'users only, of an authority that has others under it',
      () => ({ signer: root, extensions: scope(der(0x81, octets(0xff))) }),
      { reason: 'partial_list', detail: 'user certificates' },
    ],
    [
      'attribute certificates only',
      () => ({ signer: root, extensions: scope(der(0x85, octets(0xff))) }),
      { reason: 'partial_list', detail: 'attribute certificates' },
    ],
    [
      'an issuer without cRLSign',
      () => ({ signer: mute }),
      { reason: 'issuer_may_not_sign_lists' },
    ],
    [
      'a name of ours under another key',
      () => ({ signer: { ...root, keys: issuing.keys }, namesKey: false }),
      { reason: 'bad_signature' },
    ],
    [
      'a key identifier that is not ours',
      () => ({ signer: { ...root, keys: issuing.keys } }),
      { reason: 'unknown_issuer', issuer: 'CN=Root' },
    ],
    [
      'the future',
      () => ({ signer: root, thisUpdate: nowSeconds + 1 }),
      { reason: 'not_yet_valid', thisUpdate: nowSeconds + 1 },
    ],
  ])('%s', async (_name, wanted, error) => {
    expect(await read(wanted())).toEqual({ ok: false, error })
  })

  test('a distribution point with a name does not make a list partial, but tells it from others', async () => {
    const pointOf = async (name: string): Promise<string | null> => {
      const point = der(0xa0, directoryNames(0xa0, 'Root', name))
      const list = await read({ signer: root, extensions: scope(point) })
      if (!list.ok) throw new Error(list.error.reason)
      return list.value.pointSha256
    }
    expect(await pointOf('1')).toMatch(/^[\da-f]{64}$/)
    expect(await pointOf('1')).toBe(await pointOf('1'))
    expect(await pointOf('1')).not.toBe(await pointOf('2'))
  })

  test('any octet changed inside of what is signed', async () => {
    const bytes = await makeCrl({ signer: root, entries: [entry(5)] })
    const issuers = [root.certificate]
    const signedEnd = bytes.length - 90
    for (let at = 4; at < signedEnd; at += 7) {
      const changed = new Uint8Array(bytes)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(
        await readRevocationList({ bytes: changed, issuers, nowMs, allowSha1: false }),
      ).toMatchObject({ ok: false })
    }
  })
})

describe('lists of OpenSSL', () => {
  const folder = join(import.meta.dirname, '../../../vectors/revocation')
  const bytesOf = (file: string) => new Uint8Array(readFileSync(join(folder, file)))
  const openssl = (file: string) => {
    const issuer = readCertificate(
      certificateDer(new TextDecoder().decode(bytesOf('openssl-ca.pem'))),
    )
    const issuers = issuer.ok ? [issuer.value] : []
    return readRevocationList({ bytes: bytesOf(file), issuers, nowMs, allowSha1: false })
  }

  test.each([
    ['openssl-numbered.pem', '4096'],
    ['openssl-user-only.pem', '4097'],
  ])('%s', async (file, crlNumber) => {
    const list = await openssl(file)
    expect(list).toMatchObject({
      ok: true,
      value: { crlNumber, entries: 4, issuer: 'CN=List CA,O=Example' },
    })
    const serials = openSerials(list.ok ? list.value.parts : [])
    const has = (...serial: readonly number[]) => serials.ok && serials.value.has(octets(...serial))
    expect(has(0x01) && has(0x7f) && has(0x00, 0xa1, 0xb2)).toBe(true)
    expect(has(0xa1, 0xb2)).toBe(false)
  })

  test('version 1', async () => {
    expect(await openssl('openssl-version1.pem')).toMatchObject({
      ok: true,
      value: { crlNumber: null, entries: 3 },
    })
  })

  test('version 2 without a number is refused', async () => {
    const error = { reason: 'crl_number_missing' }
    expect(await openssl('openssl-unnumbered.pem')).toEqual({ ok: false, error })
  })
})
