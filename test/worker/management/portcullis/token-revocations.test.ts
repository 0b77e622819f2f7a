import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { pruneTokenRevocations } from '../../../../worker/management/portcullis/token-revocations/prune.ts'
import type { TokenRevocation } from '../../../../worker/storage/resources/tokens.ts'
import { callerOf, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'
import { newConfiguration } from '../token-validation/support.ts'

const PATH = `${Z}/portcullis/token_validation/revocations`

type Overrides = Parameters<typeof portsOf>[1]

async function zone(name: string, overrides: Overrides = {}) {
  const ports = portsOf(name, overrides)
  const call = callerOf(ports)
  const configuration_id = await newConfiguration(call)
  const revoke = (members: object) =>
    call<TokenRevocation>(`POST ${PATH}`, { body: { configuration_id, ...members } })
  return { ports, call, configuration_id, revoke }
}

describe('200', () => {
  test('a token is revoked by its jti until it would have expired', async () => {
    const { call, configuration_id, revoke } = await zone('revocation-jti', { nowMs: () => 0 })
    const reply = await revoke({
      jti: 't-1',
      expires_at: '2000-01-01T01:00:00+01:00',
      note: 'lost phone',
    })
    expect(reply).toMatchObject({ status: 200 })
    expect(reply.result).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-8[\da-f]{3}-[\da-f]{12}$/),
      configuration_id,
      jti: 't-1',
      note: 'lost phone',
      created_at: '1970-01-01T00:00:00.000Z',
      expires_at: '2000-01-01T00:00:00.000Z',
    })
    expect((await call(`GET ${PATH}`)).result).toEqual([reply.result])
  })

  test('the tokens of a subject are revoked, those before a time or all', async () => {
    const { revoke } = await zone('revocation-sub')
    const before = await revoke({ sub: 'u-1', issued_before: 1_700_000_000 })
    expect(before.result).toMatchObject({ sub: 'u-1', issued_before: 1_700_000_000 })
    const all = await revoke({ sub: 'u-2' })
    expect(all.result).not.toHaveProperty('issued_before')
    expect(all.result.expires_at).toBe('9999-12-31T23:59:59.999Z')
  })

  test('revoking the same again replaces the entry', async () => {
    const { call, revoke } = await zone('revocation-again')
    const first = await revoke({ sub: 'u-1', issued_before: 1 })
    await revoke({ jti: 'u-1' })
    const second = await revoke({ sub: 'u-1', issued_before: 2 })
    expect(second.result).toEqual({ ...first.result, issued_before: 2 })
    expect((await call<unknown[]>(`GET ${PATH}`)).result).toHaveLength(2)
  })

  test('the list has pages and filters, the oldest first', async () => {
    const { call, configuration_id, revoke } = await zone('revocation-list')
    for (const jti of ['a', 'b', 'c']) await revoke({ jti })
    await revoke({ sub: 'a' })
    for (const [query, wanted] of [
      ['?per_page=2', ['a', 'b']],
      ['?per_page=2&page=2', ['c', undefined]],
      ['?per_page=2&page=3', []],
      ['?jti=b', ['b']],
      ['?sub=a', [undefined]],
      [`?configuration_id=${configuration_id}&jti=c`, ['c']],
      [`?configuration_id=${NO_SUCH_ID}`, []],
    ] as const) {
      const reply = await call<TokenRevocation[]>(`GET ${PATH}${query}`)
      expect(
        reply.result.map(({ jti }) => jti),
        query,
      ).toEqual(wanted)
    }
    const { result_info } = await call(`GET ${PATH}?per_page=2&page=2`)
    expect(result_info).toMatchObject({ count: 2, total_count: 4, total_pages: 2 })
  })

  test('one that is deleted is gone', async () => {
    const { call, revoke } = await zone('revocation-delete')
    const { id } = (await revoke({ jti: 'a' })).result
    expect(await call(`DELETE ${PATH}/${id}`)).toMatchObject({ status: 200, result: { id } })
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })
})

