import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Put } from '../../../../worker/storage/ports.ts'
import type { ListHead, Ruleset } from '../../../../worker/storage/resources.ts'
import { A, api, type Caller, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'

type List = ListHead & { readonly num_referencing_filters: number }

const LISTS = `${A}/rules/lists`
const ENTRYPOINT = `${Z}/rulesets/phases/http_request_firewall_custom/entrypoint`

async function create(call: Caller, name: string, kind = 'ip'): Promise<List> {
  const reply = await call<List>(`POST ${LISTS}`, { body: { name, kind } })
  expect(reply.errors).toEqual([])
  return reply.result
}

async function use(call: Caller, ...expressions: string[]) {
  const rules = expressions.map((expression, n) => ({ ref: `r${n}`, action: 'log', expression }))
  return call<Ruleset>(`PUT ${ENTRYPOINT}`, { body: { rules } })
}

describe('200', () => {
  test('a list is made, read, described and deleted', async () => {
    const call = api('lists-life')
    const body = { name: 'office', kind: 'ip', description: 'where we sit' }
    const made = await call<List>(`POST ${LISTS}`, { body })
    expect(made.result).toEqual({
      id: expect.stringMatching(/^[\da-f]{32}$/),
      ...body,
      num_items: 0,
      num_referencing_filters: 0,
      created_on: expect.stringMatching(/Z$/),
      modified_on: made.result.created_on,
    })
    const path = `${LISTS}/${made.result.id}`
    expect((await call(`GET ${path}`)).result).toEqual(made.result)
    const change = { body: { description: 'where we sat' } }
    const changed = await call<List>(`PUT ${path}`, change)
    expect(changed.result).toMatchObject({ ...body, description: 'where we sat' })
    expect((await call(`GET ${LISTS}`)).result).toEqual([changed.result])
    expect((await call(`DELETE ${path}`)).result).toEqual({ id: made.result.id })
    expect((await call(`GET ${LISTS}`)).result).toEqual([])
  })

  test('a rule may name a list as soon as it is there, and counts as a reference', async () => {
    const call = api('lists-use')
    await create(call, 'office')
    await create(call, 'hosts', 'hostname')
    await create(call, 'networks', 'asn')
    const saved = await use(
      call,
      'ip.src in $office',
      'http.host in $hosts or ip.src in $office',
      'ip.src.asnum in $networks',
      'http.host eq "$office"',
    )
    expect(saved.errors).toEqual([])
    const { result } = await call<List[]>(`GET ${LISTS}`)
    expect(result.map((list) => list.num_referencing_filters)).toEqual([2, 1, 1])
  })

  test('a list of redirects says that nothing uses it', async () => {
    const reply = await api('lists-redirect')(`POST ${LISTS}`, {
      body: { name: 'moved', kind: 'redirect' },
    })
    expect(reply).toMatchObject({ status: 200, messages: [{ code: 1904 }] })
  })

  test('a deleted list leaves nothing behind', async () => {
    const call = api('lists-gone')
    const { id } = await create(call, 'office')
    await call(`POST ${LISTS}/${id}/items`, { body: [{ ip: '192.0.2.1' }] })
    await call(`DELETE ${LISTS}/${id}`)
    const { documents } = await portsOf('lists-gone').zone.read({ list: 'all', list_head: 'all' })
    expect([...documents.list, ...documents.list_head]).toEqual([])
  })
})

describe('400', () => {
  test.each([
    ['no name', { kind: 'ip' }, '/name'],
    ['a name in capitals', { name: 'Office', kind: 'ip' }, '/name'],
    ['a name that no expression can write', { name: 'a-b', kind: 'ip' }, '/name'],
    ['a name too long', { name: 'a'.repeat(51), kind: 'ip' }, '/name'],
    ['an unknown kind', { name: 'a', kind: 'country' }, '/kind'],
    [
      'a description too long',
      { name: 'a', kind: 'ip', description: 'x'.repeat(501) },
      '/description',
    ],
  ])('%s', async (_name, body, pointer) => {
    const reply = await api('lists-400')(`POST ${LISTS}`, { body })
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1501, source: { pointer } }] })
  })

  test.each([
    ['an unknown list', 'ip.src in $nowhere'],
    ['a list of another type', 'http.host in $office'],
    ['a list of redirects', 'http.host in $moved'],
  ])('a rule that names %s', async (name, expression) => {
    const call = api(`lists-rule-${name}`)
    await create(call, 'office')
    await create(call, 'moved', 'redirect')
    const reply = await use(call, expression)
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 20127 }] })
    expect(reply.errors[0]?.message).toContain('^')
  })

  test.each([
    ['at', LIMITS.listsMax, 200],
    ['above', LIMITS.listsMax + 1, 400],
  ])('lists %s the bound', async (name, count, status) => {
    const dates = { created_on: '2026-01-01T00:00:00Z', modified_on: '2026-01-01T00:00:00Z' }
    const puts = Array.from({ length: count - 1 }, (_, n): Put => {
      const body: ListHead = {
        id: `${n}`,
        name: `l${n}`,
        kind: 'ip',
        description: '',
        num_items: 0,
        ...dates,
      }
      return { collection: 'list_head', id: body.id, body }
    })
    await portsOf(`lists-${name}`).zone.commit({
      basedOn: 0,
      puts,
      deletes: [],
      actor: 'test',
      action: 'fill',
    })
    const body = { name: 'last', kind: 'ip' }
    expect((await api(`lists-${name}`)(`POST ${LISTS}`, { body })).status).toBe(status)
  })
})

