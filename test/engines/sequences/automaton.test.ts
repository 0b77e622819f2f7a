import { SEQUENCE_LIMITS, type SequenceContent, type SequenceStep } from '#engines/sequences'
import { describe, expect, test } from 'vitest'
import {
  type Asked,
  BALANCE,
  createSession,
  LOGOUT,
  NEWS,
  TRANSFER,
  TRANSFER_RULE,
  verdicts,
} from './support.ts'

const one = { account: '1' }
const two = { account: '2' }
const balance = { operation: BALANCE, values: one }
const transfer = { operation: TRANSFER, values: one }
const refused = (missingStep: number, reason: string) => ({ kind: 'require', missingStep, reason })

describe('a transfer only after a look at the balance of the same account, one for each look', () => {
  test('a look permits one transfer; the second in a row is refused until the next look', () => {
    const request = createSession(TRANSFER_RULE)
    expect(request(transfer)).toEqual(refused(1, 'missing'))
    expect(request(balance)).toBeNull()
    expect(request(transfer)).toBeNull()
    expect(request(transfer)).toEqual(refused(1, 'used_up'))
    expect(request(balance)).toBeNull()
    expect(request(transfer)).toBeNull()
  })

  test.each<{ name: string; requests: readonly Asked[]; last: unknown }>([
    {
      name: 'the balance of another account permits nothing',
      requests: [{ ...balance, values: two }, transfer],
      last: refused(1, 'other_values'),
    },
    {
      name: 'each account has its own permission',
      requests: [balance, { ...balance, values: two }, transfer, { ...transfer, values: two }],
      last: null,
    },
    {
      name: 'a transfer from one account uses up nothing of another',
      requests: [{ ...balance, values: two }, balance, { ...transfer, values: two }, transfer],
      last: null,
    },
    {
      name: 'looking twice permits one transfer',
      requests: [balance, balance, transfer, transfer],
      last: refused(1, 'used_up'),
    },
    {
      name: 'what else is asked for in between does not matter',
      requests: [balance, { operation: NEWS }, { operation: NEWS }, transfer],
      last: null,
    },
    {
      name: 'a logout in between ends the permission',
      requests: [balance, { operation: LOGOUT }, transfer],
      last: refused(1, 'interrupted'),
    },
    {
      name: 'a logout before does not',
      requests: [{ operation: LOGOUT }, balance, transfer],
      last: null,
    },
    {
      name: 'the permission lasts 300 seconds',
      requests: [balance, { ...transfer, atMs: 300_000 }],
      last: null,
    },
    {
      name: 'and not a millisecond more',
      requests: [balance, { ...transfer, atMs: 300_001 }],
      last: refused(1, 'too_late'),
    },
    {
      name: 'a transfer without an account equals nothing',
      requests: [balance, { operation: TRANSFER }],
      last: refused(1, 'other_values'),
    },
    {
      name: 'not even a look without an account',
      requests: [{ operation: BALANCE }, { operation: TRANSFER }],
      last: refused(1, 'missing'),
    },
  ])('$name', ({ requests, last }) => {
    const found = verdicts(TRANSFER_RULE, requests)
    expect(found.slice(0, -1)).toEqual(requests.slice(1).map(() => null))
    expect(found.at(-1)).toEqual(last)
  })
})

const named = (name: string): string => `POST api.example.com/${name}`
const ask = (name: string, atMs = 0): Asked => ({ operation: named(name), atMs })

function ruleOf(
  kind: SequenceContent['kind'],
  steps: readonly (Partial<SequenceStep> & { readonly on: string })[],
): SequenceContent {
  return {
    ...TRANSFER_RULE,
    kind,
    steps: steps.map(({ on, ...step }) => ({
      operations: on === '*' ? ['*'] : on.split('|').map(named),
      ...step,
    })),
  }
}

const FORBIDDEN = { kind: 'forbid', missingStep: null, reason: 'completed' }
const USED_UP = { kind: 'forbid', missingStep: null, reason: 'used_up' }

