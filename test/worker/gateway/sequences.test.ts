import { afterEach, describe, expect, test, vi } from 'vitest'
import { operationId } from '#engines/paths'
import { type Asked, sessionShield, type Setup } from './session-shield.ts'

const BALANCE = 'GET api.example/accounts/{var1}/balance'
const TRANSFER = 'POST api.example/accounts/{var1}/transfers'
const LOGIN = 'POST api.example/login'
const OPERATIONS = [BALANCE, TRANSFER, LOGIN]

const START_MS = 1_800_000_000_000

/** The balance of the same account before a transfer, once for each look. */
const LOOK_FIRST = {
  id: 'look-first',
  require: [
    { operations: ['GET api.example/accounts/{account}/balance'] },
    { operations: ['POST api.example/accounts/{account}/transfers'], within: 600, at_most: 1 },
  ],
}

const NEVER_TWICE = {
  id: 'never-twice',
  forbid: [
    { operations: ['POST api.example/accounts/{from}/transfers'] },
    { operations: ['POST api.example/accounts/{to}/transfers'], immediately: true },
  ],
}

const look = (account: string, asked: Asked = {}) =>
  [`/accounts/${account}/balance`, { session: 's', ...asked }] as const
const transfer = (account: string, asked: Asked = {}) =>
  [`/accounts/${account}/transfers`, { method: 'POST', session: 's', ...asked }] as const

async function shieldOf(setup: Setup) {
  const shield = await sessionShield({ operations: OPERATIONS, ...setup })
  const status = async (...asked: readonly [string, Asked]) => (await shield.ask(...asked)).status
  return { ...shield, status }
}

afterEach(() => {
  vi.useRealTimers()
})

describe('a transfer that needs a look at the balance', () => {
  test('is stopped without one, and the event says which step was missing', async () => {
    const { ask } = await shieldOf({ sequences: [LOOK_FIRST] })
    const { status, events } = await ask(...transfer('a'))
    expect(status).toBe(403)
    expect(events).toMatchObject([
      {
        action: 'block',
        source: 'apiShieldSequenceMitigation',
        rule_id: 'look-first',
        session_id: expect.stringMatching(/^[0-9a-f]{32}$/),
        findings: [
          { detector: 'session-state', reason: 'sequence_missing', detail: { missing_step: 1 } },
        ],
      },
    ])
  })

  test('passes after it, once', async () => {
    const { status } = await shieldOf({ sequences: [LOOK_FIRST] })
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(403)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(200)
  })

  test.each([
    { name: 'another account', first: look('b'), reason: 'sequence_other_values' },
    { name: 'another session', first: look('a', { session: 'other' }), reason: 'sequence_missing' },
  ])('is stopped after a look at $name', async ({ first, reason }) => {
    const { ask, status } = await shieldOf({ sequences: [LOOK_FIRST] })
    expect(await status(...first)).toBe(200)
    const { events } = await ask(...transfer('a'))
    expect(events[0]?.findings).toMatchObject([{ reason }])
  })

  test('is stopped when the look was too long ago', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const { ask, status } = await shieldOf({ sequences: [LOOK_FIRST] })
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...look('b'))).toBe(200)
    vi.setSystemTime(START_MS + 600_000)
    expect(await status(...transfer('a'))).toBe(200)
    vi.setSystemTime(START_MS + 600_001)
    const { events } = await ask(...transfer('b'))
    expect(events[0]?.findings).toMatchObject([{ reason: 'sequence_too_late' }])
  })

  test('binds values from bodies too', async () => {
    const sequences = [
      {
        require: [
          { operations: ['GET api.example/accounts/{account}/balance'] },
          {
            operations: [LOGIN],
            bind: { account: 'lookup_json_string(http.request.body.raw, "from")' },
          },
        ],
      },
    ]
    const { status } = await shieldOf({ sequences })
    const login = (body: string) => ['/login', { method: 'POST', session: 's', body }] as const
    expect(await status(...look('a%20b'))).toBe(200)
    expect(await status(...login('{"from":"a"}'))).toBe(403)
    expect(await status(...login('{}'))).toBe(403)
    expect(await status(...login('{"from":"a b"}'))).toBe(200)
  })

  test.each(['{"to":6}', '{}', '{"to":"b"'])('forbids what it cannot read: %s', async (body) => {
    const sequences = [
      {
        forbid: [
          { operations: ['GET api.example/accounts/{to}/balance'] },
          { operations: [LOGIN], bind: { to: 'lookup_json_string(http.request.body.raw, "to")' } },
        ],
      },
    ]
    const { status } = await shieldOf({ sequences })
    const login = (text: string) =>
      ['/login', { method: 'POST', session: 's', body: text }] as const
    expect(await status(...login(body))).toBe(200)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...login('{"to":"b"}'))).toBe(200)
    expect(await status(...login('{"to":"a"}'))).toBe(403)
    expect(await status(...login(body))).toBe(403)
  })

  test('of many at the same time one passes', async () => {
    const { ask, status } = await shieldOf({ sequences: [LOOK_FIRST] })
    expect(await status(...look('a'))).toBe(200)
    const answers = await Promise.all(Array.from({ length: 50 }, () => ask(...transfer('a'))))
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
  })
})

