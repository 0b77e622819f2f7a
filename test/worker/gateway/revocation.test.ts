/** Lists are decoded once, by whom they concern, and what is kept over a change of the zone is what has not changed. */
import { openSerials } from '#engines/certificates'
import { describe, expect, test, vi } from 'vitest'
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import { createRevocation } from '../../../worker/gateway/revocation.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'

const NOW_MS = 1_800_000_000_000

/** Group of one-octet numbers: width 1, count 2. */
const FIVE_AND_NINE = btoa(String.fromCharCode(1, 0, 0, 0, 2, 5, 9))

const zone: PublishedZone = {
  ...EMPTY_ZONE,
  client_certificate: [{ certificate_authority_id: 'managed', serial_number: '77' }],
  mtls_certificate: ['a', 'b'].map((id) => ({
    id,
    certificates: '',
    allow_sha1: false,
    revocation: { crl_urls: [], on_stale: 'refuse' },
  })),
  revocation_list: [
    { id: 'list', mtls_certificate_id: 'a', issuer_spki_sha256: 'k', next_update: null },
  ],
  revocation_list_part: [{ revocation_list_id: 'list', number: 0, serials: FIVE_AND_NINE }],
}

const engine = { openSerials: vi.fn(openSerials) }

function ask(
  revocation: ReturnType<typeof createRevocation>,
  authorityId: string,
  octet: number,
  issuers: readonly string[] = [authorityId === 'a' ? 'k' : authorityId],
) {
  const links = issuers.map((issuerSpkiSha256) => {
    return { issuerSpkiSha256, serial: Uint8Array.of(octet) }
  })
  const path = { authorityId, serialNumber: String(octet), links }
  if (!revocation.isOpen(path)) revocation.open(path, engine)
  return revocation.ask(path, NOW_MS).status
}

test.each([
  { authority: 'a', octet: 5, status: 'revoked' },
  { authority: 'a', octet: 9, status: 'revoked' },
  { authority: 'a', octet: 6, status: 'good' },
  { authority: 'b', octet: 5, status: 'good' },
  { authority: 'managed', octet: 77, status: 'revoked' },
  { authority: 'managed', octet: 5, status: 'good' },
  { authority: 'nobody', octet: 5, status: 'good' },
])('$octet of $authority is $status', ({ authority, octet, status }) => {
  expect(ask(createRevocation(zone, null), authority, octet)).toBe(status)
})

test('a list revokes under every authority that its issuer has a path to', () => {
  const revocation = createRevocation(zone, null)
  expect(ask(revocation, 'b', 5, ['k'])).toBe('revoked')
  expect(ask(revocation, 'managed', 9, ['other', 'k'])).toBe('revoked')
  expect(ask(revocation, 'b', 6, ['k'])).toBe('good')
})

describe('where lists are fetched', () => {
  const fetching = (on_stale: 'refuse' | 'accept', lists = zone.revocation_list) =>
    createRevocation(
      {
        ...zone,
        mtls_certificate: zone.mtls_certificate.map((each) => ({
          ...each,
          revocation: { crl_urls: ['http://lists.example/k.crl'], on_stale },
        })),
        revocation_list: lists,
      },
      null,
    )

  test.each([
    { name: 'the issuer of the leaf has one', issuers: ['k', 'root'], status: 'good' },
    { name: 'only another issuer has one', issuers: ['j', 'k'], status: 'unknown' },
    { name: 'no issuer has one', issuers: ['j', 'root'], status: 'unknown' },
  ])('$name: $status', ({ issuers, status }) => {
    expect(ask(fetching('refuse'), 'a', 6, issuers)).toBe(status)
  })

  test.each([
    { name: 'that is current', nextUpdateMs: NOW_MS + 1, status: 'good' },
    { name: 'that is out of date', nextUpdateMs: NOW_MS, status: 'unknown' },
  ])('one $name may have been brought for another authority: $status', (row) => {
    const next_update = new Date(row.nextUpdateMs).toISOString()
    const lists = zone.revocation_list.map((each) => ({ ...each, next_update }))
    expect(ask(fetching('refuse', lists), 'b', 6, ['k'])).toBe(row.status)
    // Where none is fetched, an old list of somebody else binds nobody.
    expect(ask(createRevocation({ ...zone, revocation_list: lists }, null), 'b', 6, ['k'])).toBe(
      'good',
    )
  })

  test('what cannot be told is accepted where the operator says so', () => {
    const links = [{ issuerSpkiSha256: 'j', serial: Uint8Array.of(6) }]
    const path = { authorityId: 'a', serialNumber: '6', links }
    expect(fetching('accept').ask(path, NOW_MS)).toEqual({
      status: 'unknown',
      reason: 'revocation_list_missing',
      accepted: true,
    })
  })
})

