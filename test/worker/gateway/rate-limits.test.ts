import { afterEach, describe, expect, test, vi } from 'vitest'
import { limitOf, sessionShield } from './session-shield.ts'

const SESSION = 'cf.portcullis.session.id'
const CLIENT = 'cf.portcullis.session.client'
const ON_LOGIN = 'http.request.uri.path eq "/login"'

afterEach(() => {
  vi.useRealTimers()
})

describe('beyond a limit', () => {
  test('the client gets 429, and when to come back', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const { ask } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(1, ['ip.src', 'cf.colo.id']) }],
    })
    expect((await ask('/a')).status).toBe(200)
    vi.setSystemTime(1_800_000_018_500)
    const { response, events } = await ask('/a')
    expect(response.status).toBe(429)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(response.headers.get('retry-after')).toBe('42')
    expect(response.headers.get('ratelimit-policy')).toBe('"limit";q=1;w=60')
    expect(response.headers.get('ratelimit')).toBe('"limit";r=0;t=42')
    expect(await response.json()).toMatchObject({ title: 'Too Many Requests', status: 429 })
    expect(events).toMatchObject([
      {
        action: 'block',
        source: 'rateLimit',
        rule_id: 'http_ratelimit-0',
        ruleset_id: 'http_ratelimit',
        status: 429,
        findings: [
          {
            detector: 'session-state',
            reason: 'rate_exceeded',
            detail: { limit: 1, period_seconds: 60 },
          },
        ],
      },
    ])
  })

  test('a rule may answer without saying that there is a limit', async () => {
    const response = { status_code: 403, content: '{}', content_type: 'application/json' }
    const { statuses, ask } = await sessionShield({
      limits: [
        { expression: 'true', ratelimit: limitOf(1, ['ip.src']), action_parameters: { response } },
      ],
    })
    expect(await statuses(2, '/a')).toEqual([200, 403])
    const { headers } = (await ask('/a')).response
    expect([...headers.keys()]).toEqual(['cache-control', 'content-type'])
  })

  test('a rule that logs lets everything through', async () => {
    const { statuses, ask } = await sessionShield({
      limits: [{ expression: 'true', action: 'log', ratelimit: limitOf(1, ['ip.src']) }],
    })
    expect(await statuses(2, '/a')).toEqual([200, 200])
    expect((await ask('/a')).events).toMatchObject([{ action: 'log', source: 'rateLimit' }])
  })

  test('a timeout keeps the client out, and the gateway does not ask for it', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: 1_800_000_000_000 })
    const { statuses, calls } = await sessionShield({
      limits: [
        { expression: 'true', ratelimit: limitOf(1, ['ip.src'], { mitigation_timeout: 600 }) },
      ],
    })
    expect(await statuses(2, '/a')).toEqual([200, 429])
    const asked = calls.visits
    expect(await statuses(100, '/a')).toEqual(Array.from({ length: 100 }, () => 429))
    expect(calls.visits).toBe(asked)
    vi.setSystemTime(1_800_000_599_999)
    expect(await statuses(1, '/a')).toEqual([429])
    vi.setSystemTime(1_800_000_600_000)
    expect(await statuses(1, '/a')).toEqual([200])
  })
})

