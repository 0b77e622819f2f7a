import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Operation } from '../../../../worker/storage/resources.ts'
import type { Seqrule } from '../../../../worker/storage/resources/sequences.ts'
import {
  api,
  type Caller,
  NO_SUCH_ID,
  type portsOf,
  settings,
  Z,
} from '../../../support/management.ts'

const PATH = `${Z}/api_gateway/seqrules`

type Members = { readonly [member: string]: unknown }

type Printed = Seqrule & { readonly position: number }

const AT = '1970-01-01T00:00:01.000Z'

async function zoneWithOperations(name: string, overrides: Parameters<typeof portsOf>[1] = {}) {
  const call = api(name, { nowMs: () => 1_000, ...overrides })
  const body = ['/login', '/balance', '/transfer'].map((endpoint) => ({
    method: 'GET',
    host: 'api.example.com',
    endpoint,
  }))
  const { result } = await call<readonly Operation[]>(`POST ${Z}/api_gateway/operations`, { body })
  const [first = '', second = '', third = ''] = result.map(({ operation_id: id }) => id)
  const draft = (members: Members = {}) => ({
    title: 'Look first',
    kind: 'allow',
    action: 'block',
    sequence: [first, second],
    ...members,
  })
  return { call, draft, first, second, third }
}

const titles = async (call: Caller) => {
  const { result } = await call<{ readonly rules: readonly Printed[] }>(`GET ${PATH}`)
  expect(result.rules.map(({ position }) => position)).toEqual(
    result.rules.map((_, index) => index + 1),
  )
  return result.rules.map(({ title }) => title)
}