describe('two transfers in a row', () => {
  test('are forbidden, and anything in between makes them no row', async () => {
    const { status } = await shieldOf({ sequences: [NEVER_TWICE] })
    expect(await status(...transfer('a'))).toBe(200)
    expect(await status(...transfer('b'))).toBe(403)
    expect(await status(...transfer('a'))).toBe(403)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('b'))).toBe(200)
  })

  test('are only noted by a rule that logs', async () => {
    const { ask, status } = await shieldOf({ sequences: [{ ...NEVER_TWICE, action: 'log' }] })
    expect(await status(...transfer('a'))).toBe(200)
    const second = await ask(...transfer('a'))
    expect(second.status).toBe(200)
    expect(second.events).toMatchObject([{ action: 'log', rule_id: 'never-twice' }])
  })

  test('are not forbidden by a rule that is off, nor where a rule excepts them', async () => {
    const skip = {
      expression: 'http.request.headers["x-trusted"][0] eq "1"',
      action: 'skip',
      action_parameters: { phases: ['sequence_mitigation'] },
    } as const
    const off = await shieldOf({ sequences: [{ ...NEVER_TWICE, enabled: false }] })
    expect(await off.status(...transfer('a'))).toBe(200)
    expect(await off.status(...transfer('a'))).toBe(200)
    expect(off.calls.visits).toBe(0)
    const { status } = await shieldOf({ sequences: [NEVER_TWICE], rules: [skip] })
    const trusted = { headers: { 'x-trusted': '1' } }
    expect(await status(...transfer('a', trusted))).toBe(200)
    expect(await status(...transfer('a', trusted))).toBe(200)
    expect(await status(...transfer('a'))).toBe(403)
  })
})

describe('steps that count once the API has answered', () => {
  test('do not count when it refused them', async () => {
    const { status } = await shieldOf({
      sequences: [{ ...LOOK_FIRST, counts: 'answered' }],
      origin: ({ url }) => new Response(null, { status: url.includes('/b/') ? 404 : 200 }),
    })
    expect(await status(...look('b'))).toBe(404)
    expect(await status(...transfer('b'))).toBe(403)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(403)
  })
})

describe('without a session', () => {
  test('is not where a session cannot be named', async () => {
    const { ask } = await shieldOf({
      sequences: [LOOK_FIRST],
      ports: { keyedHash: async () => null },
    })
    expect((await ask(...transfer('a'))).status).toBe(503)
  })

  test.each([
    { choice: 'pass', want: [200, 200] },
    { choice: 'block', want: [403, 403] },
    { choice: 'client', want: [403, 200] },
  ] as const)('$choice', async ({ choice, want }) => {
    const { ask } = await shieldOf({ sequences: [{ ...LOOK_FIRST, without_session: choice }] })
    const nameless = async (path: string, method = 'GET') => (await ask(path, { method })).status
    const first = await nameless('/accounts/a/transfers', 'POST')
    expect(await nameless('/accounts/a/balance')).toBe(200)
    const second = await nameless('/accounts/a/transfers', 'POST')
    expect([first, second]).toEqual(want)
  })
})