describe('decoding', () => {
  test('happens once, and not at all for others', () => {
    engine.openSerials.mockClear()
    const revocation = createRevocation(zone, null)
    ask(revocation, 'b', 5)
    ask(revocation, 'managed', 5)
    expect(engine.openSerials).not.toHaveBeenCalled()
    ask(revocation, 'a', 5)
    ask(revocation, 'a', 6)
    expect(engine.openSerials).toHaveBeenCalledTimes(1)
  })

  test.each([
    { name: 'nothing of it', change: {}, decoded: 1 },
    { name: 'a client certificate', change: { client_certificate: [] }, decoded: 1 },
    { name: 'another part', change: { revocation_list_part: [] }, decoded: 2 },
    { name: 'a list', change: { revocation_list: [...zone.revocation_list] }, decoded: 2 },
  ])('$name has changed: $decoded times', ({ change, decoded }) => {
    engine.openSerials.mockClear()
    const before = createRevocation(zone, null)
    ask(before, 'a', 5)
    ask(createRevocation({ ...zone, ...change }, before), 'a', 5)
    expect(engine.openSerials).toHaveBeenCalledTimes(decoded)
  })

  test('of a damaged part is a failure of the shield, not an empty list', () => {
    const revocation_list_part = [{ revocation_list_id: 'list', number: 0, serials: 'AQAAAAL' }]
    const revocation = createRevocation({ ...zone, revocation_list_part }, null)
    expect(() => ask(revocation, 'a', 5)).toThrow(/list: part 0 is damaged/)
  })
})

describe('lists of one issuer for several distribution points', () => {
  const sharded = createRevocation(
    {
      ...zone,
      revocation_list: [
        { id: 'list', mtls_certificate_id: 'a', issuer_spki_sha256: 'k', next_update: null },
        {
          id: 'second',
          mtls_certificate_id: 'a',
          issuer_spki_sha256: 'k',
          next_update: new Date(NOW_MS).toISOString(),
        },
      ],
      revocation_list_part: [
        ...zone.revocation_list_part,
        {
          revocation_list_id: 'second',
          number: 0,
          serials: btoa(String.fromCharCode(1, 0, 0, 0, 1, 8)),
        },
      ],
    },
    null,
  )

  test.each([
    { octet: 5, status: 'revoked' },
    { octet: 8, status: 'revoked' },
    { octet: 6, status: 'unknown' },
  ])('revoke together, and each must be current: $octet is $status', ({ octet, status }) => {
    expect(ask(sharded, 'a', octet)).toBe(status)
  })
})

describe('the date of the next list', () => {
  const at = (nextUpdateMs: number) => {
    const [list] = zone.revocation_list
    if (list === undefined) throw new Error('the zone has a list')
    const next_update = new Date(nextUpdateMs).toISOString()
    return createRevocation({ ...zone, revocation_list: [{ ...list, next_update }] }, null)
  }

  test.each([
    { afterMs: 1, status: 'good' },
    { afterMs: 0, status: 'unknown' },
    { afterMs: -1, status: 'unknown' },
  ])('$afterMs ms from now: $status', ({ afterMs, status }) => {
    expect(ask(at(NOW_MS + afterMs), 'a', 6)).toBe(status)
  })

  test('does not take a revoked number off the list', () => {
    expect(ask(at(NOW_MS - 1), 'a', 5)).toBe('revoked')
  })
})