describe('200', () => {
  test('a zone begins without rules', async () => {
    expect(await api('seqrules-none')(`GET ${PATH}`)).toMatchObject({
      status: 200,
      result: { rules: [] },
    })
  })

  test('a rule is made, listed, and deleted', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-create')
    const made = await call<Printed>(`POST ${PATH}/rules`, { body: draft({ priority: 7 }) })
    expect(made).toMatchObject({ status: 200, messages: [] })
    expect(made.result).toEqual({
      id: expect.stringMatching(/^[\da-f-]{36}$/),
      ...draft({ priority: 7 }),
      created_at: AT,
      last_updated: AT,
      position: 1,
    })
    expect((await call(`GET ${PATH}`)).result).toEqual({ rules: [made.result] })
    const { id } = made.result
    expect(await call(`DELETE ${PATH}/rules/${id}`)).toMatchObject({ status: 200, result: { id } })
    expect((await call(`GET ${PATH}`)).result).toEqual({ rules: [] })
  })

  test('the higher priority comes first, of equal ones the older; without one a rule is last', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-priority')
    for (const [title, priority] of [
      ['b', 5],
      ['a', 10],
      ['c', 5],
      ['e', -3],
      ['d', 0],
      ['f', undefined],
    ] as const) {
      const body = draft({ title, ...(priority === undefined ? {} : { priority }) })
      expect(await call(`POST ${PATH}/rules`, { body })).toMatchObject({ status: 200 })
    }
    expect(await titles(call)).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
  })

  test('a position puts a rule there, with a priority that fits', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-position')
    for (const [title, members] of [
      ['b', { priority: 10 }],
      ['d', { priority: 5 }],
      ['c', { position: { index: 2 } }],
      ['e', { position: { index: 4 } }],
      ['a', { position: { before: '' } }],
    ] as const) {
      await call(`POST ${PATH}/rules`, { body: draft({ title, ...members }) })
    }
    expect(await titles(call)).toEqual(['a', 'b', 'c', 'd', 'e'])
    const { result } = await call<{ readonly rules: readonly Printed[] }>(`GET ${PATH}`)
    expect(result.rules.map(({ priority }) => priority)).toEqual([10, 10, 5, 5, 5])
  })

  test('PUT replaces all, keeps ids that are there and makes others anew', async () => {
    let nowMs = 1_000
    const { call, draft } = await zoneWithOperations('seqrules-replace', { nowMs: () => nowMs })
    const kept = await call<Printed>(`POST ${PATH}/rules`, { body: draft({ title: 'kept' }) })
    const changed = await call<Printed>(`POST ${PATH}/rules`, { body: draft({ title: 'changed' }) })
    await call(`POST ${PATH}/rules`, { body: draft({ title: 'gone' }) })
    nowMs = 2_000
    const body = {
      rules: [
        draft({ title: 'new', id: NO_SUCH_ID }),
        kept.result,
        { ...changed.result, action: 'log' },
      ],
    }
    const replaced = await call<{ readonly rules: readonly Printed[] }>(`PUT ${PATH}`, { body })
    const later = '1970-01-01T00:00:02.000Z'
    expect(replaced.result.rules).toEqual([
      {
        ...draft(),
        title: 'new',
        id: expect.any(String),
        priority: 0,
        position: 1,
        created_at: later,
        last_updated: later,
      },
      { ...kept.result, position: 2 },
      { ...changed.result, action: 'log', last_updated: later, position: 3 },
    ])
    expect(replaced.result.rules[0]?.id).not.toBe(NO_SUCH_ID)
    expect((await call(`GET ${PATH}`)).result).toEqual(replaced.result)
  })

  test('PUT orders by priority, and what is the same already is not written again', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-order')
    const rules = [draft({ title: 'b' }), draft({ title: 'a', priority: 1 }), draft({ title: 'c' })]
    const first = await call<{ readonly rules: readonly Printed[] }>(`PUT ${PATH}`, {
      body: { rules },
    })
    expect(await titles(call)).toEqual(['a', 'b', 'c'])
    const commits = async () => (await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result.length
    const before = await commits()
    expect((await call(`PUT ${PATH}`, { body: first.result })).result).toEqual(first.result)
    expect(await commits()).toBe(before)
    await call(`PUT ${PATH}`, { body: { rules: [] } })
    expect(await titles(call)).toEqual([])
  })

  test.each<readonly [string, readonly Members[]]>([
    ['title of 1 and of 50 characters', [{ title: 'x' }, { title: 'x'.repeat(50) }]],
    [
      'least and greatest priority',
      [{ priority: -LIMITS.seqrulePriorityMax }, { priority: LIMITS.seqrulePriorityMax }],
    ],
    ['both kinds and actions', [{ kind: 'block', action: 'log' }, { kind: 'allow' }]],
  ])('%s', async (name, each) => {
    const { call, draft } = await zoneWithOperations(`seqrules-bounds-${name}`)
    for (const members of each) {
      expect(await call(`POST ${PATH}/rules`, { body: draft(members) })).toMatchObject({
        status: 200,
        result: members,
      })
    }
  })

  test('the rules reach the data plane in their order', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-published')
    await call(`POST ${PATH}/rules`, { body: draft({ title: 'b' }) })
    await call(`POST ${PATH}/rules`, { body: draft({ title: 'a', priority: 1 }) })
    const { parts } = await settings.ZONE.getByName('seqrules-published').snapshot()
    expect(JSON.parse(parts['seqrules'] ?? '')).toMatchObject([
      { rules: [{ title: 'a' }, { title: 'b' }] },
    ])
  })
})

