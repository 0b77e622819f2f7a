import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Operation } from '../../../../worker/storage/resources.ts'
import {
  type SequenceRule,
  sequenceContentOf,
  sequenceRuleOf,
} from '../../../../worker/storage/resources/sequences.ts'
import {
  api,
  type Caller,
  NO_SUCH_ID,
  type portsOf,
  settings,
  Z,
} from '../../../support/management.ts'

const PATH = `${Z}/portcullis/sequence_rules`
const OPERATIONS = `${Z}/api_gateway/operations`

const BALANCE = 'GET api.example.com/accounts/{account}/balance'
const TRANSFER = 'POST api.example.com/transfers'

type Members = { readonly [member: string]: unknown }

const draft = (members: Members = {}) => ({
  ref: 'look-first',
  require: [{ operation: BALANCE }, { operation: TRANSFER, within: '10m' }],
  ...members,
})

/** What is answered for a draft. */
const ANSWERED = {
  description: '',
  enabled: true,
  action: 'block',
  without_session: 'pass',
  counts: 'requested',
  require: [{ operations: [BALANCE] }, { operations: [TRANSFER], within: 600 }],
}

async function zoneWithOperations(
  name: string,
  overrides: Parameters<typeof portsOf>[1] = {},
): Promise<Caller> {
  const call = api(name, overrides)
  const body = [
    { method: 'GET', host: 'api.example.com', endpoint: '/accounts/{id}/balance' },
    { method: 'POST', host: 'api.example.com', endpoint: '/transfers' },
  ]
  await call(`POST ${OPERATIONS}`, { body })
  return call
}

