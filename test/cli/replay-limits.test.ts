/** `replay` over rate limits: counted at the recorded times, as the shield counts. */
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines, runCommand } from './command-line.ts'
import { createProject, type Project } from './project.ts'

let project: Project

beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const at = (path: string): string => join(project.root, path)

const START_MS = 1_795_338_000_000

type Members = { readonly [member: string]: unknown }

/** `second` after the beginning. */
function recorded(second: number, members: Members = {}): object {
  return {
    time_ms: START_MS + second * 1_000,
    method: 'GET',
    url: 'https://api.example.com/a',
    status: 200,
    request_headers: {},
    client_ip: '192.0.2.1',
    ...members,
  }
}

/** Two in ten seconds, of one address. */
const LIMIT = { characteristics: ['ip.src'], period: 10, requests_per_period: 2 }

const limitOf = (ratelimit: Members = {}, members: Members = {}) => ({
  ref: 'limit',
  action: 'block',
  expression: 'http.host eq "api.example.com"',
  ratelimit: { ...LIMIT, ...ratelimit },
  ...members,
})

/** JSON is YAML. */
const fileOf = (rules: readonly object[], members: Members = {}): string =>
  JSON.stringify({ phase: 'http_ratelimit', ...members, rules })

async function replay(
  rules: readonly object[],
  requests: readonly object[],
  ...options: readonly string[]
) {
  await project.write('rules/limits.yaml', fileOf(rules))
  await project.write('traffic.jsonl', jsonLines(requests))
  return runCommand(['replay', '--rules', at('rules'), ...options, at('traffic.jsonl')])
}

/** Numbers of the lines that the first rule held for. */
function linesOf(run: Awaited<ReturnType<typeof runCommand>>, row = 0): readonly number[] {
  const { requests } = run.rows[row] as { readonly requests: readonly { readonly line: number }[] }
  return requests.map(({ line }) => line)
}

const every = (...seconds: readonly number[]): readonly object[] =>
  seconds.map((second) => recorded(second))

test('at most so many in any span of the period; what is refused does not count', async () => {
  const run = await replay([limitOf()], every(0, 4, 5, 9.999, 10, 11, 14))
  expect(linesOf(run)).toEqual([3, 4, 6])
  expect(run).toMatchObject({ exitCode: 1, messages: [] })
  expect(run.rows).toMatchObject([
    {
      rule: 'limit',
      ruleset: 'zone http_ratelimit',
      action: 'block',
      matched: 3,
      requests: [{ reason: 'rate_exceeded', method: 'GET' }, {}, {}],
    },
    { summary: { requests: 7, passed: 4, blocked: 3, forgotten: 0 } },
  ])
})

test('with a timeout nothing for so long after one too many', async () => {
  const run = await replay([limitOf({ mitigation_timeout: 30 })], every(0, 1, 2, 12, 31.999, 32))
  expect(linesOf(run)).toEqual([3, 4, 5])
})

test('a rule that logs does not stop them', async () => {
  const run = await replay([limitOf({}, { action: 'log' })], every(0, 1, 2, 3))
  expect(run.exitCode).toBe(0)
  expect(run.rows).toMatchObject([{ matched: 2 }, { summary: { noted: 2, blocked: 0 } }])
})

test('lines may stand in any order: their times count', async () => {
  const run = await replay([limitOf()], every(30, 5, 4, 0))
  expect(linesOf(run)).toEqual([2])
})

describe('by what they are counted', () => {
  test.each([
    ['the address', LIMIT.characteristics, { client_ip: '192.0.2.2' }, []],
    ['a header', ['http.request.headers["x-key"]'], { request_headers: { 'x-key': 'b' } }, []],
    ['the session', ['cf.portcullis.session.id'], { request_headers: { 'x-session': 'b' } }, []],
    [
      'the session, else the network',
      ['cf.portcullis.session.client'],
      { request_headers: { 'x-session': 'b' } },
      [],
    ],
    ['only what it counts by', ['cf.portcullis.client_network'], { url: '/b' }, [3]],
  ])('%s', async (_name, characteristics, other, lines) => {
    const options = ['--session', 'header:x-session', '--host', 'api.example.com']
    const requests = [recorded(0), recorded(1), recorded(2, other)]
    const run = await replay([limitOf({ characteristics })], requests, ...options)
    expect(linesOf(run)).toEqual(lines)
    expect(run.messages).toEqual([])
  })

  test('without --session nobody has one, and that is said', async () => {
    const run = await replay(
      [limitOf({ characteristics: ['cf.unique_visitor_id', 'cf.colo.id'] })],
      every(0, 1, 2),
    )
    expect(run.messages).toEqual([
      'without --session no request belongs to a session',
      'limit: a recording cannot tell cf.portcullis.session.client',
    ])
    expect(linesOf(run)).toEqual([3])
  })

  test('what a recording cannot tell is named', async () => {
    const run = await replay([limitOf({ characteristics: ['ip.src.country'] })], every(0))
    expect(run.rows[0]).toMatchObject({ unknown_fields: ['ip.src.country'] })
  })

  test('requests without an address share a counter, and there is a number of them', async () => {
    const unknown = [0, 1, 2].map((second) => recorded(second, { client_ip: undefined }))
    const run = await replay([limitOf()], unknown)
    expect(linesOf(run)).toEqual([3])
    expect(run.rows.at(-1)).toMatchObject({ summary: { clients_unknown: 3 } })
  })

  test.each([
    { when_missing: 'share', lines: [3], reasons: ['rate_exceeded'] },
    { when_missing: 'pass', lines: [], reasons: [] },
    {
      when_missing: 'block',
      lines: [1, 2, 3],
      reasons: ['characteristic_missing', 'characteristic_missing', 'characteristic_missing'],
    },
  ])('without it: $when_missing', async ({ when_missing, lines, reasons }) => {
    const characteristics = ['cf.portcullis.session.id']
    const limits = [limitOf({ characteristics, when_missing })]
    const run = await replay(limits, every(0, 1, 2), '--session', 'cookie:sid')
    expect(linesOf(run)).toEqual(lines)
    expect(run.rows[0]).toMatchObject({ requests: reasons.map((reason) => ({ reason })) })
  })
})