describe('what a limit counts by', () => {
  test('a session, and without one the network', async () => {
    const { statuses } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(1, [CLIENT]) }],
    })
    expect(await statuses(2, '/a', { session: 'one' })).toEqual([200, 429])
    expect(await statuses(2, '/a', { session: 'two' })).toEqual([200, 429])
    expect(await statuses(2, '/a', { ip: '2001:db8::1' })).toEqual([200, 429])
    expect(await statuses(1, '/a', { ip: '2001:db8::2' })).toEqual([429])
    expect(await statuses(1, '/a', { ip: '2001:db8:0:1::1' })).toEqual([200])
  })

  test.each([
    {
      name: 'a header',
      by: 'http.request.headers["x-api-key"]',
      a: { headers: { 'x-api-key': 'a' } },
      b: { headers: { 'x-api-key': 'b' } },
    },
    {
      name: 'a cookie',
      by: 'http.request.cookies["sid"]',
      a: { headers: { cookie: 'sid=a' } },
      b: { headers: { cookie: 'sid=b' } },
    },
    {
      name: 'a member of the body',
      by: 'lookup_json_string(http.request.body.raw, "user")',
      a: { method: 'POST', body: '{"user":"a"}' },
      b: { method: 'POST', body: '{"user":"b"}' },
    },
    {
      name: 'a fingerprint',
      by: 'cf.portcullis.client_network',
      a: { ip: '192.0.2.7' },
      b: { ip: '192.0.2.8' },
    },
  ])('$name', async ({ by, a, b }) => {
    const { statuses } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(2, [by]) }],
    })
    expect(await statuses(3, '/a', a)).toEqual([200, 200, 429])
    expect(await statuses(3, '/a', b)).toEqual([200, 200, 429])
    expect(await statuses(3, '/a')).toEqual([200, 200, 429])
  })

  test.each([
    { name: 'the query', by: 'http.request.uri.args["q"]', paths: ['/a?q=1', '/a?q=2', '/a?q='] },
    { name: 'the path', by: 'http.request.uri.path', paths: ['/a', '/b'] },
    { name: 'the operation', by: 'cf.portcullis.operation_id', paths: ['/users/1', '/orders/1'] },
    {
      name: 'a path variable',
      by: 'cf.portcullis.path_variables["var1"]',
      paths: ['/users/1', '/users/2'],
    },
  ])('$name, and what is missing has a counter of its own', async ({ by, paths }) => {
    const { statuses } = await sessionShield({
      operations: ['GET api.example/users/{var1}', 'GET api.example/orders/{var1}'],
      limits: [{ expression: 'true', ratelimit: limitOf(1, [by]) }],
    })
    for (const path of [...paths, '/elsewhere']) expect(await statuses(2, path)).toEqual([200, 429])
  })

  test('several things together', async () => {
    const { statuses, calls } = await sessionShield({
      limits: [
        { expression: 'true', ratelimit: limitOf(1, [SESSION, 'http.request.uri.path']) },
        { expression: 'true', ratelimit: limitOf(3, [SESSION]) },
      ],
    })
    expect(await statuses(1, '/a', { session: 's' })).toEqual([200])
    expect(await statuses(1, '/b', { session: 's' })).toEqual([200])
    expect(await statuses(1, '/c', { session: 's' })).toEqual([200])
    expect(await statuses(1, '/d', { session: 's' })).toEqual([429])
    expect(calls.visits).toBe(4)
  })

  test.each([
    { when: 'share', want: [200, 429] },
    { when: 'pass', want: [200, 200] },
    { when: 'block', want: [403, 403] },
  ] as const)('$when: without a session', async ({ when, want }) => {
    const { statuses } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(1, [SESSION], { when_missing: when }) }],
    })
    expect(await statuses(2, '/a')).toEqual(want)
  })
})

describe('what a limit counts', () => {
  test('only requests that the rule is about', async () => {
    const { statuses } = await sessionShield({
      limits: [{ expression: ON_LOGIN, ratelimit: limitOf(1, ['ip.src']) }],
    })
    expect(await statuses(3, '/a')).toEqual([200, 200, 200])
    expect(await statuses(2, '/login')).toEqual([200, 429])
  })

  test('other requests than those it stops, if it says so', async () => {
    const { statuses } = await sessionShield({
      limits: [
        {
          expression: 'true',
          ratelimit: limitOf(2, ['ip.src'], { counting_expression: ON_LOGIN }),
        },
      ],
    })
    expect(await statuses(5, '/a')).toEqual([200, 200, 200, 200, 200])
    expect(await statuses(2, '/login')).toEqual([200, 200])
    expect(await statuses(1, '/a')).toEqual([429])
  })

  test('answers: after as many nothing passes', async () => {
    const counting = { counting_expression: `${ON_LOGIN} and http.response.code eq 401` }
    const { statuses, calls } = await sessionShield({
      limits: [{ expression: ON_LOGIN, ratelimit: limitOf(3, ['ip.src'], counting) }],
      origin: (request) =>
        new Response(null, { status: request.headers.has('x-right') ? 200 : 401 }),
    })
    expect(await statuses(5, '/login', { headers: { 'x-right': '1' } })).toEqual([
      200, 200, 200, 200, 200,
    ])
    expect(calls.settlements).toBe(0)
    expect(await statuses(5, '/login')).toEqual([401, 401, 401, 429, 429])
    expect(await statuses(1, '/login', { headers: { 'x-right': '1' } })).toEqual([429])
  })

  test('a score that the answer tells', async () => {
    const score = {
      characteristics: ['ip.src'],
      period: 60,
      score_per_period: 100,
      score_response_header_name: 'X-Score',
    }
    const { statuses } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: score }],
      origin: () => new Response(null, { headers: { 'x-score': '40' } }),
    })
    expect(await statuses(5, '/a')).toEqual([200, 200, 200, 429, 429])
  })

  test('a cost that is known before', async () => {
    const score = {
      characteristics: ['ip.src'],
      period: 60,
      score_per_period: 100,
      score_expression: 'len(http.request.uri.query)',
    }
    const { statuses } = await sessionShield({ limits: [{ expression: 'true', ratelimit: score }] })
    expect(await statuses(1, `/a?${'x'.repeat(99)}`)).toEqual([200])
    expect(await statuses(1, '/a?xx')).toEqual([429])
    expect(await statuses(2, '/a?x')).toEqual([200, 429])
  })

  test('only what reaches the origin, if it says so', async () => {
    const unlucky = { operations: ['GET api.example/a'], rules: [] }
    const { statuses } = await sessionShield({
      ...unlucky,
      limits: [
        { expression: 'true', ratelimit: limitOf(2, ['ip.src'], { requests_to_origin: true }) },
        {
          expression: 'http.request.uri.path eq "/full"',
          ratelimit: limitOf(1, ['http.request.uri.path']),
        },
      ],
    })
    expect(await statuses(3, '/full')).toEqual([200, 429, 429])
    expect(await statuses(2, '/a')).toEqual([200, 429])
  })

  test('nothing that an earlier rule has stopped or excepted', async () => {
    const { statuses, calls } = await sessionShield({
      rules: [
        { expression: 'http.request.uri.path eq "/no"' },
        {
          expression: 'http.request.uri.path eq "/free"',
          action: 'skip',
          action_parameters: { phases: ['http_ratelimit'] },
        },
      ],
      limits: [{ expression: 'true', ratelimit: limitOf(1, ['ip.src']) }],
    })
    expect(await statuses(3, '/no')).toEqual([403, 403, 403])
    expect(await statuses(3, '/free')).toEqual([200, 200, 200])
    expect(calls.visits).toBe(0)
    expect(await statuses(2, '/a')).toEqual([200, 429])
  })
})