const commits = async (call: Caller) =>
  (await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result.length

describe('200', () => {
  test('a rule is made and answered in its one form, read, listed and deleted', async () => {
    const call = await zoneWithOperations('sequences-create', { nowMs: () => 1_000 })
    const made = await call<SequenceRule>(`POST ${PATH}`, { body: draft() })
    expect(made).toMatchObject({ status: 200, messages: [] })
    expect(made.result).toEqual({
      id: expect.stringMatching(/^[\da-f]{32}$/),
      ref: 'look-first',
      ...ANSWERED,
      last_updated: '1970-01-01T00:00:01.000Z',
    })
    const { id } = made.result
    expect(await call(`GET ${PATH}/${id}`)).toMatchObject({ status: 200, result: made.result })
    expect(await call(`GET ${PATH}`)).toMatchObject({
      status: 200,
      result: [made.result],
      result_info: { total_count: 1 },
    })
    expect(await call(`DELETE ${PATH}/${id}`)).toMatchObject({ status: 200, result: { id } })
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })

  test('everything that a rule can say', async () => {
    const call = await zoneWithOperations('sequences-whole')
    const body = {
      ref: 'whole',
      description: 'why',
      enabled: false,
      action: 'log',
      without_session: 'client',
      counts: 'answered',
      forbid: [
        { operations: [BALANCE] },
        { operations: ['*'], within: 5, without: [TRANSFER] },
        {
          operations: [TRANSFER],
          immediately: true,
          at_most: 3,
          bind: { account: 'lookup_json_string(http.request.body.raw, "from")' },
        },
      ],
    }
    expect(await call(`POST ${PATH}`, { body })).toMatchObject({ status: 200, result: body })
  })

  test('a rule is replaced, keeps its id, and what is left out is as in a new one', async () => {
    let nowMs = 1_000
    const call = await zoneWithOperations('sequences-update', { nowMs: () => nowMs })
    const { result } = await call<SequenceRule>(`POST ${PATH}`, {
      body: draft({ action: 'log', description: 'old' }),
    })
    nowMs = 2_000
    const forbid = [{ operations: [TRANSFER] }, { operations: [TRANSFER], immediately: true }]
    const body = { ref: 'other', forbid }
    const updated = await call(`PUT ${PATH}/${result.id}`, { body })
    const { require: _steps, ...rest } = ANSWERED
    expect(updated.result).toEqual({
      id: result.id,
      ref: 'other',
      ...rest,
      forbid,
      last_updated: '1970-01-01T00:00:02.000Z',
    })
  })

  test('what is answered may be put back, and changes nothing', async () => {
    const call = await zoneWithOperations('sequences-put-back')
    const { result } = await call<SequenceRule>(`POST ${PATH}`, { body: draft() })
    const before = await commits(call)
    expect(await call(`PUT ${PATH}/${result.id}`, { body: result })).toMatchObject({
      status: 200,
      result,
    })
    expect(await commits(call)).toBe(before)
  })

  test('the list has pages', async () => {
    const call = await zoneWithOperations('sequences-pages')
    for (const ref of ['a', 'b', 'c']) await call(`POST ${PATH}`, { body: draft({ ref }) })
    const page = await call<readonly SequenceRule[]>(`GET ${PATH}?per_page=2&page=2`)
    expect(page.result.map(({ ref }) => ref)).toEqual(['c'])
    expect((await call(`GET ${PATH}?page=9`)).result).toEqual([])
  })

  test('the rules reach the data plane as what the engine asks for', async () => {
    const call = await zoneWithOperations('sequences-published')
    const { result } = await call<SequenceRule>(`POST ${PATH}`, { body: draft() })
    const { parts } = await settings.ZONE.getByName('sequences-published').snapshot()
    const [rule] = JSON.parse(parts['sequence_rule'] ?? '[]') as readonly SequenceRule[]
    expect(rule).toEqual(result)
    const { require: steps, ...rest } = ANSWERED
    const content = sequenceContentOf(result)
    expect(content).toEqual({ ref: 'look-first', ...rest, kind: 'require', steps })
    expect(sequenceRuleOf(content, result)).toEqual(result)
  })
})

describe('what is wrong is refused with its place', () => {
  test.each([
    ['no ref', draft({ ref: undefined }), 1401, '/ref'],
    ['a misspelt member', draft({ descripton: '' }), 1401, '/descripton'],
    [
      'a misspelt member of a step',
      draft({ require: [{ operation: BALANCE }, { operation: TRANSFER, witihn: 1 }] }),
      1401,
      '/require/1/witihn',
    ],
    ['require and forbid', draft({ forbid: [] }), 1401, ''],
    ['one step', draft({ require: [{ operation: BALANCE }] }), 1401, '/require'],
    [
      'no operation',
      draft({ require: [{ operation: BALANCE }, { operation: 'transfers' }] }),
      1401,
      '/require/1/operation',
    ],
    [
      'an expression that is none',
      draft({
        require: [{ operation: BALANCE }, { operation: TRANSFER, bind: { account: 'http.hots' } }],
      }),
      20127,
      '/require/1/bind/account',
    ],
  ])('%s', async (name, body, code, pointer) => {
    const call = await zoneWithOperations(`sequences-wrong-${name}`)
    const { result } = await call<SequenceRule>(`POST ${PATH}`, { body: draft({ ref: 'good' }) })
    for (const line of [`POST ${PATH}`, `PUT ${PATH}/${result.id}`]) {
      const reply = await call(line, { body })
      expect(reply).toMatchObject({ status: 400, errors: [{ code, source: { pointer } }] })
      expect(reply.errors).toHaveLength(1)
    }
  })

  test('no object', async () => {
    expect(await api('sequences-text')(`POST ${PATH}`, { body: [] })).toMatchObject({
      status: 400,
      errors: [{ code: 1002 }],
    })
  })

  test.each([
    ['as the operation of a step', { operation: 'GET api.example.com/{x}' }, '/forbid/1/operation'],
    [
      'among those of a step',
      { operations: [TRANSFER, 'GET api.example.com/{x}'] },
      '/forbid/1/operations/1',
    ],
    [
      'between steps',
      { operation: TRANSFER, without: ['GET api.example.com/{x}'] },
      '/forbid/1/without/0',
    ],
  ])('an operation that is not saved, %s', async (name, step, pointer) => {
    const call = await zoneWithOperations(`sequences-unknown-${name}`)
    const body = { ref: 'r', forbid: [{ operation: BALANCE }, step] }
    const message = 'There is no saved operation "GET api.example.com/{x}".'
    expect(await call(`POST ${PATH}`, { body })).toMatchObject({
      status: 400,
      errors: [{ code: 1401, message, source: { pointer } }],
    })
    const endpoint = { method: 'GET', host: 'api.example.com', endpoint: '/{anything}' }
    await call(`POST ${OPERATIONS}/item`, { body: endpoint })
    expect(await call(`POST ${PATH}`, { body })).toMatchObject({ status: 200 })
  })

  test('a ref that another rule has', async () => {
    const call = await zoneWithOperations('sequences-ref')
    await call(`POST ${PATH}`, { body: draft() })
    const taken = await call(`POST ${PATH}`, { body: draft() })
    expect(taken).toMatchObject({
      status: 409,
      errors: [{ code: 1801, source: { pointer: '/ref' } }],
    })
    expect(taken.headers.get('x-should-retry')).toBe('false')
    const { result } = await call<SequenceRule>(`POST ${PATH}`, { body: draft({ ref: 'b' }) })
    expect(await call(`PUT ${PATH}/${result.id}`, { body: draft() })).toMatchObject({ status: 409 })
  })

  test('one rule more than there may be', async () => {
    const call = await zoneWithOperations('sequences-full')
    for (let n = 0; n < LIMITS.sequenceRulesMax; n++) {
      await call(`POST ${PATH}`, { body: draft({ ref: `r${n}` }) })
    }
    expect(await call(`POST ${PATH}`, { body: draft({ ref: 'more' }) })).toMatchObject({
      status: 400,
      errors: [{ code: 1007 }],
    })
    const [first] = (await call<readonly SequenceRule[]>(`GET ${PATH}`)).result
    expect(
      await call(`PUT ${PATH}/${first?.id}`, { body: draft({ ref: 'changed' }) }),
    ).toMatchObject({ status: 200 })
  })

  test.each(['GET', 'PUT', 'DELETE'])('%s of a rule that is not there', async (method) => {
    const call = await zoneWithOperations(`sequences-absent-${method}`)
    const options = method === 'PUT' ? { body: draft() } : {}
    expect(await call(`${method} ${PATH}/${NO_SUCH_ID}`, options)).toMatchObject({
      status: 404,
      errors: [{ code: 1008 }],
    })
  })

  test('a page that is none', async () => {
    expect(await api('sequences-page')(`GET ${PATH}?page=0`)).toMatchObject({
      status: 400,
      errors: [{ code: 1003 }],
    })
  })
})

test('an operation that a rule names stays until the rule is gone', async () => {
  const call = await zoneWithOperations('sequences-in-use')
  const { result } = await call<SequenceRule>(`POST ${PATH}`, { body: draft() })
  const [balance] = (await call<readonly Operation[]>(`GET ${OPERATIONS}`)).result
  expect(await call(`DELETE ${OPERATIONS}/${balance?.operation_id}`)).toMatchObject({
    status: 409,
    errors: [
      { code: 1102, message: `It is used by the sequence rule "look-first" (${result.id}).` },
    ],
  })
  await call(`DELETE ${PATH}/${result.id}`)
  expect(await call(`DELETE ${OPERATIONS}/${balance?.operation_id}`)).toMatchObject({ status: 200 })
})
