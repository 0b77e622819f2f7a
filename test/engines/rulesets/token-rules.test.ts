import { describe, expect, test } from 'vitest'
import { fieldIndex, type FieldSource } from '#engines/expressions'
import { compileLists, compilePlan, walk } from '#engines/rulesets'

const CONFIGURATION = '52973293-cb04-4a97-8f55-e7d2ad1107dd'
const VALID = `is_jwt_valid("${CONFIGURATION}")`

type TokenRuleInput = Parameters<typeof compilePlan>[0]['tokens'][number]

type Draft = Partial<Omit<TokenRuleInput, 'operationIds'>> & { readonly covers?: readonly string[] }

function rule(id: string, { covers = ['op'], ...draft }: Draft = {}): TokenRuleInput {
  return {
    id,
    title: `title of ${id}`,
    expression: VALID,
    action: 'block',
    operationIds: new Set(covers),
    ...draft,
  }
}

type Facts = { readonly valid?: boolean; readonly method?: string; readonly operationId?: string }

/** A source in which nothing is known but the verdict on the token and the method. */
function sourceOf({ valid, method }: Facts): FieldSource {
  const methodIndex = fieldIndex('http.request.method')
  return {
    field: (index) => (index === methodIndex ? method : undefined),
    entry: (_index, key) => (key === CONFIGURATION ? valid : undefined),
  }
}

function planOf(tokens: readonly TokenRuleInput[]) {
  return compilePlan({
    rulesets: [],
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    tokens,
    schema: { logged: new Set(), blocked: new Set(['op']) },
    sequences: [],
    lists: compileLists([]),
    needs: ({ uses }) => uses,
  })
}

async function walked(tokens: readonly TokenRuleInput[], facts: Facts = {}) {
  const asked: string[] = []
  const result = await walk({
    plan: planOf(tokens),
    request: { host: 'a.example', method: facts.method ?? 'GET', path: '/x' },
    operationId: facts.operationId ?? 'op',
    source: sourceOf(facts),
    prepare(each) {
      asked.push(each.id)
      return null
    },
  })
  return {
    asked,
    noted: result.noted.map(({ id }) => id),
    by: result.end === 'blocked' ? result.rule.id : null,
  }
}

describe('a token validation rule', () => {
  test.each([
    ['true', true, null],
    ['false', false, 'r'],
    // No configuration was applied, or the token could not be judged.
    ['missing', undefined, 'r'],
  ])('acts unless its expression holds: %s', async (_name, valid, by) => {
    const facts = valid === undefined ? {} : { valid }
    expect((await walked([rule('r')], facts)).by).toBe(by)
  })

  test('that logs lets the request go on', async () => {
    const { noted, by } = await walked([rule('r', { action: 'log' })], { valid: false })
    expect({ noted, by }).toEqual({ noted: ['r'], by: null })
  })

  test('may let preflight requests pass by itself', async () => {
    const expression = `${VALID} or http.request.method eq "OPTIONS"`
    const rules = [rule('r', { expression })]
    expect((await walked(rules, { method: 'OPTIONS' })).by).toBeNull()
    expect((await walked(rules, { method: 'GET' })).by).toBe('r')
  })

  test('concerns only the operations that it covers', async () => {
    expect((await walked([rule('r')], { operationId: 'other' })).by).toBeNull()
  })

  test('comes before the schema and says who it is', () => {
    const plan = planOf([rule('r')])
    expect(plan.map(({ phase }) => phase)).toEqual([
      'http_request_firewall_custom',
      'http_ratelimit',
      'token_validation',
      'graphql',
      'schema_validation',
      'sequence_mitigation',
    ])
    const request = { host: 'a.example', method: 'GET', path: '/x' }
    const tokens = plan.find(({ phase }) => phase === 'token_validation')
    const [asked] = tokens?.lists[0]?.candidates(request) ?? []
    expect(asked).toMatchObject({
      source: 'apiShieldTokenValidation',
      description: 'title of r',
      rulesetId: null,
      action: { kind: 'block', response: null },
      needs: [{ field: 'is_jwt_valid()', key: CONFIGURATION }],
    })
    expect(asked?.expression.print()).toBe(`not (${VALID})`)
  })

  test('may have the longest expression that there is', async () => {
    const long = `${VALID} or http.host eq "${'a'.repeat(4_000)}"`
    expect((await walked([rule('r', { expression: long })], { valid: false })).by).toBe('r')
  })
})

describe('of many rules', () => {
  test('the one that applies to the operation is asked, and no other', async () => {
    const rules = Array.from({ length: 20 }, (_, n) => rule(`r${n}`, { covers: [`op${n}`] }))
    expect(await walked(rules, { operationId: 'op13' })).toMatchObject({
      asked: ['r13'],
      by: 'r13',
    })
  })
})
