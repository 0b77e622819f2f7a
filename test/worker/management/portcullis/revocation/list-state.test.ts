import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../../worker/management/limits.ts'
import {
  type Received,
  replaceList,
} from '../../../../../worker/management/portcullis/revocation/list-state.ts'
import type { RevocationList } from '../../../../../worker/storage/resources/certificates.ts'

const received = (more: Partial<Received['read']> = {}, sha256 = 'b'): Received => ({
  mtlsCertificateId: 'ca',
  read: {
    issuerSpkiSha256: 'key',
    issuer: 'CN=Root',
    pointSha256: null,
    crlNumber: '10',
    thisUpdate: 1_800_000_000,
    nextUpdate: 1_800_086_400,
    entries: 3,
    parts: ['AAAA', 'BBBB'],
    ...more,
  },
  sha256,
  url: null,
  receivedAtMs: 1_800_000_001_000,
})

const stored = (more: Partial<RevocationList> = {}): RevocationList => ({
  id: 'stored',
  mtls_certificate_id: 'ca',
  issuer_spki_sha256: 'key',
  issuer: 'CN=Root',
  point_sha256: null,
  crl_number: '10',
  this_update: '2027-01-15T08:00:00.000Z',
  next_update: null,
  entries: 3,
  parts: 4,
  characters: 16,
  sha256: 'a',
  url: null,
  received_at: '2027-01-15T08:00:00.000Z',
  ...more,
})

describe('a list that comes into force', () => {
  test('is stored in parts', () => {
    const change = replaceList([], received(), 'new')
    expect(change).toMatchObject({
      ok: true,
      value: {
        list: { id: 'new', parts: 2, this_update: '2027-01-15T08:00:00.000Z' },
        puts: [
          { collection: 'revocation_list', id: 'new' },
          { id: 'new/0', body: { revocation_list_id: 'new', number: 0, serials: 'AAAA' } },
          { id: 'new/1', body: { revocation_list_id: 'new', number: 1, serials: 'BBBB' } },
        ],
        deletes: [],
      },
    })
  })

  test('takes the place of the former one, whose parts beyond its own go', () => {
    const change = replaceList([stored()], received(), 'new')
    expect(change).toMatchObject({
      ok: true,
      value: {
        list: { id: 'stored' },
        deletes: [
          { collection: 'revocation_list_part', id: 'stored/2' },
          { collection: 'revocation_list_part', id: 'stored/3' },
        ],
      },
    })
  })

  test('changes nothing when it is in force already', () => {
    const list = stored({ sha256: 'b' })
    expect(replaceList([list], received(), 'new')).toEqual({
      ok: true,
      value: { list, puts: [], deletes: [] },
    })
  })

  test.each([
    ['another key of the same name', stored({ issuer_spki_sha256: 'other' })],
    ['another authority', stored({ mtls_certificate_id: 'other' })],
    ['another name of the same key', stored({ issuer: 'CN=Former' })],
    ['another distribution point', stored({ point_sha256: 'other' })],
  ])('stands beside the list of %s', (_name, other) => {
    expect(replaceList([other], received(), 'new')).toMatchObject({
      ok: true,
      value: { list: { id: 'new' }, deletes: [] },
    })
  })

  test.each([
    ['a lower number', { crlNumber: '9' }, false],
    ['the same number', { crlNumber: '10' }, true],
    ['a higher number that is a smaller text', { crlNumber: '100' }, true],
    ['no number', { crlNumber: null }, true],
    ['an earlier date', { crlNumber: '11', thisUpdate: 1_799_999_999 }, false],
  ])('with %s', (_name, more, isTaken) => {
    expect(replaceList([stored()], received(more), 'new').ok).toBe(isTaken)
  })

  test.each([
    ['at', LIMITS.revocationCharactersTotalMax, true],
    ['above', LIMITS.revocationCharactersTotalMax + 1, false],
  ])('brings the zone %s its bound of serial numbers', (_name, total, isTaken) => {
    const other = stored({ issuer_spki_sha256: 'other', characters: total - 8 })
    expect(replaceList([other], received(), 'new').ok).toBe(isTaken)
  })

  test('does not count what it replaces', () => {
    const former = stored({ characters: LIMITS.revocationCharactersTotalMax })
    expect(replaceList([former], received(), 'new').ok).toBe(true)
  })
})
