import { SEQUENCE_LIMITS, sequenceIssues, type SequenceStep } from '#engines/sequences'
import { describe, expect, test } from 'vitest'
import { BALANCE, LOGOUT, NEWS, TRANSFER, TRANSFER_RULE } from './support.ts'

const { stepsMax, operationsMax, withinSecondsMax, atMostMax, bindingsMax } = SEQUENCE_LIMITS
const [look, pay] = TRANSFER_RULE.steps
if (look === undefined || pay === undefined) throw new Error('the rule has two steps')
const news: SequenceStep = { operations: [NEWS] }
const LONG_NAME: SequenceStep = { ...news, bind: { ['x'.repeat(64)]: 'http.host' } }
const many = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `GET h.example/${index}`)
const variables = (count: number): string =>
  Array.from({ length: count }, (_, index) => `/{v${index}}`).join('')

test('a rule that is right has none', () => {
  expect(sequenceIssues(TRANSFER_RULE)).toEqual([])
})

describe('what is wrong, and where', () => {
  test.each<{
    name: string
    steps: readonly SequenceStep[]
    path: readonly (string | number)[]
    message: string
  }>([
    { name: 'one step', steps: [news], path: ['steps'], message: '1 step; a sequence has 2 to 10' },
    {
      name: 'too many steps',
      steps: Array.from({ length: stepsMax + 1 }, () => news),
      path: ['steps'],
      message: 'This has 11 steps',
    },
    {
      name: 'a step without operations',
      steps: [news, { operations: [] }],
      path: ['steps', 1, 'operations'],
      message: 'at least one operation',
    },
    {
      name: 'too many operations',
      steps: [{ operations: many(operationsMax + 1) }, news],
      path: ['steps', 0, 'operations'],
      message: '51 operations; at most 50',
    },
    {
      name: '* beside others',
      steps: [{ operations: ['*', NEWS] }, news],
      path: ['steps', 0, 'operations'],
      message: 'stands alone',
    },
    {
      name: 'no operation',
      steps: [news, { operations: [NEWS, 'GET /news'] }],
      path: ['steps', 1, 'operations', 1],
      message: 'The host is empty.',
    },
    {
      name: 'an operation twice, under other names',
      steps: [{ operations: ['GET h.example/{a}', 'GET H.example/{b}'] }, news],
      path: ['steps', 0, 'operations', 1],
      message: 'in the list already',
    },
    {
      name: 'a wrong operation in without',
      steps: [news, { ...news, without: ['logout'] }],
      path: ['steps', 1, 'without', 0],
      message: 'a method, a space, a host and a path',
    },
    {
      name: '* in without',
      steps: [news, { ...news, without: ['*'] }],
      path: ['steps', 1, 'without'],
      message: 'immediately: true',
    },
    {
      name: 'too many in without',
      steps: [news, { ...news, without: many(operationsMax + 1) }],
      path: ['steps', 1, 'without'],
      message: '51 operations; at most 50',
    },
    {
      name: 'immediately and without',
      steps: [news, { ...news, immediately: true, without: [LOGOUT] }],
      path: ['steps', 1, 'without'],
      message: '"immediately" lets no operation come in between',
    },
    ...[0, 1.5, -1, Number.NaN, withinSecondsMax + 1].map((within) => ({
      name: `within ${within}`,
      steps: [news, { ...news, within }],
      path: ['steps', 1, 'within'],
      message: 'from 1 to 86400',
    })),
    ...[0, 1.5, atMostMax + 1].map((at_most) => ({
      name: `at_most ${at_most}`,
      steps: [news, { ...news, at_most }],
      path: ['steps', 1, 'at_most'],
      message: 'from 1 to 1000000',
    })),
    {
      name: 'at_most before the last step',
      steps: [{ ...news, at_most: 1 }, news],
      path: ['steps', 0, 'at_most'],
      message: 'Only the last step',
    },
    ...[{ within: 5 }, { immediately: true }, { without: [LOGOUT] }].map((member) => ({
      name: `the first step with ${Object.keys(member).join('')}`,
      steps: [{ ...news, ...member }, news],
      path: ['steps', 0, ...Object.keys(member)],
      message: 'the first has none',
    })),
    {
      name: 'a value that no other step has',
      steps: [news, { ...news, bind: { user: 'http.host' } }],
      path: ['steps', 1, 'bind', 'user'],
      message: 'No other step has the name "user"',
    },
    {
      name: 'a value for what the path says',
      steps: [look, { operations: [BALANCE], bind: { account: 'http.host' } }],
      path: ['steps', 1, 'bind', 'account'],
      message: 'which of the two is "account"',
    },
    ...['', '1a', '__proto__', 'a b', 'x'.repeat(65)].map((name) => ({
      name: `the name "${name}"`,
      steps: [news, { ...news, bind: Object.fromEntries([[name, 'http.host']]) }],
      path: ['steps', 1, 'bind', name],
      message: 'at most 64 in all',
    })),
    {
      name: 'an operation without the name that its step shares',
      steps: [look, { operations: ['PUT h.example/{account}', TRANSFER] }],
      path: ['steps', 1, 'operations', 1],
      message: 'This lacks the name "account"',
    },
    {
      name: 'too many names in common',
      steps: [
        { operations: [`GET h.example${variables(bindingsMax + 1)}`] },
        { operations: [`PUT h.example${variables(bindingsMax + 1)}`] },
      ],
      path: ['steps'],
      message: '11 names in common; at most 10',
    },
  ])('$name', ({ steps, path, message }) => {
    expect(sequenceIssues({ steps })).toEqual([{ path, message: expect.stringContaining(message) }])
  })

  test('all of them at once', () => {
    const steps = [
      { operations: [], within: 1 },
      { ...pay, operations: ['x'], at_most: 0 },
    ]
    const paths = sequenceIssues({ steps }).map(({ path }) => path.join('.'))
    const want = ['operations', 'within'].map((member) => `steps.0.${member}`)
    expect(paths).toEqual([...want, 'steps.1.operations.0', 'steps.1.at_most'])
  })
})

describe('what is at a limit is right', () => {
  test.each<{ name: string; steps: readonly SequenceStep[] }>([
    { name: 'steps', steps: Array.from({ length: stepsMax }, () => news) },
    { name: 'operations', steps: [{ operations: many(operationsMax) }, news] },
    { name: 'without', steps: [news, { ...news, without: many(operationsMax) }] },
    {
      name: 'within',
      steps: [news, { ...news, within: withinSecondsMax }, { ...news, within: 1 }],
    },
    { name: 'at_most', steps: [news, { ...news, at_most: atMostMax }] },
    {
      name: 'names in common',
      steps: [
        { operations: [`GET h.example${variables(bindingsMax)}`] },
        { operations: [`PUT h.example${variables(bindingsMax)}`] },
      ],
    },
    {
      name: 'a name of 64 characters',
      steps: [LONG_NAME, LONG_NAME],
    },
    {
      name: 'members that say nothing on the first step',
      steps: [{ ...news, immediately: false, without: [] }, news],
    },
  ])('$name', ({ steps }) => {
    expect(sequenceIssues({ steps })).toEqual([])
  })
})