describe('400', () => {
  test.each<[string, object, string | undefined]>([
    ['neither jti nor sub', {}, undefined],
    ['both', { jti: 'a', sub: 'b' }, undefined],
    ['an empty jti', { jti: '' }, '/jti'],
    ['a sub above the bound', { sub: 'x'.repeat(LIMITS.revokedClaimCharactersMax + 1) }, '/sub'],
    ['issued_before with a jti', { jti: 'a', issued_before: 1 }, '/issued_before'],
    ['issued_before as text', { sub: 'a', issued_before: '1' }, '/issued_before'],
    ['a time before 1970', { sub: 'a', issued_before: -1 }, '/issued_before'],
    ['an end that has passed', { jti: 'a', expires_at: '2001-01-01T00:00:00Z' }, '/expires_at'],
    ['an end that is no time', { jti: 'a', expires_at: 'tomorrow' }, '/expires_at'],
    ['a misspelt member', { jti: 'a', expires: '2100-01-01T00:00:00Z' }, ''],
    ['an unknown configuration', { jti: 'a', configuration_id: NO_SUCH_ID }, '/configuration_id'],
  ])('%s is refused', async (_name, members, pointer) => {
    const { call, revoke } = await zone('revocation-400')
    const reply = await revoke(members)
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1002 }] })
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })

  test.each<[string, object]>([
    ['as many as there may be', { count: LIMITS.tokenRevocationsMax }],
    [
      'as long together as they may be',
      { count: LIMITS.revocationsUnweighedMax, jti: 'x'.repeat(LIMITS.revocationBytesTotalMax) },
    ],
  ])('when there are %s, none is added, but one can be changed', async (name, crowd) => {
    const full = await zone(`revocation-full ${name}`)
    const { id } = (await full.revoke({ jti: 'a' })).result
    const call = callerOf({ ...full.ports, zone: crowded(full.ports.zone, crowd) })
    const body = { configuration_id: full.configuration_id }
    const refused = await call(`POST ${PATH}`, { body: { ...body, jti: 'b' } })
    expect(refused).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
    const again = await call<TokenRevocation>(`POST ${PATH}`, {
      body: { ...body, jti: 'a', note: 'n' },
    })
    expect(again.result).toMatchObject({ id, note: 'n' })
  })

  test.each([
    ['below the bounds', { count: LIMITS.tokenRevocationsMax - 1, jti: 'x' }, 200],
    ['too few to be weighed', { count: LIMITS.revocationsUnweighedMax - 1 }, 200],
  ])('%s one is added', async (name, crowd, status) => {
    const { ports, configuration_id } = await zone(`revocation-room ${name}`)
    const call = callerOf({ ...ports, zone: crowded(ports.zone, crowd) })
    expect((await call(`POST ${PATH}`, { body: { configuration_id, jti: 'b' } })).status).toBe(
      status,
    )
  })
})

/** As if there were many revocations, and one of them with this `jti`. */
function crowded(
  store: ReturnType<typeof portsOf>['zone'],
  { count, jti = '' }: { readonly count?: number; readonly jti?: string },
): typeof store {
  return {
    ...store,
    count: (collection) =>
      collection === 'token_revocation' ? Promise.resolve(count ?? 0) : store.count(collection),
    async outline(collection, members) {
      const outlines = await store.outline(collection, members)
      return collection === 'token_revocation' && jti !== ''
        ? outlines.map((outline) => ({ ...outline, jti }))
        : outlines
    },
  }
}

describe('404', () => {
  test('deleting what is not there', async () => {
    const { call } = await zone('revocation-404')
    expect((await call(`DELETE ${PATH}/${NO_SUCH_ID}`)).status).toBe(404)
  })
})

describe('pruning', () => {
  test('takes what has expired and what speaks of a configuration that is gone', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:00Z')
    const { ports, call, configuration_id, revoke } = await zone('revocation-prune', {
      nowMs: () => nowMs,
    })
    await revoke({ jti: 'early', expires_at: '2026-01-02T00:00:00Z' })
    await revoke({ jti: 'late', expires_at: '2026-01-03T00:00:00Z' })
    await revoke({ sub: 'always' })
    expect(await pruneTokenRevocations(ports)).toBe(0)
    nowMs = Date.parse('2026-01-02T00:00:00Z')
    expect(await pruneTokenRevocations(ports)).toBe(1)
    const left = await call<TokenRevocation[]>(`GET ${PATH}`)
    expect(left.result).toMatchObject([{ jti: 'late' }, { sub: 'always' }])
    await call(`DELETE ${Z}/token_validation/config/${configuration_id}`)
    expect(await pruneTokenRevocations(ports)).toBe(2)
    expect(await pruneTokenRevocations(ports)).toBe(0)
    const [entry] = await ports.zone.audit(1)
    expect(entry).toMatchObject({
      actor: 'portcullis',
      action: 'portcullis.token_validation.revocations.prune',
    })
  })
})
