import { describe, expect, test } from 'vitest'
import { applyTokenRules, selectorStates } from '#engines/rulesets'

type OperationSelector = Parameters<typeof selectorStates>[0]

const OPERATIONS = [
  { operation_id: 'accounts', host: 'example.com' },
  { operation_id: 'v1-accounts', host: 'v1.example.com' },
  { operation_id: 'v2-accounts', host: 'v2.example.com' },
  { operation_id: 'v1-login', host: 'v1.example.com' },
  { operation_id: 'v3-login', host: 'v3.example.com' },
]

const I = 'included'
const E = 'excluded'
const N = 'ignored'

describe('a selector', () => {
  test.each<[string, OperationSelector, readonly string[]]>([
    ['that is empty ignores all', {}, [N, N, N, N, N]],
    ['of nulls ignores all', { include: null, exclude: null }, [N, N, N, N, N]],
    ['without hosts ignores all', { include: [{}] }, [N, N, N, N, N]],
    ['includes a host', { include: [{ host: ['v1.example.com'] }] }, [N, I, N, I, N]],
    [
      'includes the hosts of all its conditions',
      { include: [{ host: ['v1.example.com'] }, { host: ['v2.example.com', 'example.com'] }] },
      [I, I, I, I, N],
    ],
    [
      'excludes by id what a host includes',
      {
        include: [{ host: ['v1.example.com'] }],
        exclude: [{ operation_ids: ['v1-login'] }, { operation_ids: ['v3-login'] }],
      },
      [N, I, N, E, E],
    ],
    ['compares whole hosts', { include: [{ host: ['1.example.com', 'com'] }] }, [N, N, N, N, N]],
  ])('%s', (_name, selector, states) => {
    expect(selectorStates(selector, OPERATIONS)).toEqual(states)
    const included = OPERATIONS.filter((_, index) => states[index] === I)
    const ids = included.map(({ operation_id }) => operation_id)
    expect(applied([rule('r', selector)])).toEqual(ids.length === 0 ? {} : { r: ids })
  })

  test('covers operations that come later', () => {
    const later = [...OPERATIONS, { operation_id: 'new', host: 'v3.example.com' }]
    expect(applied([rule('r', hosts('v3.example.com'))], later)).toEqual({ r: ['v3-login', 'new'] })
  })
})

describe('of several rules that cover an operation', () => {
  const V1 = hosts('v1.example.com')

  test('only the first applies; a later one has what is left', () => {
    const rules = [rule('one', V1), rule('two', hosts('v1.example.com', 'v2.example.com'))]
    expect(applied(rules)).toEqual({ one: ['v1-accounts', 'v1-login'], two: ['v2-accounts'] })
    expect(applied(rules.toReversed())).toEqual({ two: ['v1-accounts', 'v2-accounts', 'v1-login'] })
  })

  test('one that excludes it leaves it to the next', () => {
    const excluding = { ...V1, exclude: [{ operation_ids: ['v1-login'] }] }
    expect(applied([rule('one', excluding), rule('two', V1)])).toEqual({
      one: ['v1-accounts'],
      two: ['v1-login'],
    })
  })

  test('one that is switched off leaves it to the next', () => {
    expect(applied([rule('off', V1, { enabled: false }), rule('on', V1)])).toEqual({
      on: ['v1-accounts', 'v1-login'],
    })
  })

  test('the order of the rules stays, whichever operations come first', () => {
    const rules = [rule('one', hosts('v3.example.com')), rule('two', hosts('example.com'))]
    expect(Object.keys(applied(rules))).toEqual(['one', 'two'])
  })
})

type Rule = Parameters<typeof applyTokenRules>[0][number]

function rule(id: string, selector: OperationSelector, change: Partial<Rule> = {}): Rule {
  const content = { title: id, expression: 'ssl', action: 'block', enabled: true } as const
  return { id, ...content, selector, ...change }
}

function hosts(...host: string[]): OperationSelector {
  return { include: [{ host }] }
}

/** Which operations each rule applies to, by the id of the rule. */
function applied(rules: readonly Rule[], operations = OPERATIONS) {
  const inputs = applyTokenRules(rules, operations)
  return Object.fromEntries(inputs.map(({ id, operationIds }) => [id, [...operationIds]]))
}
