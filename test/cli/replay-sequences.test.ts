/** `replay` over rule files with sequences: steps of a session in the order of the recorded times. */
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
const MINUTE = 60_000

type Members = { readonly [member: string]: unknown }

function recorded(operation: string, minute: number, members: Members = {}): object {
  const [method, path] = operation.split(' ')
  return {
    time_ms: START_MS + minute * MINUTE,
    method,
    url: `https://api.example.com${path}`,
    status: 200,
    request_headers: { 'x-session': 'anna' },
    ...members,
  }
}

const look = (account: number, minute: number, members?: Members): object =>
  recorded(`GET /accounts/${account}/balance`, minute, members)

const transfer = (account: number, minute: number, members: Members = {}): object =>
  recorded('POST /transfers', minute, {
    request_body: JSON.stringify({ from: `${account}` }),
    ...members,
  })

const TRANSFER = {
  ref: 'balance-before-transfer',
  description: 'a transfer from an account that nobody looked at',
  require: [
    { operation: 'GET api.example.com/accounts/{account}/balance' },
    {
      operation: 'POST api.example.com/transfers',
      within: '10m',
      at_most: 1,
      bind: { account: 'lookup_json_string(http.request.body.raw, "from")' },
    },
  ],
}

const SESSION = ['--session', 'header:x-session']

async function replay(
  sequences: readonly object[],
  requests: readonly object[],
  ...options: readonly string[]
) {
  // JSON is YAML.
  await project.write('rules/a.yaml', JSON.stringify({ sequences }))
  await project.write('traffic.jsonl', jsonLines(requests))
  return runCommand(['replay', '--rules', at('rules'), ...options, at('traffic.jsonl')])
}

const blocked = (line: number, reason: string, more: object = {}): object => ({
  file: at('traffic.jsonl'),
  line,
  reason,
  ...more,
})

test('transfers after a look at the balance of the same account, one for each look', async () => {
  const run = await replay(
    [TRANSFER],
    [
      transfer(1, 0),
      look(1, 1),
      transfer(1, 2),
      transfer(1, 3),
      look(2, 4),
      transfer(3, 5),
      transfer(2, 15),
      look(2, 16),
      transfer(2, 17),
    ],
    ...SESSION,
  )
  expect(run.messages).toEqual([])
  expect(run.exitCode).toBe(1)
  expect(run.rows).toMatchObject([
    {
      rule: 'balance-before-transfer',
      ruleset: null,
      description: 'a transfer from an account that nobody looked at',
      action: 'block',
      matched: 4,
      requests: [
        blocked(1, 'sequence_missing', { missing_step: 1 }),
        blocked(4, 'sequence_used_up', { missing_step: 1 }),
        blocked(6, 'sequence_other_values', { missing_step: 1 }),
        blocked(7, 'sequence_too_late', { missing_step: 1 }),
      ],
    },
    { summary: { requests: 9, passed: 5, blocked: 4, out_of_order: 0, forgotten: 0 } },
  ])
})

test('a rule that logs notes them, and the request goes on', async () => {
  const run = await replay([{ ...TRANSFER, action: 'log' }], [transfer(1, 0)], ...SESSION)
  expect(run.exitCode).toBe(0)
  expect(run.rows).toMatchObject([
    { action: 'log', matched: 1, requests: [{ reason: 'sequence_missing' }] },
    { summary: { noted: 1, blocked: 0 } },
  ])
})

test('what is not enabled is not there', async () => {
  const run = await replay([{ ...TRANSFER, enabled: false }], [transfer(1, 0)], ...SESSION)
  expect(run.rows).toMatchObject([{ summary: { passed: 1 } }])
})

test('steps are taken in the order of their times, whatever that of the lines is', async () => {
  const run = await replay([TRANSFER], [transfer(1, 2), look(1, 1)], ...SESSION)
  expect(run.rows).toMatchObject([{ matched: 0 }, { summary: { passed: 2, out_of_order: 0 } }])
})

test('and over several files, each of which has its own part of the time', async () => {
  await project.write('later.jsonl', jsonLines([transfer(1, 2), look(2, 3)]))
  await project.write('rules/a.yaml', JSON.stringify({ sequences: [TRANSFER] }))
  await project.write('earlier.jsonl', jsonLines([look(1, 1), transfer(2, 4)]))
  const files = [at('later.jsonl'), at('earlier.jsonl')]
  const run = await runCommand(['replay', '--rules', at('rules'), ...SESSION, ...files])
  expect(run.rows).toMatchObject([{ matched: 0 }, { summary: { requests: 4, passed: 4 } }])
})