describe('404', () => {
  test.each(['GET', 'PUT', 'DELETE'])('%s of an unknown list', async (method) => {
    const line = `${method} ${LISTS}/${NO_SUCH_ID}`
    const reply = await api('lists-404')(line, method === 'PUT' ? { body: {} } : {})
    expect(reply.status).toBe(404)
  })
})

describe('409', () => {
  test('a name that is taken', async () => {
    const call = api('lists-taken')
    await create(call, 'office')
    const reply = await call(`POST ${LISTS}`, { body: { name: 'office', kind: 'asn' } })
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1503 }] })
  })

  test.each([
    ['an expression', 'http_request_firewall_custom', { expression: 'ip.src in $office' }],
    [
      'a counting expression',
      'http_ratelimit',
      {
        expression: 'ssl',
        ratelimit: {
          characteristics: ['ip.src'],
          period: 60,
          requests_per_period: 1,
          counting_expression: 'not ip.src in $office',
        },
      },
    ],
    [
      'a score',
      'http_ratelimit',
      {
        expression: 'ssl',
        ratelimit: {
          characteristics: ['ip.src'],
          period: 60,
          score_per_period: 9,
          score_expression: 'len(to_string(ip.src in $office))',
        },
      },
    ],
    [
      'a characteristic',
      'http_ratelimit',
      {
        expression: 'ssl',
        ratelimit: {
          characteristics: ['to_string(ip.src in $office)'],
          period: 60,
          requests_per_period: 1,
        },
      },
    ],
  ])('a list that %s names stays, and the answer names the rule', async (name, phase, more) => {
    const call = api(`lists-used-${name}`)
    const { id } = await create(call, 'office')
    const path = `${Z}/rulesets/phases/${phase}/entrypoint`
    const rules = [{ ref: 'only-office', action: 'block', ...more }]
    expect((await call(`PUT ${path}`, { body: { rules } })).errors).toEqual([])
    const reply = await call(`DELETE ${LISTS}/${id}`)
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1504 }] })
    expect(reply.errors[0]?.message).toContain('only-office')
    expect(reply.headers.get('x-should-retry')).toBe('false')
    await call(`PUT ${path}`, { body: { rules: [] } })
    expect((await call(`DELETE ${LISTS}/${id}`)).status).toBe(200)
  })
})
