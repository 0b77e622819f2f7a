import { describe, expect, test } from 'vitest'
import type { FieldUse } from '#engines/expressions'
import { compileLists, compilePlan, compileRateRules, type RulesetInput } from '#engines/rulesets'

const LISTS = compileLists([])
const LIMIT = { characteristics: ['ip.src', 'cf.colo.id'], period: 60, requests_per_period: 5 }

type Draft = Partial<RulesetInput['rules'][number]>

function rulesetOf(kind: string, rules: readonly Draft[], id = kind): RulesetInput {
  return {
    id,
    kind,
    phase: 'http_ratelimit',
    rules: rules.map((rule, n) => ({
      id: `${id}-${n}`,
      description: '',
      enabled: true,
      expression: 'true',
      action: 'block',
      ...(rule.action === 'execute' ? {} : { ratelimit: LIMIT }),
      ...rule,
    })),
  }
}

function rateRules(...rulesets: readonly RulesetInput[]) {
  const needs = ({ uses }: { readonly uses: readonly FieldUse[] }) => uses
  return compileRateRules({ rulesets, lists: LISTS, needs })
}

function planned(...rulesets: readonly RulesetInput[]) {
  const plan = compilePlan({
    rulesets,
    tokens: [],
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    schema: { logged: new Set(), blocked: new Set() },
    sequences: [],
    lists: LISTS,
    needs: ({ uses }) => uses,
  })
  return plan.find(({ phase }) => phase === 'http_ratelimit')?.lists ?? []
}

const fieldsOf = (uses: readonly FieldUse[]) => uses.map(({ field }) => field)

describe('a limit', () => {
  test('counts an address by its network, and everywhere alike', () => {
    const [rule] = rateRules(rulesetOf('zone', [{}]))
    expect(rule?.characteristics.map(({ value }) => value.source)).toEqual([
      'cf.portcullis.client_network',
    ])
    expect(rule?.terms).toEqual({ limit: 5, periodMs: 60_000, timeoutMs: 0 })
  })

  test('needs what its expressions read before there is an answer: first those that say whether it is about a request', () => {
    const ratelimit = {
      characteristics: ['cf.portcullis.session.id'],
      period: 60,
      score_per_period: 5,
      score_expression: 'cf.portcullis.graphql.cost',
    }
    const [rule] = rateRules(rulesetOf('zone', [{ expression: 'ssl', ratelimit }]))
    expect(fieldsOf(rule?.needs.toAsk.flat() ?? [])).toEqual(['ssl'])
    expect(fieldsOf(rule?.needs.toCount.flat() ?? [])).toEqual([
      'cf.portcullis.session.id',
      'cf.portcullis.graphql.cost',
    ])
  })

  test('that counts by the answer needs nothing of it before', () => {
    const counting_expression = 'http.response.code eq 401'
    const [rule] = rateRules(rulesetOf('zone', [{ ratelimit: { ...LIMIT, counting_expression } }]))
    expect(rule?.isCountedAfter).toBe(true)
    expect(fieldsOf(rule?.needs.toAsk.flat() ?? [])).toEqual([])
    expect(fieldsOf(rule?.needs.toCount.flat() ?? [])).toEqual(['cf.portcullis.client_network'])
  })

  test('that is off is none', () => {
    expect(rateRules(rulesetOf('zone', [{ enabled: false }]))).toEqual([])
  })
})

describe('limits of several rulesets', () => {
  test('stand in the order in which they run, those that are executed under what executes them', () => {
    const rules = rateRules(
      rulesetOf('zone', [{}]),
      rulesetOf('custom', [{ expression: 'not ssl' }]),
      rulesetOf('root', [
        { expression: 'ssl', action: 'execute', action_parameters: { id: 'custom' } },
        {},
      ]),
    )
    expect(rules.map(({ id }) => id)).toEqual(['custom-0', 'root-1', 'zone-0'])
    expect(rules[0]?.applies.map(({ source }) => source)).toEqual(['ssl', 'not ssl'])
    expect(rules[0]).toMatchObject({ rulesetIds: ['root', 'custom'], executedBy: ['root-0'] })
  })
})

describe('the plan', () => {
  const request = { host: 'a.example', method: 'GET', path: '/elsewhere' }
  const onLogin = 'http.request.uri.path eq "/login"'
  const many = (more: object) =>
    Array.from({ length: 20 }, () => ({ expression: onLogin, ratelimit: { ...LIMIT, ...more } }))

  test('leaves out limits that cannot be about a request', () => {
    const [list] = planned(rulesetOf('zone', many({})))
    expect(list?.candidates(request)).toEqual([])
    expect(list?.candidates({ ...request, path: '/login' })).toHaveLength(20)
  })

  test('asks those that may count it although they do not act on it', () => {
    const [list] = planned(rulesetOf('zone', many({ counting_expression: 'ssl' })))
    expect(list?.candidates(request)).toHaveLength(20)
  })

  test('asks whoever counted', () => {
    const [list] = planned(rulesetOf('zone', [{}]))
    const [rule] = list?.candidates(request) ?? []
    expect(rule).toMatchObject({ source: 'rateLimit', rulesetId: 'zone' })
    expect(rule?.needs).toEqual([{ field: 'rate_exceeded()', key: 'zone-0' }])
    const found = (ids: readonly string[]) => ({
      field: () => undefined,
      entry: (_index: number, id: string) => ids.includes(id),
    })
    expect(rule?.expression.evaluate(found(['zone-0']))).toBe(true)
    expect(rule?.expression.evaluate(found(['zone-1']))).toBe(false)
  })
})
