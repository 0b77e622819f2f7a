/** Requests that a rule excepts from others are counted and remembered like those that no other rule is about. */
import { expect, test } from 'vitest'
import { operationId } from '#engines/paths'
import type { Rule, Ruleset } from '../../../worker/storage/resources.ts'
import { type Asked, limitOf, sessionShield, type Setup } from './session-shield.ts'

const BALANCE = 'GET api.example/accounts/{var1}/balance'
const TRANSFER = 'POST api.example/accounts/{var1}/transfers'
const LOGOUT = 'POST api.example/logout'
const OPERATIONS = [BALANCE, TRANSFER, LOGOUT]

const trusted = { session: 's', headers: { 'x-trusted': '1' } }
const IS_TRUSTED = 'http.request.headers["x-trusted"][0] eq "1"'

const look = (asked: Asked = trusted) => ['/accounts/a/balance', asked] as const
const transfer = (asked: Asked = trusted) =>
  ['/accounts/a/transfers', { method: 'POST', ...asked }] as const
const logout = (asked: Asked = trusted) => ['/logout', { method: 'POST', ...asked }] as const

const LOOK_FIRST = {
  require: [
    { operations: ['GET api.example/accounts/{a}/balance'] },
    { operations: ['POST api.example/accounts/{a}/transfers'] },
  ],
}

const LIMIT = { expression: 'true', ratelimit: limitOf(1, ['cf.portcullis.session.id']) }

function skipping(action_parameters: NonNullable<Rule['action_parameters']>) {
  return { expression: IS_TRUSTED, action: 'skip' as const, action_parameters }
}

async function shieldOf(setup: Setup) {
  const shield = await sessionShield({ operations: OPERATIONS, ...setup })
  const status = async (...asked: readonly [string, Asked]) => (await shield.ask(...asked)).status
  return { ...shield, status }
}

const WITHOUT_LIMITS = skipping({ phases: ['http_ratelimit'] })

test.each([
  { name: 'the last rule that is asked', rules: [WITHOUT_LIMITS] },
  {
    name: 'a rule behind one that asks what the session did',
    rules: [{ expression: 'cf.portcullis.session.repeats ge 100' }, WITHOUT_LIMITS],
  },
])('of limits, by $name', async ({ rules }) => {
  const { status } = await shieldOf({ rules, limits: [LIMIT], sequences: [LOOK_FIRST] })
  expect(await status(...logout({ session: 's' }))).toBe(200)
  expect(await status(...logout({ session: 's' }))).toBe(429)
  expect(await status(...transfer())).toBe(403)
  expect(await status(...look())).toBe(200)
  expect(await status(...transfer())).toBe(200)
})

test('of limits that count answers, found out after the session was asked', async () => {
  const counting = limitOf(1, ['ip.src'], { counting_expression: 'http.response.code eq 401' })
  const { statuses } = await shieldOf({
    rules: [{ expression: 'cf.portcullis.session.repeats ge 100' }, WITHOUT_LIMITS],
    limits: [{ expression: 'true', ratelimit: counting }],
    origin: () => new Response(null, { status: 401 }),
  })
  expect(await statuses(3, '/login', trusted)).toEqual([401, 401, 401])
  expect(await statuses(2, '/login')).toEqual([401, 429])
})

test('of the ruleset that executes the one with the limit', async () => {
  const executing = ruleset('entry', 'zone', [
    { expression: 'true', action: 'execute', action_parameters: { id: 'custom' } },
  ])
  const { status, calls } = await shieldOf({
    sequences: [LOOK_FIRST],
    zone: {
      ruleset: [
        ruleset('firewall', 'zone', [skipping({ rulesets: ['entry'] })], FIREWALL),
        executing,
        ruleset('custom', 'custom', [LIMIT]),
      ],
    },
  })
  expect(await status(...logout({ session: 's' }))).toBe(200)
  expect(await status(...logout())).toBe(200)
  expect(calls).toMatchObject({ visits: 1, settlements: 0 })
  expect(await status(...transfer())).toBe(403)
  expect(await status(...look())).toBe(200)
  expect(await status(...transfer())).toBe(200)
})

test('a limit that is executed twice counts a request once', async () => {
  const execute = {
    expression: 'true',
    action: 'execute',
    action_parameters: { id: 'custom' },
  } as const
  const { statuses } = await shieldOf({
    zone: {
      ruleset: [
        ruleset('entry', 'zone', [execute, execute]),
        ruleset('custom', 'custom', [{ ...LIMIT, ratelimit: limitOf(4, ['ip.src']) }]),
      ],
    },
  })
  expect(await statuses(5, '/logout')).toEqual([200, 200, 200, 200, 429])
})

test('of a rule of two operations, and what was done is still held against the session', async () => {
  const [balance = '', operation = ''] = await Promise.all([BALANCE, TRANSFER].map(idOf))
  const two = {
    id: 'two',
    title: 'two steps',
    kind: 'allow' as const,
    action: 'block' as const,
    sequence: [balance, operation] as const,
    priority: 0,
    created_at: '',
    last_updated: '',
  }
  const { status } = await shieldOf({
    rules: [skipping({ rules: { sequences: ['two'] } })],
    zone: { seqrules: [{ rules: [two] }] },
    sequences: [
      {
        forbid: [
          { operations: ['POST api.example/accounts/{a}/transfers'] },
          { operations: ['POST api.example/logout'] },
        ],
      },
    ],
  })
  expect(await status(...transfer({ session: 's' }))).toBe(403)
  expect(await status(...transfer())).toBe(200)
  expect(await status(...logout())).toBe(403)
})

const FIREWALL = 'http_request_firewall_custom'

function ruleset(
  id: string,
  kind: Ruleset['kind'],
  rules: readonly (Partial<Rule> & Pick<Rule, 'expression'>)[],
  phase: Ruleset['phase'] = 'http_ratelimit',
): Ruleset {
  const common = { version: '1', description: '', last_updated: '' }
  return {
    ...common,
    id,
    kind,
    name: id,
    phase,
    rules: rules.map((rule, n) => {
      const own = `${id}-${n}`
      return { ...common, id: own, ref: own, enabled: true, action: 'block' as const, ...rule }
    }),
  }
}

async function idOf(text: string): Promise<string> {
  const [, method = '', host = '', endpoint = ''] = /^(\S+) ([^/]+)(\/.*)$/.exec(text) ?? []
  return operationId({ method, host, endpoint })
}
