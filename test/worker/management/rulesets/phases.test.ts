import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Ruleset } from '../../../../worker/storage/resources.ts'
import { api, type Caller, Z } from '../../../support/management.ts'

const PATH = `${Z}/rulesets/phases/http_request_firewall_custom/entrypoint`
const rule = (host: string, more: object = {}) => ({
  action: 'log',
  expression: `http.host eq "${host}"`,
  ...more,
})

async function put(call: Caller, rules: readonly unknown[], more: object = {}) {
  return call<Ruleset>(`PUT ${PATH}`, { body: { rules, ...more } })
}

describe('200', () => {
  test('the first PUT makes the ruleset', async () => {
    const call = api('phases-first')
    const response = { status_code: 418, content: 'short and stout', content_type: 'text/plain' }
    const block = rule('b.example', {
      action: 'block',
      action_parameters: { response },
      ref: 'teapot',
    })
    const saved = await put(call, [rule('a.example'), block], { description: 'mine' })
    expect(saved.status).toBe(200)
    const [first, second] = saved.result.rules
    expect(saved.result).toMatchObject({
      id: expect.stringMatching(/^[\da-f]{32}$/),
      kind: 'zone',
      name: 'default',
      description: 'mine',
      phase: 'http_request_firewall_custom',
      version: '1',
    })
    expect(first).toEqual({
      id: expect.stringMatching(/^[\da-f]{32}$/),
      ref: first?.id,
      version: '1',
      action: 'log',
      description: '',
      enabled: true,
      expression: 'http.host eq "a.example"',
      last_updated: expect.stringMatching(/Z$/),
    })
    expect(second).toMatchObject({
      ref: 'teapot',
      action: 'block',
      action_parameters: { response },
    })
    expect((await call(`GET ${PATH}`)).result).toEqual(saved.result)
  })

  test('the same again changes nothing', async () => {
    const call = api('phases-same')
    const saved = await put(call, [rule('a.example')])
    const again = await put(call, saved.result.rules)
    expect(again.result).toEqual(saved.result)
    expect((await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result).toHaveLength(1)
  })

  test('a changed rule gets a new version, the others and all ids stay', async () => {
    const call = api('phases-change')
    const { result: before } = await put(call, [rule('a.example'), rule('b.example', { ref: 'b' })])
    const [a, b] = before.rules
    const { result: after } = await put(call, [
      rule('b.example', { ref: 'b' }),
      rule('c.example', { id: a?.id }),
    ])
    expect(after.version).toBe('2')
    expect(after.rules[0]).toEqual(b)
    expect(after.rules[1]).toMatchObject({ id: a?.id, ref: a?.ref, version: '2' })
  })

  test('a rule may be named by its id alone', async () => {
    const call = api('phases-named')
    const { result: before } = await put(call, [rule('a.example'), rule('b.example')])
    const [a, b] = before.rules
    const { result: after } = await put(call, [{ id: b?.id }, { id: a?.id, enabled: false }])
    expect(after.rules).toMatchObject([b, { id: a?.id, expression: a?.expression, enabled: false }])
    const unknown = await put(call, [{ id: 'f'.repeat(32) }])
    expect(unknown.errors.map(({ source }) => source?.pointer)).toEqual([
      '/rules/0/expression',
      '/rules/0/action',
    ])
  })

  test('what a PUT does not say stays as it is', async () => {
    const call = api('phases-omitted')
    const saved = await put(call, [rule('a.example')], { description: 'mine' })
    const again = await call<Ruleset>(`PUT ${PATH}`, { body: { name: 'renamed' } })
    expect(again.result).toMatchObject({
      name: 'renamed',
      description: 'mine',
      rules: saved.result.rules,
      version: '2',
    })
  })

  test('no rules are a ruleset too', async () => {
    const call = api('phases-empty')
    await put(call, [rule('a.example')])
    await put(call, [])
    expect((await call<Ruleset>(`GET ${PATH}`)).result.rules).toEqual([])
  })
})

describe('400', () => {
  test('every bad rule is reported, and none is saved', async () => {
    const call = api('phases-bad')
    const reply = await put(call, [
      rule('a.example'),
      { action: 'block', expression: 'http.hots eq "x"' },
      { action: 'challenge', expression: 'ssl' },
      { action: 'log' },
    ])
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors.map(({ code, source }) => [code, source?.pointer])).toEqual([
      [20127, '/rules/1/expression'],
      [1401, '/rules/2/action'],
      [1401, '/rules/3/expression'],
    ])
    expect(reply.errors[0]?.message).toMatch(
      /^Filter parsing error \(1:1\):\nhttp\.hots eq "x"\n\^/,
    )
    expect((await call(`GET ${PATH}`)).status).toBe(404)
  })

  test.each([
    [
      'the same id twice',
      [rule('a.example', { id: 'x' }), rule('b.example', { id: 'x' })],
      '/rules/1/id',
    ],
    [
      'the same ref twice',
      [rule('a.example', { ref: 'x' }), rule('b.example', { ref: 'x' })],
      '/rules/1/ref',
    ],
    ['rules that are no list', 'none', '/rules'],
    ['a rule that is no object', [7], '/rules/0'],
  ])('%s', async (_name, rules, pointer) => {
    const reply = await api('phases-400')(`PUT ${PATH}`, { body: { rules } })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })

  test('a ref that another rule keeps is refused', async () => {
    const call = api('phases-ref-kept')
    const { result } = await put(call, [rule('a.example', { ref: 'x' })])
    const reply = await put(call, [
      rule('a.example', { id: result.rules[0]?.id }),
      rule('b.example', { ref: 'x' }),
    ])
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual(['/rules/1/ref'])
  })

  test.each(['GET', 'PUT'])('%s of another phase', async (method) => {
    const path = `${Z}/rulesets/phases/http_request_transform/entrypoint`
    const reply = await api('phases-400')(`${method} ${path}`, method === 'PUT' ? { body: {} } : {})
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.message).toContain('http_request_transform')
  })

  test.each([
    ['at', LIMITS.rulesMax, 200],
    ['above', LIMITS.rulesMax + 1, 400],
  ])('rules %s the bound', async (name, count, status) => {
    const rules = Array.from({ length: count }, () => rule('a.example'))
    expect((await put(api(`phases-${name}`), rules)).status).toBe(status)
  })
})

describe('404', () => {
  test('before the first PUT there is no ruleset', async () => {
    const reply = await api('phases-none')(`GET ${PATH}`)
    expect(reply).toMatchObject({ status: 404, success: false, errors: [{ code: 10003 }] })
  })
})
