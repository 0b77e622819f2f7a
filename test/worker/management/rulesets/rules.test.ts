import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Ruleset } from '../../../../worker/storage/resources.ts'
import { A, api, type Caller, NO_SUCH_ID } from '../../../support/management.ts'

const rule = (ref: string, more: object = {}) => ({
  ref,
  action: 'log',
  expression: `http.host eq "${ref}"`,
  ...more,
})

/** A custom ruleset with these refs, and the path of its rules. */
async function rulesetOf(call: Caller, ...refs: string[]) {
  const body = {
    kind: 'custom',
    name: 'mine',
    phase: 'http_request_firewall_custom',
    rules: refs.map((ref) => rule(ref)),
  }
  const { result } = await call<Ruleset>(`POST ${A}/rulesets`, { body })
  return { ruleset: result, path: `${A}/rulesets/${result.id}/rules` }
}

const refsOf = ({ rules }: Ruleset) => rules.map(({ ref }) => ref)

describe('200', () => {
  test.each([
    ['without a position at the end', undefined, ['a', 'b', 'c', 'new']],
    ['before nothing at the top', { before: '' }, ['new', 'a', 'b', 'c']],
    ['after nothing at the end', { after: '' }, ['a', 'b', 'c', 'new']],
    ['before a rule', { before: 'b' }, ['a', 'new', 'b', 'c']],
    ['after a rule', { after: 'b' }, ['a', 'b', 'new', 'c']],
    ['at the first index', { index: 1 }, ['new', 'a', 'b', 'c']],
    ['at the index after the last', { index: 4 }, ['a', 'b', 'c', 'new']],
  ])('a rule is added %s', async (name, position, expected) => {
    const call = api(`rules-add-${name}`)
    const { ruleset, path } = await rulesetOf(call, 'a', 'b', 'c')
    const named = position && Object.entries(position)[0]
    const id = ruleset.rules.find(({ ref }) => ref === named?.[1])?.id
    const body = {
      ...rule('new'),
      ...(position === undefined
        ? {}
        : { position: id === undefined ? position : { [named?.[0] ?? '']: id } }),
    }
    const reply = await call<Ruleset>(`POST ${path}`, { body })
    expect(refsOf(reply.result)).toEqual(expected)
    expect(reply.result.version).toBe('2')
  })

  test('an edit keeps what it does not say, and can move', async () => {
    const call = api('rules-edit')
    const { ruleset, path } = await rulesetOf(call, 'a', 'b', 'c')
    const id = ruleset.rules[2]?.id
    const edited = await call<Ruleset>(`PATCH ${path}/${id}`, { body: { enabled: false } })
    expect(edited.result.rules[2]).toMatchObject({ id, ref: 'c', version: '2', enabled: false })
    const moved = await call<Ruleset>(`PATCH ${path}/${id}`, { body: { position: { index: 1 } } })
    expect(refsOf(moved.result)).toEqual(['c', 'a', 'b'])
    expect(moved.result.rules[0]).toEqual(edited.result.rules[2])
    expect(moved.result.version).toBe('3')
  })

  test('an edit that changes nothing makes no version', async () => {
    const call = api('rules-edit-same')
    const { ruleset, path } = await rulesetOf(call, 'a')
    const body = rule('a')
    const reply = await call<Ruleset>(`PATCH ${path}/${ruleset.rules[0]?.id}`, { body })
    expect(reply.result).toEqual(ruleset)
  })

  test('another action starts without the parameters of the old one', async () => {
    const call = api('rules-edit-action')
    const { ruleset, path } = await rulesetOf(call, 'a')
    const line = `PATCH ${path}/${ruleset.rules[0]?.id}`
    const action_parameters = { ruleset: 'current' }
    const skip = await call<Ruleset>(line, { body: { action: 'skip', action_parameters } })
    expect(skip.result.rules[0]).toMatchObject({ action: 'skip', action_parameters })
    const block = await call<Ruleset>(line, { body: { action: 'block' } })
    expect(block.result.rules[0]).not.toHaveProperty('action_parameters')
  })

  test('a rule is deleted', async () => {
    const call = api('rules-delete')
    const { ruleset, path } = await rulesetOf(call, 'a', 'b')
    const reply = await call<Ruleset>(`DELETE ${path}/${ruleset.rules[0]?.id}`)
    expect(refsOf(reply.result)).toEqual(['b'])
  })
})