describe('whose steps they are', () => {
  test('sessions are told apart by header and cookie, the first that is there', async () => {
    const cookie = { request_headers: { cookie: 'a=1; sid=anna' } }
    const both = { request_headers: { 'x-session': 'bert', cookie: 'sid=anna' } }
    const run = await replay(
      [TRANSFER],
      [look(1, 1, cookie), transfer(1, 2, both), transfer(1, 3), transfer(1, 4, cookie)],
      '--session',
      'header:X-Session',
      '--session',
      'cookie:sid',
    )
    expect(run.rows[0]).toMatchObject({ matched: 2, requests: [{ line: 2 }, { line: 3 }] })
  })

  test('without --session nobody has one, and that is said', async () => {
    const run = await replay([TRANSFER], [transfer(1, 1)])
    expect(run.messages).toEqual([
      'without --session no request belongs to a session',
      'balance-before-transfer: a recording cannot tell cf.portcullis.session.id',
    ])
    expect(run.rows).toMatchObject([
      { matched: 0, unknown_fields: ['cf.portcullis.session.id'] },
      { summary: { passed: 1 } },
    ])
  })

  test.each([
    { without_session: 'pass', matched: 0, requests: [] },
    { without_session: 'block', matched: 1, requests: [{ reason: 'session_missing' }] },
    { without_session: 'client', matched: 1, requests: [{ line: 3, reason: 'sequence_missing' }] },
  ])('requests of no session: $without_session', async ({ without_session, ...row }) => {
    const from = (client_ip: string) => ({ client_ip, request_headers: {} })
    const requests =
      without_session === 'client'
        ? [
            look(1, 1, from('192.0.2.1')),
            transfer(1, 2, from('192.0.2.1')),
            transfer(1, 3, from('192.0.2.2')),
          ]
        : [transfer(1, 1, from('192.0.2.1'))]
    const run = await replay([{ ...TRANSFER, without_session }], requests, ...SESSION)
    expect(run.rows[0]).toMatchObject(row)
  })

  test.each(['jwt:abc:$.sub', 'header', 'header:', 'cookie:a b', 'ip'])(
    '--session %s is refused',
    async (session) => {
      const run = await replay([TRANSFER], [], '--session', session)
      expect(run).toMatchObject({ exitCode: 2, rows: [] })
      expect(run.messages).toEqual([
        '--session must be header:NAME or cookie:NAME; the claims of tokens are not in a recording',
      ])
    },
  )
})

describe('what counts as a step', () => {
  test.each([
    { counts: 'requested', status: 500, matched: 0 },
    { counts: 'answered', status: 500, matched: 1 },
    { counts: 'answered', status: 0, matched: 1 },
    { counts: 'answered', status: 204, matched: 0 },
  ])('$counts, with the answer $status: $matched stopped', async (row) => {
    const { counts, status, matched } = row
    const requests = [look(1, 1, { status }), transfer(1, 2)]
    const run = await replay([{ ...TRANSFER, counts }], requests, ...SESSION)
    expect(run.rows[0]).toMatchObject({ matched })
  })

  test('one that is answered counts from its answer on', async () => {
    const slow = { origin_ms: MINUTE }
    const run = await replay(
      [{ ...TRANSFER, counts: 'answered' }],
      [look(1, 1, slow), transfer(1, 1.5), transfer(1, 2.5)],
      ...SESSION,
    )
    expect(run.rows[0]).toMatchObject({ matched: 1, requests: [{ line: 2 }] })
  })

  test('what another rule stops is no step', async () => {
    const rules = [{ ref: 'no-looks', action: 'block', expression: 'http.request.method eq "GET"' }]
    const first = { phase: 'http_request_firewall_custom', rules }
    await project.write('rules/first.yaml', JSON.stringify(first))
    const run = await replay([TRANSFER], [look(1, 1), transfer(1, 2)], ...SESSION)
    expect(run.rows).toMatchObject([
      { rule: 'no-looks', matched: 1 },
      { rule: 'balance-before-transfer', matched: 1 },
      { summary: { blocked: 2 } },
    ])
  })
})

test('rules read what the session did before', async () => {
  const rules = [
    { ref: 'many', expression: 'cf.portcullis.session.distinct["var1"] gt 2', action: 'log' },
    { ref: 'again', expression: 'cf.portcullis.session.repeats gt 0', action: 'log' },
  ]
  const phase = 'http_request_firewall_custom'
  await project.write('rules/first.yaml', JSON.stringify({ phase, rules }))
  await project.write(
    'schemas/a.yaml',
    `openapi: 3.1.0
info: { title: Accounts, version: 1.0.0 }
servers: [{ url: https://api.example.com }]
paths:
  /accounts/{id}/balance:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: It } }
`,
  )
  await project.write('traffic.jsonl', jsonLines([1, 2, 2, 3, 4].map((id, n) => look(id, n))))
  const folders = ['--rules', at('rules'), '--schemas', at('schemas')]
  const run = await runCommand(['replay', ...folders, ...SESSION, at('traffic.jsonl')])
  expect(run.messages).toEqual([])
  expect(run.rows).toMatchObject([
    { rule: 'many', matched: 2, requests: [{ line: 4 }, { line: 5 }] },
    { rule: 'again', matched: 1, requests: [{ line: 3 }] },
    {},
    {},
  ])
})

test('a ref in two files is a mistake', async () => {
  const steps = [{ operation: 'GET api.example.com/a' }, { operation: 'GET api.example.com/b' }]
  const other = { sequences: [{ ref: 'order', forbid: steps }] }
  await project.write('rules/b.yaml', JSON.stringify(other))
  const run = await replay([{ ref: 'order', require: steps }], [])
  expect(run.messages).toEqual([
    expect.stringMatching(/b\.yaml: The sequence "order" is in \S+a\.yaml too\.$/),
  ])
})