describe('many at the same time', () => {
  test('of 200 clients with one key exactly as many pass as may', async () => {
    const { ask, calls } = await sessionShield({
      limits: [{ expression: 'true', ratelimit: limitOf(37, [SESSION]) }],
    })
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => ask('/a', { session: 's', ip: `192.0.2.${n}` })),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(37)
    expect(calls.origin).toBe(37)
  })
})

describe('what it costs', () => {
  test('nothing where no limit is about the request, one question where one is', async () => {
    const { statuses, calls } = await sessionShield({
      limits: [
        { expression: ON_LOGIN, ratelimit: limitOf(100, [SESSION]) },
        { expression: ON_LOGIN, ratelimit: limitOf(50, [CLIENT]) },
      ],
    })
    await statuses(20, '/a', { session: 's' })
    expect(calls).toMatchObject({ visits: 0, settlements: 0 })
    await statuses(20, '/login', { session: 's' })
    expect(calls).toMatchObject({ visits: 20, settlements: 0 })
  })

  test('not even to know whose a request is where no limit is about it', async () => {
    const keyedHash = vi.fn(async () => '0'.repeat(32))
    const { statuses } = await sessionShield({
      limits: [{ expression: ON_LOGIN, ratelimit: limitOf(100, [CLIENT]) }],
      ports: { keyedHash },
    })
    await statuses(2, '/a', { session: 's' })
    expect(keyedHash).not.toHaveBeenCalled()
    await statuses(1, '/login', { session: 's' })
    expect(keyedHash).toHaveBeenCalledTimes(1)
  })
})

describe('approximate counting', () => {
  const limits = [
    { expression: 'true', ratelimit: limitOf(5, ['ip.src'], { mode: 'approximate' }) },
  ] as const

  test('asks the binding of the limit, and no object', async () => {
    const keys: string[] = []
    const { statuses, calls } = await sessionShield({
      limits,
      ports: {
        approximateLimit: (limit, periodSeconds) => ({
          async limit({ key }) {
            keys.push(`${limit}/${periodSeconds} ${key}`)
            return { success: keys.length < 3 }
          },
        }),
      },
    })
    expect(await statuses(3, '/a')).toEqual([200, 200, 429])
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^5\/60 [0-9a-f]{32}:http_ratelimit-0$/)
    expect(calls.visits).toBe(0)
  })

  test('stops requests where there is no such binding, and says which', async () => {
    const { ask } = await sessionShield({ limits })
    const { status, events } = await ask('/a')
    expect(status).toBe(503)
    expect(events[0]?.rule_description).toContain('RATE_LIMIT_5_60')
  })
})

describe('when the object cannot be reached', () => {
  const broken = {
    visit: () => Promise.reject(new Error('no route')),
    settle: () => Promise.reject(new Error('no route')),
  }
  const limits = [{ expression: 'true', ratelimit: limitOf(5, ['ip.src']) }]

  test('so it is where there is no secret to name sessions by', async () => {
    const { ask } = await sessionShield({ limits, ports: { keyedHash: async () => null } })
    const { status, events } = await ask('/a')
    expect(status).toBe(503)
    expect(events[0]?.rule_description).toContain('SEALING_SECRET')
  })

  test('requests are stopped, with an event', async () => {
    const { ask } = await sessionShield({ limits, ports: { sessions: broken } })
    const { status, events } = await ask('/a')
    expect(status).toBe(503)
    expect(events).toMatchObject([{ reason: 'detector_failed', action: 'block' }])
    expect(events[0]?.rule_description).toContain('no route')
  })

  test('they pass where FAIL_OPEN says so, with an event', async () => {
    const ports = { sessions: broken, failOpen: new Set(['session-state'] as const) }
    const { ask } = await sessionShield({ limits, ports })
    const { status, events } = await ask('/a')
    expect(status).toBe(200)
    expect(events).toMatchObject([{ reason: 'detector_failed', action: 'log' }])
  })
})