describe('counting by the answer', () => {
  const refused = limitOf({ counting_expression: 'http.response.code eq 401' })
  const login = (second: number, status: number, members: Members = {}): object =>
    recorded(second, { status, ...members })

  test('only those with the status count, and all are stopped', async () => {
    const run = await replay(
      [refused],
      [login(0, 200), login(1, 401), login(2, 200), login(3, 401), login(4, 200), login(12, 200)],
    )
    expect(linesOf(run)).toEqual([5])
    expect(run.messages).toEqual([])
  })

  test('they count from the answer on', async () => {
    const slow = { origin_ms: 5_000 }
    const run = await replay(
      [refused],
      [login(0, 401, slow), login(1, 401, slow), login(2, 401), login(4, 200), login(7, 200)],
    )
    expect(linesOf(run)).toEqual([5])
  })

  test('an answer of the shield counts as what it is', async () => {
    const response = { status_code: 401, content: 'no', content_type: 'text/plain' }
    const rules = [
      refused,
      limitOf(
        { requests_per_period: 1, period: 1 },
        { ref: 'second', action_parameters: { response } },
      ),
    ]
    const run = await replay(rules, every(0, 0.1, 0.2, 0.3))
    expect(linesOf(run, 1)).toEqual([2, 3])
    expect(linesOf(run)).toEqual([4])
  })

  test('the origin says what a request costs', async () => {
    const scored = limitOf({
      requests_per_period: undefined,
      score_per_period: 5,
      score_response_header_name: 'X-Cost',
    })
    const cost = (second: number, value: string) =>
      recorded(second, { response_headers: { 'x-cost': value } })
    const run = await replay([scored], [cost(0, '4'), cost(1, 'x'), cost(2, '1'), cost(3, '1')])
    expect(linesOf(run)).toEqual([4])
  })

  test.each([
    [true, []],
    [false, [3]],
  ])('requests_to_origin: %s, where a later rule stops them', async (isToOrigin, lines) => {
    const second = limitOf(
      { requests_per_period: 1 },
      { ref: 'second', expression: 'http.request.method eq "PUT"' },
    )
    const put = (seconds: number): object => recorded(seconds, { method: 'PUT' })
    const requests = [put(0), put(1), recorded(2)]
    const run = await replay([limitOf({ requests_to_origin: isToOrigin }), second], requests)
    expect(linesOf(run, 1)).toEqual([2])
    expect(linesOf(run)).toEqual(lines)
  })
})

describe('beside other rules', () => {
  test('what a rule before stops is not counted', async () => {
    const rules = [{ ref: 'no-put', action: 'block', expression: 'http.request.method eq "PUT"' }]
    const file = { phase: 'http_request_firewall_custom', rules }
    await project.write('rules/custom.yaml', JSON.stringify(file))
    const put = (second: number): object => recorded(second, { method: 'PUT' })
    const run = await replay([limitOf()], [put(0), put(1), recorded(2), recorded(3)])
    expect(run.rows).toMatchObject([{ rule: 'no-put', matched: 2 }, { matched: 0 }, {}])
  })

  test('what is excepted is not counted', async () => {
    const parameters = { action_parameters: { phases: ['http_ratelimit'] } }
    const skip = { ref: 'skip', action: 'skip', expression: 'http.request.method eq "PUT"' }
    const file = { phase: 'http_request_firewall_custom', rules: [{ ...skip, ...parameters }] }
    await project.write('rules/custom.yaml', JSON.stringify(file))
    const put = (second: number): object => recorded(second, { method: 'PUT' })
    const run = await replay([limitOf()], [put(0), put(1), recorded(2), recorded(3)])
    expect(linesOf(run, 1)).toEqual([])
  })

  test('a ref of two rulesets has two counters, and a skip of one means one', async () => {
    const members = { kind: 'custom', name: 'Inner' }
    await project.write('rules/inner.yaml', fileOf([limitOf({ requests_per_period: 1 })], members))
    const outer = { ref: 'outer', action: 'execute', action_parameters: { id: 'Inner' } }
    const skipped = { rules: { Inner: ['limit'] } }
    const skip = { ref: 'skip', action: 'skip', expression: 'http.request.method eq "PUT"' }
    const rules = [{ ...skip, action_parameters: skipped }]
    const custom = { phase: 'http_request_firewall_custom', rules }
    await project.write('rules/custom.yaml', JSON.stringify(custom))
    const put = (second: number): object => recorded(second, { method: 'PUT' })
    const run = await replay(
      [limitOf(), { ...outer, expression: 'ssl' }],
      [recorded(0), put(1), recorded(2), recorded(11)],
    )
    expect(run.messages).toEqual([])
    expect(run.rows).toMatchObject([
      { rule: 'skip', matched: 1 },
      { rule: 'limit', ruleset: 'zone http_ratelimit', requests: [{ line: 3 }] },
      { rule: 'outer', matched: 0 },
      { rule: 'limit', ruleset: 'Inner', matched: 0 },
      { summary: { blocked: 1 } },
    ])
  })

  test('one that counts approximately counts exactly here', async () => {
    const run = await replay([limitOf({ mode: 'approximate' })], every(0, 1, 2))
    expect(linesOf(run)).toEqual([3])
  })
})