describe('what a step may be', () => {
  test.each<{ name: string; rule: SequenceContent; requests: readonly Asked[]; last: unknown }>([
    {
      name: 'forbid: nobody completes it',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b' }]),
      requests: [ask('a'), ask('b')],
      last: FORBIDDEN,
    },
    {
      name: 'forbid: the other way round is allowed',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b' }]),
      requests: [ask('b'), ask('a')],
      last: null,
    },
    {
      name: 'forbid with at_most: so often it is allowed',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b', at_most: 2 }]),
      requests: [ask('a'), ask('b'), ask('b')],
      last: null,
    },
    {
      name: 'forbid with at_most: once more it is not',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b', at_most: 2 }]),
      requests: [ask('a'), ask('b'), ask('b'), ask('b')],
      last: USED_UP,
    },
    {
      name: 'forbid with at_most: the steps before begin a new count',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b', at_most: 2 }]),
      requests: [ask('a'), ask('b'), ask('b'), ask('a'), ask('b'), ask('b')],
      last: null,
    },
    {
      name: 'one request is never two steps of one sequence',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'a' }, { on: 'a' }]),
      requests: [ask('a'), ask('a')],
      last: null,
    },
    {
      name: 'three requests are three steps',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'a' }, { on: 'a' }]),
      requests: [ask('a'), ask('a'), ask('a')],
      last: FORBIDDEN,
    },
    {
      name: 'several operations can be one step',
      rule: ruleOf('require', [{ on: 'a|c' }, { on: 'b' }]),
      requests: [ask('c'), ask('b')],
      last: null,
    },
    {
      name: '* is any operation, but one there must be',
      rule: ruleOf('require', [{ on: '*' }, { on: 'b' }]),
      requests: [ask('b')],
      last: refused(1, 'missing'),
    },
    {
      name: '* is any operation',
      rule: ruleOf('require', [{ on: '*' }, { on: 'b' }]),
      requests: [ask('zzz'), ask('b')],
      last: null,
    },
    {
      name: 'immediately: the very next request of the session',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b', immediately: true }]),
      requests: [ask('a'), ask('b')],
      last: null,
    },
    {
      name: 'immediately: not the one after it',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b', immediately: true }]),
      requests: [ask('a'), ask('zzz'), ask('b')],
      last: refused(1, 'not_immediately'),
    },
    {
      name: 'the operation that is a step can be in its own without',
      rule: ruleOf('forbid', [{ on: 'a' }, { on: 'b', without: [named('b')], at_most: 5 }]),
      requests: [ask('a'), ask('b'), ask('b'), ask('b')],
      last: null,
    },
    {
      name: 'without a within, a step is remembered for an hour',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b' }]),
      requests: [ask('a'), ask('b', SEQUENCE_LIMITS.memoryMs)],
      last: null,
    },
    {
      name: 'and not longer',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b' }]),
      requests: [ask('a'), ask('b', SEQUENCE_LIMITS.memoryMs + 1)],
      last: refused(1, 'too_late'),
    },
    {
      name: 'within says how long, longer than an hour too',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b', within: 7_200 }]),
      requests: [ask('a'), ask('b', 7_200_000)],
      last: null,
    },
    {
      name: 'a clock that went back: the step counts as of now',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b', within: 10 }]),
      requests: [ask('a', 60_000), ask('zzz', 0), ask('b', 10_000)],
      last: null,
    },
    {
      name: 'a clock that went back gives no more time than that',
      rule: ruleOf('require', [{ on: 'a' }, { on: 'b', within: 10 }]),
      requests: [ask('a', 60_000), ask('zzz', 0), ask('b', 10_001)],
      last: refused(1, 'too_late'),
    },
  ])('$name', ({ rule, requests, last }) => {
    const found = verdicts(rule, requests)
    expect(found.slice(0, -1)).toEqual(requests.slice(1).map(() => null))
    expect(found.at(-1)).toEqual(last)
  })
})

describe('of a longer sequence, the step that is missing', () => {
  const rule = ruleOf('require', [
    { on: 'login' },
    { on: 'cart', within: 60 },
    { on: 'address', immediately: true },
    { on: 'pay', at_most: 1, without: [named('logout')] },
  ])

  test.each<{ name: string; requests: readonly Asked[]; want: unknown }>([
    { name: 'is the first of none', requests: [], want: refused(1, 'missing') },
    { name: 'is the second of one', requests: [ask('login')], want: refused(2, 'missing') },
    {
      name: 'is the third of two',
      requests: [ask('login'), ask('cart')],
      want: refused(3, 'missing'),
    },
    {
      name: 'is none of those that were taken out of order',
      requests: [ask('address'), ask('cart'), ask('login')],
      want: refused(2, 'missing'),
    },
    {
      name: 'is the second when it came too late',
      requests: [ask('login'), ask('cart', 60_001)],
      want: refused(2, 'missing'),
    },
    {
      name: 'is the third when it did not come at once',
      requests: [ask('login'), ask('cart'), ask('news'), ask('address')],
      want: refused(3, 'missing'),
    },
    {
      name: 'is the third when that was interrupted',
      requests: [ask('login'), ask('cart'), ask('address'), ask('logout')],
      want: refused(3, 'interrupted'),
    },
    {
      name: 'is the third when that was used up',
      requests: [ask('login'), ask('cart'), ask('address'), ask('pay')],
      want: refused(3, 'used_up'),
    },
  ])('$name', ({ requests, want }) => {
    const found = verdicts(rule, [...requests, ask('pay', requests.at(-1)?.atMs ?? 0)])
    expect(found.at(-1)).toEqual(want)
  })

  test('is the one that was taken with other values', () => {
    const files: SequenceContent = {
      ...TRANSFER_RULE,
      steps: [
        { operations: ['POST api.example.com/login'] },
        { operations: ['GET api.example.com/files/{file}'] },
        { operations: ['DELETE api.example.com/files/{file}'] },
      ],
    }
    const found = verdicts(files, [
      ask('login'),
      { operation: 'GET api.example.com/files/{file}', values: { file: 'x' } },
      { operation: 'DELETE api.example.com/files/{file}', values: { file: 'y' } },
    ])
    expect(found).toEqual([null, null, refused(2, 'other_values')])
  })
})