describe('Cloudflare’s rules of two operations', () => {
  const ids = async () => ({
    balance: await idOf(BALANCE),
    transfer: await idOf(TRANSFER),
    login: await idOf(LOGIN),
  })
  const rule = (kind: 'allow' | 'block', sequence: readonly [string, string]) => ({
    seqrules: [
      {
        rules: [
          {
            id: 'two',
            title: 'two steps',
            kind,
            action: 'block' as const,
            sequence,
            priority: 0,
            created_at: '',
            last_updated: '',
          },
        ],
      },
    ],
  })

  test('allow the second after the first', async () => {
    const { login, transfer: to } = await ids()
    const { status } = await shieldOf({ zone: rule('allow', [login, to]) })
    expect(await status(...transfer('a'))).toBe(403)
    expect(await status('/login', { method: 'POST', session: 's' })).toBe(200)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(200)
  })

  test('block the second after the first, until the session was silent for ten minutes', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const { balance, transfer: to } = await ids()
    const { status } = await shieldOf({ zone: rule('block', [balance, to]) })
    expect(await status(...transfer('a'))).toBe(200)
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(403)
    vi.setSystemTime(START_MS + 600_000)
    expect(await status(...transfer('a'))).toBe(200)
  })
})

describe('fields', () => {
  const noting = (expression: string) => [{ expression, action: 'log' as const }]

  test('tell what the session asked for before', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
    const balance = (await idOf(BALANCE)).slice(0, 8)
    const expression = `cf.sequence.previous_ops[0] eq "${balance}" and cf.sequence.msec_since_op["${balance}"] ge 2000`
    const { ask, status, calls } = await shieldOf({ rules: noting(expression) })
    expect(await status(...look('a'))).toBe(200)
    vi.setSystemTime(START_MS + 1_999)
    expect((await ask(...transfer('a'))).events).toEqual([])
    expect(await status(...look('a'))).toBe(200)
    vi.setSystemTime(START_MS + 3_999)
    expect((await ask(...transfer('a'))).events).toHaveLength(1)
    expect(calls.visits).toBe(4)
  })

  test('stop an enumeration at once', async () => {
    const expression = 'cf.portcullis.session.distinct["var1"] gt 3'
    const { status } = await shieldOf({ rules: [{ expression }] })
    const seen: number[] = []
    for (const account of ['a', 'b', 'a', 'c', 'c', 'd']) seen.push(await status(...look(account)))
    expect(seen).toEqual([200, 200, 200, 200, 200, 403])
    expect(await status(...look('e', { session: 'other' }))).toBe(200)
  })

  test('tell a replay', async () => {
    const expression = 'cf.portcullis.session.repeats ge 2'
    const { status } = await shieldOf({ rules: [{ expression }] })
    const seen: number[] = []
    for (const account of ['a', 'a', 'b', 'a', 'b']) seen.push(await status(...look(account)))
    expect(seen).toEqual([200, 200, 200, 403, 200])
  })
})

describe('what it costs', () => {
  test('nothing for operations that no rule is about, one question for the others', async () => {
    const { status, calls } = await shieldOf({ sequences: [LOOK_FIRST] })
    expect(await status('/login', { method: 'POST', session: 's' })).toBe(200)
    expect(await status('/elsewhere', { session: 's' })).toBe(200)
    expect(calls.visits).toBe(0)
    expect(await status(...look('a'))).toBe(200)
    expect(calls).toMatchObject({ visits: 1, settlements: 0 })
  })

  test('one question for a limit and a sequence of the same session', async () => {
    const { status, calls } = await shieldOf({
      sequences: [LOOK_FIRST],
      limits: [
        {
          expression: 'true',
          ratelimit: {
            characteristics: ['cf.portcullis.session.id'],
            period: 60,
            requests_per_period: 100,
          },
        },
      ],
    })
    expect(await status(...look('a'))).toBe(200)
    expect(await status(...transfer('a'))).toBe(200)
    expect(calls.visits).toBe(2)
  })
})

async function idOf(text: string): Promise<string> {
  const [, method = '', host = '', endpoint = ''] = /^(\S+) ([^/]+)(\/.*)$/.exec(text) ?? []
  return operationId({ method, host, endpoint })
}
