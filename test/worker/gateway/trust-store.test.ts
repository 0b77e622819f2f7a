/** What is remembered of certificates: bounded, by the authorities that were asked, and kept while they are the same. */
import { expect, test } from 'vitest'
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import { createSharedTexts } from '../../../worker/gateway/shared-texts.ts'
import { createTrustStore } from '../../../worker/gateway/trust-store.ts'
import { createWeighedMemory } from '../../../worker/gateway/weighed-memory.ts'
import type { PublishedZone } from '../../../worker/storage/collections.ts'

const zone: PublishedZone = {
  ...EMPTY_ZONE,
  certificate_authority: [{ id: 'managed', name: '', certificate: 'M' }],
  mtls_certificate: ['a', 'b'].map((id) => uploaded(id)),
  hostname_association: [
    { certificate_authority_id: 'b', hostnames: ['both.example', 'b.example'] },
    { certificate_authority_id: 'a', hostnames: ['both.example', 'too.example'] },
    { certificate_authority_id: 'b', hostnames: ['too.example'] },
    { certificate_authority_id: 'gone', hostnames: ['gone.example'] },
  ],
}

function uploaded(id: string): PublishedZone['mtls_certificate'][number] {
  const revocation = { crl_urls: [], on_stale: 'refuse' } as const
  return { id, certificates: id.toUpperCase(), allow_sha1: false, revocation }
}

test.each([
  ['both.example', 'a b'],
  ['too.example', 'a b'],
  ['b.example', 'b'],
  ['gone.example', ''],
  ['other.example', undefined],
])('%s asks %j', (hostname, key) => {
  expect(createTrustStore(zone, null).authoritiesOf(hostname)?.key).toBe(key)
})

test.each([
  { name: 'nothing', change: {}, isKept: true },
  { name: 'an association', change: { hostname_association: [] }, isKept: true },
  {
    name: 'what becomes of stale lists',
    change: {
      mtls_certificate: zone.mtls_certificate.map((each) => ({
        ...each,
        revocation: { crl_urls: [], on_stale: 'accept' as const },
      })),
    },
    isKept: true,
  },
  {
    name: 'an authority more',
    change: { mtls_certificate: [...zone.mtls_certificate, uploaded('c')] },
    isKept: false,
  },
  {
    name: 'SHA-1 allowed',
    change: { mtls_certificate: zone.mtls_certificate.map((a) => ({ ...a, allow_sha1: true })) },
    isKept: false,
  },
  {
    name: 'another certificate under the same id',
    change: { certificate_authority: [{ id: 'managed', name: '', certificate: 'N' }] },
    isKept: false,
  },
])('after a change of $name verdicts are remembered: $isKept', ({ change, isKept }) => {
  const before = createTrustStore(zone, null)
  before.refused.set('k', { verified: false, reason: 'unknown_issuer', untilMs: 1 })
  const after = createTrustStore({ ...zone, ...change }, before)
  expect(after.refused.get('k') !== undefined).toBe(isKept)
})

test('the oldest verdict makes room when the memory is full', () => {
  const memory = createWeighedMemory<number>(2)
  memory.set('a', 1)
  memory.set('b', 2)
  memory.set('b', 3)
  expect([memory.get('a'), memory.get('b')]).toEqual([1, 3])
  memory.set('c', 4)
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([undefined, 3, 4])
})

test('texts stay what they are, however many there are', () => {
  const texts = createSharedTexts()
  for (let index = 0; index < 1_000; index++) expect(texts.share(`${index}`)).toBe(`${index}`)
})