describe('what is wrong is refused with its place', () => {
  test.each([
    ['no title', { title: undefined }, '/title'],
    ['an empty title', { title: '' }, '/title'],
    ['a long title', { title: 'x'.repeat(51) }, '/title'],
    ['another kind', { kind: 'deny' }, '/kind'],
    ['another action', { action: 'skip' }, '/action'],
    ['one operation', { sequence: [NO_SUCH_ID] }, '/sequence'],
    ['three operations', { sequence: [NO_SUCH_ID, NO_SUCH_ID, NO_SUCH_ID] }, '/sequence'],
    ['a priority that is no whole number', { priority: 1.5 }, '/priority'],
    ['a priority beyond the bound', { priority: LIMITS.seqrulePriorityMax + 1 }, '/priority'],
  ])('%s', async (name, members, pointer) => {
    const { call, draft } = await zoneWithOperations(`seqrules-form-${name}`)
    for (const [line, body, place] of [
      [`POST ${PATH}/rules`, draft(members), pointer],
      [`PUT ${PATH}`, { rules: [draft(), draft(members)] }, `/rules/1${pointer}`],
    ] as const) {
      const reply = await call(line, { body })
      expect(reply).toMatchObject({ status: 400, errors: [{ code: 1002 }] })
      expect(reply.errors[0]?.source?.pointer.startsWith(place)).toBe(true)
    }
  })

  test('an operation that is not saved', async () => {
    const { call, draft, first } = await zoneWithOperations('seqrules-unknown')
    const message = 'There is no saved operation with this id.'
    expect(
      await call(`POST ${PATH}/rules`, { body: draft({ sequence: [first, NO_SUCH_ID] }) }),
    ).toMatchObject({
      status: 400,
      errors: [{ code: 1401, message, source: { pointer: '/sequence/1' } }],
    })
    const rules = [draft(), draft({ sequence: [NO_SUCH_ID, first] })]
    expect(await call(`PUT ${PATH}`, { body: { rules } })).toMatchObject({
      status: 400,
      errors: [{ code: 1401, message, source: { pointer: '/rules/1/sequence/0' } }],
    })
    expect(await titles(call)).toEqual([])
  })

  test('an operation that must come before itself', async () => {
    const { call, draft, first } = await zoneWithOperations('seqrules-itself')
    const body = draft({ sequence: [first, first] })
    expect(await call(`POST ${PATH}/rules`, { body })).toMatchObject({
      status: 400,
      errors: [{ code: 1401, source: { pointer: '/sequence' } }],
    })
    expect(await call(`POST ${PATH}/rules`, { body: { ...body, kind: 'block' } })).toMatchObject({
      status: 200,
    })
  })

  test('an id twice', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-twice')
    const { result } = await call<Printed>(`POST ${PATH}/rules`, { body: draft() })
    expect(await call(`PUT ${PATH}`, { body: { rules: [result, result] } })).toMatchObject({
      status: 400,
      errors: [{ code: 1401, source: { pointer: '/rules/1/id' } }],
    })
  })

  test.each([
    ['together with a priority', { priority: 1, position: { index: 1 } }, '/position'],
    ['beyond the end', { position: { index: 2 } }, '/position/index'],
    ['after a rule that is not there', { position: { after: NO_SUCH_ID } }, '/position/after'],
  ])('a position %s', async (name, members, pointer) => {
    const { call, draft } = await zoneWithOperations(`seqrules-position-${name}`)
    expect(await call(`POST ${PATH}/rules`, { body: draft(members) })).toMatchObject({
      status: 400,
      errors: [{ code: 1401, source: { pointer } }],
    })
  })

  test('a rule that is not there cannot be deleted', async () => {
    expect(await api('seqrules-absent')(`DELETE ${PATH}/rules/${NO_SUCH_ID}`)).toMatchObject({
      status: 404,
      errors: [{ code: 1008 }],
    })
  })

  test('one rule more than there may be', async () => {
    const { call, draft } = await zoneWithOperations('seqrules-full')
    const rules = Array.from({ length: LIMITS.sequenceRulesMax }, () => draft())
    expect(await call(`PUT ${PATH}`, { body: { rules } })).toMatchObject({ status: 200 })
    expect(await call(`POST ${PATH}/rules`, { body: draft() })).toMatchObject({
      status: 400,
      errors: [{ code: 1007 }],
    })
    const more = { rules: [...rules, draft()] }
    expect(await call(`PUT ${PATH}`, { body: more })).toMatchObject({
      status: 400,
      errors: [{ code: 1002, source: { pointer: '/rules' } }],
    })
  })
})

describe('an operation that a rule names', () => {
  test('stays until the rule is gone', async () => {
    const { call, draft, first, second, third } = await zoneWithOperations('seqrules-in-use')
    const { result } = await call<Printed>(`POST ${PATH}/rules`, { body: draft() })
    const operations = `${Z}/api_gateway/operations`
    const refused = await call(`DELETE ${operations}/${second}`)
    expect(refused).toMatchObject({
      status: 409,
      errors: [
        { code: 1102, message: `It is used by the sequence rule "Look first" (${result.id}).` },
      ],
    })
    expect(refused.headers.get('x-should-retry')).toBe('false')
    const many = await call(`DELETE ${operations}`, { body: [third, { operation_id: first }] })
    expect(many).toMatchObject({
      status: 409,
      errors: [{ code: 1102, source: { pointer: '/1' } }],
    })
    expect(await call(`GET ${operations}/${third}`)).toMatchObject({ status: 200 })
    await call(`DELETE ${PATH}/rules/${result.id}`)
    expect(await call(`DELETE ${operations}`, { body: [third, first] })).toMatchObject({
      status: 200,
    })
  })
})
