import { compileSequence, type SequenceContent } from '#engines/sequences'
import { describe, expect, test } from 'vitest'
import { BALANCE, idOf, LOGOUT, NEWS, TRANSFER, TRANSFER_RULE } from './support.ts'

const [look, pay] = TRANSFER_RULE.steps
if (look === undefined || pay === undefined) throw new Error('the rule has two steps')

describe('the transfer rule', () => {
  const compiled = compileSequence('rule', TRANSFER_RULE)

  test('is stepped by numbers', () => {
    expect(compiled.pattern).toMatchObject({
      id: 'rule',
      kind: 'require',
      steps: [
        { withinMs: null, immediately: false, atMost: null, keeps: ['account'] },
        { withinMs: 300_000, immediately: false, atMost: 1, keeps: [] },
      ],
    })
  })

  test('knows which steps an operation is, and where the account stands', () => {
    const path = 'cf.portcullis.path_variables["var1"]'
    const body = 'lookup_json_string(http.request.body.raw, "from")'
    expect(compiled.moves(idOf(BALANCE))).toEqual([
      { step: 0, bindings: [{ name: 'account', source: path }] },
    ])
    expect(compiled.moves(idOf(TRANSFER))).toEqual([
      { step: 1, bindings: [{ name: 'account', source: body }] },
    ])
    expect(compiled.moves(idOf(LOGOUT))).toEqual([])
    expect(compiled.breaks(idOf(LOGOUT))).toEqual([1])
    expect(compiled.breaks(idOf(BALANCE))).toEqual([])
    expect(compiled.moves(idOf(NEWS))).toEqual([])
  })

  test('names the operations that it must be told of, and those it can act on', () => {
    expect(compiled.operations).toEqual(new Set([BALANCE, TRANSFER, LOGOUT].map(idOf)))
    expect(compiled.finalOperations).toEqual(new Set([idOf(TRANSFER)]))
  })
})

describe('any operation', () => {
  const anyBefore = compileSequence('rule', {
    ...TRANSFER_RULE,
    steps: [look, { operations: ['*'], without: [LOGOUT] }, { ...pay, within: 5 }],
  })

  test('is a step of each, of those that the rule names too', () => {
    expect(anyBefore.moves(idOf(NEWS)).map(({ step }) => step)).toEqual([1])
    expect(anyBefore.moves(idOf(BALANCE)).map(({ step }) => step)).toEqual([0, 1])
    expect(anyBefore.moves('of no saved operation').map(({ step }) => step)).toEqual([1])
    expect(anyBefore.breaks(idOf(LOGOUT))).toEqual([1, 2])
    expect(anyBefore.operations).toBe('all')
    expect(anyBefore.finalOperations).toEqual(new Set([idOf(TRANSFER)]))
  })

  test('a name is carried across it', () => {
    const keeps = anyBefore.pattern.steps.map((step) => step.keeps)
    expect(keeps).toEqual([['account'], ['account'], []])
  })

  test('as the last step it is what the rule can act on', () => {
    const steps = [{ operations: [NEWS] }, { operations: ['*'] }]
    expect(compileSequence('rule', { ...TRANSFER_RULE, steps }).finalOperations).toBe('all')
  })
})

describe('names', () => {
  const keepsOf = (...operations: readonly string[]) =>
    compileSequence('rule', {
      ...TRANSFER_RULE,
      steps: operations.map((operation) => ({ operations: [operation] })),
    }).pattern.steps.map(({ keeps }) => keeps)

  test('a name is kept until the last step that has it', () => {
    const operations = [
      'POST h.example/{user}/carts',
      'PUT h.example/{user}/carts/{cart}',
      'GET h.example/news',
      'POST h.example/carts/{cart}/pay',
      'GET h.example/{other}/bye',
    ]
    expect(keepsOf(...operations)).toEqual([['user'], ['cart'], ['cart'], [], []])
  })

  test('a name of one step says nothing', () => {
    const compiled = compileSequence('rule', {
      ...TRANSFER_RULE,
      steps: [{ operations: ['GET h.example/a/{x}'] }, { operations: ['GET h.example/b/{y}'] }],
    })
    expect(compiled.moves(idOf('GET h.example/a/{x}'))).toEqual([{ step: 0, bindings: [] }])
    expect(compiled.pattern.steps[0]?.keeps).toEqual([])
  })

  test('the same name is found wherever it stands in a path', () => {
    const second = 'PUT h.example/orgs/{org}/users/{user}'
    const compiled = compileSequence('rule', {
      ...TRANSFER_RULE,
      steps: [{ operations: ['GET h.example/users/{user}'] }, { operations: [second] }],
    })
    expect(compiled.moves(idOf(second))).toEqual([
      { step: 1, bindings: [{ name: 'user', source: 'cf.portcullis.path_variables["var2"]' }] },
    ])
  })
})

describe('another text of a rule', () => {
  const printOf = (content: SequenceContent): string =>
    compileSequence('rule', content).pattern.fingerprint

  test.each<{ name: string; change: Partial<SequenceContent> }>([
    { name: 'another kind', change: { kind: 'forbid' } },
    { name: 'what counts', change: { counts: 'answered' } },
    {
      name: 'another operation',
      change: { steps: [{ operations: [BALANCE, `${BALANCE}s`] }, pay] },
    },
    { name: 'another time', change: { steps: [look, { ...pay, within: 301 }] } },
    { name: 'another number', change: { steps: [look, { ...pay, at_most: 2 }] } },
    { name: 'other interruptions', change: { steps: [look, { ...pay, without: [NEWS] }] } },
    {
      name: 'another value',
      change: { steps: [look, { ...pay, bind: { account: 'http.host' } }] },
    },
  ])('is another pattern: $name', ({ change }) => {
    expect(printOf({ ...TRANSFER_RULE, ...change })).not.toBe(printOf(TRANSFER_RULE))
  })

  test.each<{ name: string; change: Partial<SequenceContent> }>([
    { name: 'another action', change: { action: 'log' } },
    { name: 'another description', change: { description: '' } },
    { name: 'another name of it', change: { ref: 'other' } },
    { name: 'switched off', change: { enabled: false } },
    { name: 'requests of no session', change: { without_session: 'pass' } },
    {
      name: 'the same host',
      change: { steps: [look, { ...pay, operations: ['POST API.example.com:443/transfers'] }] },
    },
  ])('is the same pattern: $name', ({ change }) => {
    expect(printOf({ ...TRANSFER_RULE, ...change })).toBe(printOf(TRANSFER_RULE))
  })
})

test('a rule that has issues is damage', () => {
  const damaged = { ...TRANSFER_RULE, steps: [look] }
  expect(() => compileSequence('rule', damaged)).toThrow('sequence rule does not compile: steps: ')
})
