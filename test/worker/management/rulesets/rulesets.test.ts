import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Put } from '../../../../worker/storage/ports.ts'
import type { Ruleset } from '../../../../worker/storage/resources.ts'
import { A, api, type Caller, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'

const PHASE = 'http_request_firewall_custom'
const rule = (host: string, more: object = {}) => ({
  action: 'log',
  expression: `http.host eq "${host}"`,
  ...more,
})
const custom = (name: string, rules: readonly object[] = []) => ({
  kind: 'custom',
  name,
  phase: PHASE,
  rules,
})

async function create(call: Caller, path: string, body: object): Promise<Ruleset> {
  const reply = await call<Ruleset>(`POST ${path}/rulesets`, { body })
  expect(reply.errors).toEqual([])
  return reply.result
}

describe('200', () => {
  test('a custom ruleset is made, read, changed and deleted', async () => {
    const call = api('rulesets-custom')
    const made = await create(call, A, { ...custom('mine', [rule('a.example')]), description: 'd' })
    expect(made).toMatchObject({ kind: 'custom', name: 'mine', version: '1', description: 'd' })
    const path = `${A}/rulesets/${made.id}`
    expect((await call(`GET ${path}`)).result).toEqual(made)
    const changed = await call<Ruleset>(`PUT ${path}`, { body: { rules: [rule('b.example')] } })
    expect(changed.result).toMatchObject({ id: made.id, version: '2', description: 'd' })
    expect((await call(`DELETE ${path}`)).status).toBe(204)
    expect((await call(`GET ${path}`)).status).toBe(404)
  })

  test('entry points of zone and account are two', async () => {
    const call = api('rulesets-entry')
    const zone = await create(call, Z, { kind: 'zone', name: 'z', phase: PHASE })
    const root = await create(call, A, { kind: 'root', name: 'r', phase: PHASE })
    const entrypoint = `rulesets/phases/${PHASE}/entrypoint`
    expect((await call(`GET ${Z}/${entrypoint}`)).result).toEqual(zone)
    expect((await call(`GET ${A}/${entrypoint}`)).result).toEqual(root)
    const saved = await call<Ruleset>(`PUT ${A}/${entrypoint}`, { body: { rules: [rule('a')] } })
    expect(saved.result).toMatchObject({ id: root.id, kind: 'root', version: '2' })
    expect((await call(`GET ${Z}/rulesets/${root.id}`)).status).toBe(404)
    expect((await call(`GET ${A}/rulesets/${zone.id}`)).status).toBe(404)
  })

  test('lists go page by page, without rules', async () => {
    const call = api('rulesets-list')
    const names = ['a', 'b', 'c', 'd', 'e']
    for (const name of names) await create(call, A, custom(name, [rule('x')]))
    const seen: string[] = []
    let cursor = ''
    do {
      const reply = await call<Ruleset[]>(`GET ${A}/rulesets?per_page=2&cursor=${cursor}`)
      expect(reply.result.every((each) => !('rules' in each))).toBe(true)
      seen.push(...reply.result.map(({ name }) => name))
      cursor = (reply.result_info?.['cursor'] as string | undefined) ?? ''
    } while (cursor !== '')
    expect(seen).toEqual(names)
    const ofZone = await call<Ruleset[]>(`GET ${Z}/rulesets`)
    expect(ofZone.result.map(({ name }) => name)).toEqual(names)
  })

  test.each([
    ['below', 0, 400],
    ['at the lower', 1, 200],
    ['at the upper', LIMITS.rulesetsPerPageMax, 200],
    ['above', LIMITS.rulesetsPerPageMax + 1, 400],
  ])('per_page %s the bound', async (_name, count, status) => {
    const reply = await api('rulesets-page')(`GET ${A}/rulesets?per_page=${count}`)
    expect(reply.status).toBe(status)
  })

  test('a cursor whose ruleset is gone goes on by the count', async () => {
    const call = api('rulesets-cursor')
    for (const name of ['a', 'b', 'c']) await create(call, A, custom(name))
    const first = await call<Ruleset[]>(`GET ${A}/rulesets?per_page=1`)
    const cursor = String(first.result_info?.['cursor'])
    await call(`DELETE ${A}/rulesets/${first.result[0]?.id}`)
    const next = await call<Ruleset[]>(`GET ${A}/rulesets?per_page=5&cursor=${cursor}`)
    expect(next.result.map(({ name }) => name)).toEqual(['c'])
  })

  test('skip and execute are stored as they were written', async () => {
    const call = api('rulesets-actions')
    const target = await create(call, A, custom('basics', [rule('a.example')]))
    const rules = [
      { ...rule('s1'), action: 'skip', action_parameters: { ruleset: 'current' } },
      {
        ...rule('s2'),
        action: 'skip',
        action_parameters: { phases: ['http_ratelimit'] },
        logging: { enabled: false },
      },
      { ...rule('s3'), action: 'skip', action_parameters: { rulesets: [target.id] } },
      {
        ...rule('s4'),
        action: 'skip',
        action_parameters: { rules: { [target.id]: [target.rules[0]?.id] } },
        categories: ['a', 'b'],
      },
      { ...rule('e'), action: 'execute', action_parameters: { id: target.id } },
    ]
    const zone = await create(call, Z, { kind: 'zone', name: 'z', phase: PHASE, rules })
    expect(zone.rules).toMatchObject(rules)
  })

  test.each([
    [
      'as at Cloudflare',
      {
        characteristics: ['cf.colo.id', 'ip.src', 'http.request.headers["x-api-key"][0]'],
        period: 60,
        requests_per_period: 100,
        mitigation_timeout: 600,
        counting_expression: 'http.request.method eq "POST"',
        requests_to_origin: true,
      },
    ],
    [
      'with members of our own',
      {
        characteristics: ['cf.portcullis.session.client'],
        period: 60,
        score_per_period: 100,
        score_expression: 'cf.portcullis.graphql.cost',
        when_missing: 'block',
        mode: 'exact',
      },
    ],
  ])('rate limits %s are given back as they were written', async (name, ratelimit) => {
    const call = api(`rulesets-rates-${name}`)
    const rules = [{ ...rule('a.example'), action: 'block', ratelimit }]
    const path = `${Z}/rulesets/phases/http_ratelimit/entrypoint`
    const reply = await call<Ruleset>(`PUT ${path}`, { body: { rules } })
    expect(reply).toMatchObject({ status: 200, messages: [] })
    expect(reply.result).toMatchObject({ phase: 'http_ratelimit', rules })
    expect((await call<Ruleset>(`GET ${path}`)).result.rules[0]?.ratelimit).toEqual(ratelimit)
  })

  test('a rate limit that cannot be counted is refused with its place', async () => {
    const ratelimit = {
      characteristics: ['ip.src'],
      period: 30,
      requests_per_period: 1,
      mode: 'approximate',
    }
    const rules = [{ ...rule('a.example'), action: 'block', ratelimit }]
    const path = `${Z}/rulesets/phases/http_ratelimit/entrypoint`
    const reply = await api('rulesets-rates-not')(`PUT ${path}`, { body: { rules } })
    expect(reply.status).toBe(400)
    expect(reply.errors).toMatchObject([{ source: { pointer: '/rules/0/ratelimit/period' } }])
  })
})

describe('dry_run', () => {
  test('answers as if, and stores nothing', async () => {
    const call = api('rulesets-dry')
    const kept = await create(call, A, custom('kept', [rule('a.example', { ref: 'a' })]))
    const id = kept.rules[0]?.id
    const path = `${A}/rulesets/${kept.id}`
    const dry = 'dry_run=true'
    const calls: [string, object?][] = [
      [`POST ${A}/rulesets?${dry}`, custom('other')],
      [`PUT ${A}/rulesets/phases/${PHASE}/entrypoint?${dry}`, { rules: [] }],
      [`PUT ${path}?${dry}`, { rules: [] }],
      [`POST ${path}/rules?${dry}`, rule('b.example')],
      [`PATCH ${path}/rules/${id}?${dry}`, { enabled: false }],
      [`DELETE ${path}/rules/${id}?${dry}`],
      [`DELETE ${path}?${dry}`],
    ]
    for (const [line, body] of calls) {
      const reply = await call(line, body === undefined ? {} : { body })
      expect([line, reply.status < 300]).toEqual([line, true])
    }
    const refused = await call(`POST ${A}/rulesets?${dry}`, { body: custom('x', [rule('"')]) })
    expect(refused.status).toBe(400)
    expect((await call(`GET ${A}/rulesets`)).result).toHaveLength(1)
    expect((await call(`GET ${path}`)).result).toEqual(kept)
    expect((await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result).toHaveLength(1)
    expect((await call(`DELETE ${path}?dry_run=maybe`)).status).toBe(400)
  })
})

describe('400', () => {
  test.each([
    ['a root ruleset at the zone', Z, { ...custom('x'), kind: 'root' }, 1403, '/kind'],
    ['a zone ruleset at the account', A, { ...custom('x'), kind: 'zone' }, 1403, '/kind'],
    ['a managed ruleset', A, { ...custom('x'), kind: 'managed' }, 1403, '/kind'],
    ['a phase that rewrites', A, { ...custom('x'), phase: 'http_request_transform' }, 1402, ''],
    ['no name', A, { kind: 'custom', phase: PHASE }, 1002, '/name'],
    [
      'a custom ruleset that executes another',
      A,
      custom('x', [{ ...rule('a'), action: 'execute', action_parameters: { id: 'y' } }]),
      1401,
      '/rules/0/action',
    ],
    [
      'an execute that leads nowhere',
      Z,
      {
        ...custom('x', [
          { ...rule('a'), action: 'execute', action_parameters: { id: NO_SUCH_ID } },
        ]),
        kind: 'zone',
      },
      1401,
      '/rules/0/action_parameters/id',
    ],
    [
      'a skip of an unknown ruleset',
      A,
      custom('x', [
        { ...rule('a'), action: 'skip', action_parameters: { rulesets: [NO_SUCH_ID] } },
      ]),
      1401,
      '/rules/0/action_parameters/rulesets',
    ],
    [
      'a list that is not there',
      A,
      custom('x', [{ action: 'log', expression: 'ip.src in $nowhere' }]),
      20127,
      '/rules/0/expression',
    ],
  ])('%s', async (_name, path, body, code, pointer) => {
    const reply = await api('rulesets-400')(`POST ${path}/rulesets`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]).toMatchObject({ code })
    expect(reply.errors[0]?.source?.pointer ?? '').toBe(pointer)
  })

  test('kind and phase of a ruleset cannot be changed', async () => {
    const call = api('rulesets-fixed')
    const made = await create(call, A, custom('x'))
    for (const [member, body] of [
      ['kind', { kind: 'root' }],
      ['phase', { phase: 'http_ratelimit' }],
    ] as const) {
      const reply = await call(`PUT ${A}/rulesets/${made.id}`, { body })
      expect(reply.errors[0]).toMatchObject({ code: 1403, source: { pointer: `/${member}` } })
    }
  })

  test('an execute of a ruleset of another phase', async () => {
    const call = api('rulesets-phase')
    const made = await create(call, A, { ...custom('x'), phase: 'http_ratelimit' })
    const rules = [{ ...rule('a'), action: 'execute', action_parameters: { id: made.id } }]
    const body = { kind: 'zone', name: 'z', phase: PHASE, rules }
    const reply = await call(`POST ${Z}/rulesets`, { body })
    expect(reply.errors[0]?.message).toContain('http_ratelimit')
  })

  test.each([
    ['at', LIMITS.rulesetsMax, 200],
    ['above', LIMITS.rulesetsMax + 1, 400],
  ])('rulesets %s the bound', async (name, count, status) => {
    const puts = Array.from({ length: count - 1 }, (_, n): Put => {
      const dated = { version: '1', last_updated: '2026-01-01T00:00:00Z', description: '' }
      const body: Ruleset = {
        id: `${n}`,
        kind: 'custom',
        name: `r${n}`,
        phase: PHASE,
        rules: [],
        ...dated,
      }
      return { collection: 'ruleset', id: body.id, body }
    })
    const change = { basedOn: 0, puts, deletes: [], actor: 'test', action: 'fill' }
    await portsOf(`rulesets-${name}`).zone.commit(change)
    const body = custom('last')
    const reply = await api(`rulesets-${name}`)(`POST ${A}/rulesets`, { body })
    expect(reply.status).toBe(status)
  })
})

describe('404', () => {
  test.each(['GET', 'PUT', 'DELETE'])('%s of an unknown ruleset', async (method) => {
    const line = `${method} ${A}/rulesets/${NO_SUCH_ID}`
    const reply = await api('rulesets-404')(line, method === 'PUT' ? { body: {} } : {})
    expect(reply.status).toBe(404)
  })

  test('another account', async () => {
    const reply = await api('rulesets-404')(`GET /accounts/${'f'.repeat(32)}/rulesets`)
    expect(reply).toMatchObject({ status: 404, errors: [{ code: 7003 }] })
  })
})

describe('409', () => {
  test('a second entry point of a phase', async () => {
    const call = api('rulesets-second')
    const body = { kind: 'zone', name: 'z', phase: PHASE }
    await create(call, Z, body)
    const reply = await call(`POST ${Z}/rulesets`, { body })
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1406 }] })
    expect(reply.headers.get('x-should-retry')).toBe('false')
  })

  test('a custom ruleset that is executed stays, and the answer names the rule', async () => {
    const call = api('rulesets-used')
    const target = await create(call, A, custom('basics'))
    const execute = {
      ...rule('a', { ref: 'run-basics' }),
      action: 'execute',
      action_parameters: { id: target.id },
    }
    const zone = await create(call, Z, { kind: 'zone', name: 'z', phase: PHASE, rules: [execute] })
    const reply = await call(`DELETE ${A}/rulesets/${target.id}`)
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1404 }] })
    expect(reply.errors[0]?.message).toContain('run-basics')
    await call(`DELETE ${Z}/rulesets/${zone.id}`)
    expect((await call(`DELETE ${A}/rulesets/${target.id}`)).status).toBe(204)
  })
})
