import { describe, expect, test } from 'vitest'
import { readRule, type RuleContext, ruleFileLimits } from '#engines/rule-files'

const ZONE: RuleContext = { phase: 'http_request_firewall_custom', kind: 'zone', lists: {} }
const CUSTOM: RuleContext = { ...ZONE, kind: 'custom' }
const RATES: RuleContext = { ...ZONE, phase: 'http_ratelimit' }
const RATE_LIMIT = { characteristics: ['ip.src'], period: 60, requests_per_period: 10 }
const ID = 'a'.repeat(32)

const rule = (action: string, action_parameters?: unknown, more: object = {}) => ({
  expression: 'ssl',
  action,
  ...(action_parameters === undefined ? {} : { action_parameters }),
  ...more,
})

function issuesOf(value: unknown, context: RuleContext = ZONE) {
  const read = readRule(value, context)
  return read.ok ? [] : read.error.map(({ path, message }) => ({ place: path.join('.'), message }))
}

describe('an action is taken with its parameters', () => {
  test.each([
    ['execute', rule('execute', { id: ID })],
    ['skip of the rest of the ruleset', rule('skip', { ruleset: 'current' })],
    ['skip of phases', rule('skip', { phases: ['http_ratelimit'] })],
    ['skip of a phase that only Cloudflare has', rule('skip', { phases: ['http_request_sbfm'] })],
    ['skip of rulesets', rule('skip', { rulesets: [ID] })],
    ['skip of rules', rule('skip', { rules: { [ID]: ['1', '2'] } })],
    [
      'skip of phases and rules',
      rule('skip', { phases: ['http_ratelimit'], rules: { [ID]: ['1'] } }),
    ],
    ['a silent skip', rule('skip', { ruleset: 'current' }, { logging: { enabled: false } })],
    ['categories', rule('log', undefined, { categories: ['a', 'b'] })],
    ['logging that is on', rule('block', undefined, { logging: { enabled: true } })],
  ])('%s', (_name, value) => {
    const read = readRule(value, ZONE)
    expect(read).toEqual({ ok: true, value: { ...value, description: '', enabled: true } })
  })

  test('no parameters at all are none', () => {
    const read = readRule(rule('block', {}), ZONE)
    expect(read.ok && read.value).not.toHaveProperty('action_parameters')
  })
})

describe('what has no effect here is refused with its place', () => {
  test.each([
    ['an action of Cloudflare', rule('managed_challenge'), 'action', 'use "block", "execute"'],
    ['a skip without parameters', rule('skip'), 'action_parameters', 'needs "ruleset"'],
    ['a skip of nothing', rule('skip', {}), 'action_parameters', 'needs "ruleset"'],
    ['older products', rule('skip', { products: ['waf'] }), 'action_parameters.products', 'older'],
    [
      'the phase of older products',
      rule('skip', { phase: 'current', rulesets: [ID] }),
      'action_parameters.phase',
      'products',
    ],
    ['an unknown phase', rule('skip', { phases: ['x'] }), 'action_parameters.phases', 'one of'],
    ['no phases', rule('skip', { phases: [] }), 'action_parameters.phases', 'empty'],
    [
      'a phase twice',
      rule('skip', { phases: ['http_ratelimit', 'http_ratelimit'] }),
      'action_parameters.phases',
      'twice',
    ],
    ['another ruleset', rule('skip', { ruleset: ID }), 'action_parameters.ruleset', 'current'],
    [
      'the ruleset and more',
      rule('skip', { ruleset: 'current', phases: ['http_ratelimit'] }),
      'action_parameters.ruleset',
      'combined',
    ],
    [
      'rulesets and phases',
      rule('skip', { rulesets: [ID], phases: ['http_ratelimit'] }),
      'action_parameters.rulesets',
      'combined',
    ],
    ['rules as a list', rule('skip', { rules: ['1'] }), 'action_parameters.rules', 'map'],
    ['rules of nothing', rule('skip', { rules: {} }), 'action_parameters.rules', 'empty'],
    ['no rules of it', rule('skip', { rules: { [ID]: [] } }), 'action_parameters.rules', 'empty'],
    ['an execute of nothing', rule('execute'), 'action_parameters', 'id'],
    ['an execute without id', rule('execute', {}), 'action_parameters.id', 'required'],
    [
      'overrides',
      rule('execute', { id: ID, overrides: { enabled: false } }),
      'action_parameters.overrides',
      'custom ruleset itself',
    ],
    [
      'matched data',
      rule('execute', { id: ID, matched_data: { public_key: 'x' } }),
      'action_parameters.matched_data',
      'not logged',
    ],
    ['a parameter of log', rule('log', { x: 1 }), 'action_parameters.x', 'none is'],
    [
      'a silent block',
      rule('block', undefined, { logging: { enabled: false } }),
      'logging.enabled',
      'silent',
    ],
    [
      'logging as a word',
      rule('skip', { ruleset: 'current' }, { logging: 'off' }),
      'logging',
      'object',
    ],
    [
      'leaked credentials',
      rule('log', undefined, { exposed_credential_check: {} }),
      'exposed_credential_check',
      'leaked',
    ],
    [
      'a rate limit in the wrong phase',
      rule('block', undefined, { ratelimit: RATE_LIMIT }),
      'ratelimit',
      'http_ratelimit',
    ],
    ['no categories', rule('log', undefined, { categories: [] }), 'categories', 'empty'],
    ['a category twice', rule('log', undefined, { categories: ['a', 'a'] }), 'categories', 'twice'],
  ])('%s', (_name, value, place, message) => {
    const issues = issuesOf(value)
    expect(issues.map((each) => each.place)).toEqual([place])
    expect(issues[0]?.message).toContain(message)
  })

  test('a custom ruleset cannot execute', () => {
    expect(issuesOf(rule('execute', { id: ID }), CUSTOM)).toMatchObject([{ place: 'action' }])
  })

  test('a rate limit cannot skip', () => {
    const value = rule('skip', { ruleset: 'current' }, { ratelimit: RATE_LIMIT })
    expect(issuesOf(value, RATES)).toMatchObject([{ place: 'action' }])
  })
})

describe('bounds', () => {
  const ids = (count: number) => Array.from({ length: count }, (_, n) => `${n}`)
  const { skippedMax, categoriesMax } = ruleFileLimits

  test.each([
    ['rulesets at', rule('skip', { rulesets: ids(skippedMax) }), true],
    ['rulesets above', rule('skip', { rulesets: ids(skippedMax + 1) }), false],
    ['rules at', rule('skip', { rules: { x: ids(skippedMax) } }), true],
    ['rules above', rule('skip', { rules: { x: ids(skippedMax + 1) } }), false],
    ['categories at', rule('log', undefined, { categories: ids(categoriesMax) }), true],
    ['categories above', rule('log', undefined, { categories: ids(categoriesMax + 1) }), false],
  ])('%s the bound', (_name, value, isOk) => {
    expect(readRule(value, ZONE).ok).toBe(isOk)
  })
})