describe('400', () => {
  test.each([
    ['two positions', { before: '', index: 1 }, '/position'],
    ['no position in it', {}, '/position'],
    ['index zero', { index: 0 }, '/position/index'],
    ['an index too far', { index: 3 }, '/position/index'],
    ['half an index', { index: 1.5 }, '/position/index'],
    ['before an unknown rule', { before: NO_SUCH_ID }, '/position/before'],
    ['after an unknown rule', { after: NO_SUCH_ID }, '/position/after'],
  ])('%s', async (name, position, pointer) => {
    const call = api(`rules-400-${name}`)
    const { path } = await rulesetOf(call, 'a')
    const reply = await call(`POST ${path}`, { body: { ...rule('new'), position } })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })

  test('a rule cannot be moved before itself', async () => {
    const call = api('rules-itself')
    const { ruleset, path } = await rulesetOf(call, 'a', 'b')
    const id = ruleset.rules[0]?.id
    const reply = await call(`PATCH ${path}/${id}`, { body: { position: { before: id } } })
    expect(reply.errors[0]?.source?.pointer).toBe('/position/before')
  })

  test('a ref that another rule has', async () => {
    const call = api('rules-ref')
    const { path } = await rulesetOf(call, 'a', 'b')
    const reply = await call(`POST ${path}`, { body: rule('b') })
    expect(reply.errors).toMatchObject([{ code: 1401, source: { pointer: '/ref' } }])
  })

  test('everything that is wrong with the rule, each with its place', async () => {
    const call = api('rules-wrong')
    const { path } = await rulesetOf(call)
    const body = { action: 'challenge', expression: 'http.hots', enabled: 'no' }
    const reply = await call(`POST ${path}`, { body })
    expect(reply.errors.map(({ code, source }) => [code, source?.pointer])).toEqual([
      [1401, '/action'],
      [1401, '/enabled'],
      [20127, '/expression'],
    ])
  })

  test('one rule more than the bound', async () => {
    const call = api('rules-bound')
    const refs = Array.from({ length: LIMITS.rulesMax - 1 }, (_, n) => `r${n}`)
    const { path } = await rulesetOf(call, ...refs)
    expect((await call(`POST ${path}`, { body: rule('last') })).status).toBe(200)
    expect((await call(`POST ${path}`, { body: rule('one-more') })).status).toBe(400)
  })
})

describe('404', () => {
  test.each(['PATCH', 'DELETE'])('%s of an unknown rule', async (method) => {
    const call = api('rules-404')
    const { path } = await rulesetOf(call, 'a')
    const reply = await call(
      `${method} ${path}/${NO_SUCH_ID}`,
      method === 'PATCH' ? { body: {} } : {},
    )
    expect(reply.status).toBe(404)
  })
})

/** Issue by issue: each is refused when it is written, with its place; nothing is saved. */
describe('bad input', () => {
  const set = (count: number) => Array.from({ length: count }, (_, n) => n).join(' ')

  test.each([
    ['over-long', `http.host eq "${'x'.repeat(4_096)}"`],
    ['over-nested', `${'('.repeat(200)}ssl${')'.repeat(200)}`],
    ['an unknown field', 'http.hots eq "x"'],
    ['an unknown function', 'shout(http.host) eq "X"'],
    ['a wrong type', 'http.host eq 1'],
    ['an invalid CIDR', 'ip.src in {192.0.2.1/24}'],
    ['a huge integer', 'http.request.timestamp.sec gt 99999999999999999999'],
    ['an unterminated raw string', 'http.host eq r#"x"'],
    ['a set of 10,000', `http.request.timestamp.sec in {${set(10_000)}}`],
    ['a regex bomb', 'http.host matches "((((a{1000}){1000}){1000}){1000})"'],
    ['a look-around', 'http.host matches "(?=a)b"'],
  ])('%s', async (name, expression) => {
    const call = api(`rules-bad-${name}`)
    const { ruleset, path } = await rulesetOf(call)
    const reply = await call(`POST ${path}`, { body: { action: 'block', expression } })
    expect(reply.status).toBe(400)
    expect(reply.errors).toMatchObject([{ code: 20127, source: { pointer: '/expression' } }])
    expect(reply.errors[0]?.message).toMatch(/^Filter parsing error \(\d+:\d+\):\n/)
    expect((await call(`GET ${A}/rulesets/${ruleset.id}`)).result).toEqual(ruleset)
  })
})
