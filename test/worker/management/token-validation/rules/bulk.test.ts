import { describe, expect, test } from 'vitest'
import type { TokenRule } from '../../../../../worker/storage/resources/tokens.ts'
import { type Caller, NO_SUCH_ID, Z } from '../../../../support/management.ts'
import { zoneWithOperations } from '../support.ts'

const RULES = `${Z}/token_validation/rules`
const PATH = `${RULES}/bulk`

type Members = { readonly [member: string]: unknown }

const draft = (title: string, members: Members = {}) => ({
  title,
  description: '',
  action: 'log',
  enabled: true,
  expression: 'ssl',
  selector: { include: [{ host: ['v1.example.com'] }] },
  ...members,
})

/** A zone with the rules a, b, c and d, and their ids in this order. */
async function zoneWithRules(name: string) {
  const { call } = await zoneWithOperations(name)
  const body = ['a', 'b', 'c', 'd'].map((title) => draft(title))
  const { result } = await call<readonly TokenRule[]>(`POST ${PATH}`, { body })
  return { call, ids: result.map(({ id }) => id), made: result }
}

async function order(call: Caller): Promise<string> {
  const { result } = await call<readonly TokenRule[]>(`GET ${RULES}`)
  return result.map(({ title }) => title).join('')
}

describe('200', () => {
  test('several rules are made in the order of the body', async () => {
    const { call, made } = await zoneWithRules('bulk-create')
    expect(made.map(({ title }) => title)).toEqual(['a', 'b', 'c', 'd'])
    expect((await call(`GET ${RULES}`)).result).toEqual(made)
  })

  test('several rules are edited; those are answered, in the order of the body', async () => {
    const { call, ids } = await zoneWithRules('bulk-edit')
    const reply = await call<readonly TokenRule[]>(`PATCH ${PATH}`, {
      body: [
        { id: ids[3], title: 'D' },
        { id: ids[0], enabled: false, action: 'block' },
      ],
    })
    expect(reply.result).toMatchObject([
      { title: 'D', enabled: true },
      { title: 'a', enabled: false, action: 'block' },
    ])
    expect(await order(call)).toBe('abcD')
  })

  test.each<[string, (ids: readonly string[]) => readonly Members[], string]>([
    ['to an index that counts from 1', (ids) => [{ id: ids[3], position: { index: 1 } }], 'dabc'],
    ['to the last index', (ids) => [{ id: ids[0], position: { index: 4 } }], 'bcda'],
    ['before a rule', (ids) => [{ id: ids[3], position: { before: ids[1] } }], 'adbc'],
    ['after a rule', (ids) => [{ id: ids[0], position: { after: ids[2] } }], 'bcad'],
    ['to the top', (ids) => [{ id: ids[2], position: { before: '' } }], 'cabd'],
    ['to the bottom', (ids) => [{ id: ids[1], position: { after: '' } }], 'acdb'],
    [
      'one after another',
      (ids) => [
        { id: ids[3], position: { index: 1 } },
        { id: ids[0], position: { before: ids[3] } },
        { id: ids[2], position: { after: ids[0] } },
      ],
      'acdb',
    ],
  ])('rules move %s', async (name, moves, wanted) => {
    const { call, ids } = await zoneWithRules(`bulk-move ${name}`)
    expect((await call(`PATCH ${PATH}`, { body: moves(ids) })).status).toBe(200)
    expect(await order(call)).toBe(wanted)
  })
})

describe('400', () => {
  test.each<[string, (ids: readonly string[]) => unknown, string]>([
    ['no rule', () => [], ''],
    ['no list', () => ({}), ''],
    ['no id', () => [{ title: 'x' }], '/0/id'],
    [
      'an expression of the second',
      (ids) => [
        { id: ids[0], title: 'X' },
        { id: ids[1], expression: 'nonsense' },
      ],
      '/1/expression',
    ],
    [
      'two places at once',
      (ids) => [{ id: ids[0], position: { index: 1, after: ids[1] } }],
      '/0/position',
    ],
    [
      'an index below the first',
      (ids) => [{ id: ids[0], position: { index: 0 } }],
      '/0/position/index',
    ],
    [
      'an index beyond the last',
      (ids) => [{ id: ids[0], position: { index: 5 } }],
      '/0/position/index',
    ],
    [
      'a place beside itself',
      (ids) => [{ id: ids[0], position: { after: ids[0] } }],
      '/0/position/after',
    ],
    [
      'a host',
      (ids) => [{ id: ids[0], selector: { include: [{ host: [''] }] } }],
      '/0/selector/include/0/host/0',
    ],
  ])('an edit with %s wrong changes nothing', async (name, bodyOf, pointer) => {
    const { call, ids, made } = await zoneWithRules(`bulk-400 ${name}`)
    const reply = await call(`PATCH ${PATH}`, { body: bodyOf(ids) })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual([pointer])
    expect((await call(`GET ${RULES}`)).result).toEqual(made)
  })

  test('of several new rules every wrong one is named, and none is made', async () => {
    const { call } = await zoneWithOperations('bulk-create-400')
    const body = [
      draft('a', { expression: 'is' }),
      draft('b'),
      draft('c', { selector: { exclude: [{ operation_ids: [NO_SUCH_ID] }] } }),
    ]
    const reply = await call(`POST ${PATH}`, { body })
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual([
      '/0/expression',
      '/2/selector/exclude/0/operation_ids/0',
    ])
    expect((await call(`GET ${RULES}`)).result).toEqual([])
  })
})

describe('404', () => {
  test('an edit of a rule that is not there changes nothing', async () => {
    const { call, ids, made } = await zoneWithRules('bulk-404')
    const body = [
      { id: ids[0], title: 'X' },
      { id: NO_SUCH_ID, title: 'Y' },
    ]
    const reply = await call(`PATCH ${PATH}`, { body })
    expect(reply).toMatchObject({ status: 404, errors: [{ source: { pointer: '/1/id' } }] })
    expect((await call(`GET ${RULES}`)).result).toEqual(made)
  })
})
