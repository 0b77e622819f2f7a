/** `replay`: the rules and schemas of a project over recorded traffic. */
import { gzipSync } from 'node:zlib'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { jsonLines, runCommand } from './command-line.ts'
import { createProject, type Project } from './project.ts'

const ROOT = new URL('../..', import.meta.url).pathname
const VECTORS = join(ROOT, 'test/vectors/traffic')

let project: Project

beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const at = (path: string): string => join(project.root, path)

type Rule = {
  readonly ref: string
  readonly expression: string
  readonly action: string
  readonly [member: string]: unknown
}

/** JSON is YAML. */
function ruleFile(rules: readonly Rule[], members: object = {}): string {
  return JSON.stringify({ phase: 'http_request_firewall_custom', ...members, rules })
}

function recorded(members: object = {}): object {
  return {
    time_ms: 1_795_338_000_000,
    method: 'GET',
    url: 'https://api.example.com/a',
    status: 200,
    request_headers: {},
    ...members,
  }
}

async function replay(
  rules: readonly Rule[],
  requests: readonly object[],
  ...options: readonly string[]
) {
  await project.write('rules/a.yaml', ruleFile(rules))
  await project.write('traffic.jsonl', jsonLines(requests))
  return runCommand(['replay', '--rules', at('rules'), ...options, at('traffic.jsonl')])
}

test('GraphQL in recordings is measured as live, where its body was recorded', async () => {
  const graphql = (query: string, members: object = {}) =>
    recorded({
      method: 'POST',
      url: 'https://api.example.com/graphql',
      request_headers: { 'content-type': 'application/json', 'content-length': '9' },
      request_body: JSON.stringify({ query }),
      ...members,
    })
  const run = await replay(
    [
      { ref: 'deep', expression: 'cf.api_gateway.graphql.query_depth gt 1', action: 'log' },
      { ref: 'broken', expression: 'cf.portcullis.graphql.failure ne ""', action: 'log' },
      { ref: 'costly', expression: 'cf.portcullis.graphql.cost gt 1', action: 'log' },
    ],
    [
      graphql('{ a { b } }'),
      graphql('{ a { ...f } } fragment f on A { b { c } }'),
      graphql('{ a {'),
      graphql('', { request_body: undefined }),
      recorded({ url: 'https://api.example.com/graphql?query={a{b{c}}}' }),
      recorded({ url: 'https://api.example.com/graphql' }),
    ],
  )
  expect(run.rows).toMatchObject([
    { rule: 'deep', matched: 2 },
    { rule: 'broken', matched: 1 },
    { rule: 'costly', matched: 0 },
    { summary: { bodies_unknown: 1 } },
  ])
  expect(run.messages).toEqual(['costly: a recording cannot tell cf.portcullis.graphql.cost'])
})

describe('the rules and schemas of this repository', () => {
  const enforced = ['--rules', join(ROOT, 'rules'), '--schemas', join(ROOT, 'schemas')]

  test.each([
    ['temperatures.jsonl', 0],
    ['temperatures.har', 1],
  ])('%s: what is unknown and what is no temperature would be stopped', async (file, notHttp) => {
    const path = join(VECTORS, file)
    const run = await runCommand(['replay', ...enforced, path])
    expect(run.exitCode).toBe(1)
    expect(run.rows).toMatchObject([
      {
        rule: 'unknown-operation',
        action: 'block',
        matched: 1,
        requests: [{ file: path, line: 4, method: 'GET', url: 'https://localhost/admin' }],
      },
      {
        rule: 'schema-validation-block',
        matched: 1,
        requests: [{ line: 3, violations: [{ location: 'body', target: '$.temperature' }] }],
      },
      { summary: { requests: 4, passed: 2, blocked: 2, unreadable: 0, not_http: notHttp } },
    ])
  })

  test('an access log knows neither host nor bodies', async () => {
    const path = join(VECTORS, 'combined.log')
    const run = await runCommand(['replay', ...enforced, '--host', 'localhost', path])
    expect(run.exitCode).toBe(2)
    expect(run.messages).toEqual([`${path}:5: request must be like "GET /path HTTP/1.1"`])
    expect(run.rows.at(-1)).toMatchObject({
      summary: { requests: 4, passed: 1, blocked: 3, bodies_unknown: 1, unreadable: 1 },
    })
  })

  test('a compressed file says the same', async () => {
    const plain = readFileSync(join(VECTORS, 'temperatures.har'))
    await project.write('a.har.gz', gzipSync(plain))
    const run = await runCommand(['replay', ...enforced, at('a.har.gz')])
    expect(run.rows.at(-1)).toMatchObject({ summary: { requests: 4, blocked: 2 } })
  })
})

describe('rules are asked as in the shield', () => {
  const all = { expression: 'http.host eq "api.example.com"' }

  test('log goes on, the first block ends, what stands behind it is not asked', async () => {
    const rules = [
      { ref: 'one', action: 'log', ...all },
      { ref: 'two', action: 'block', ...all },
      { ref: 'three', action: 'log', ...all },
    ]
    const run = await replay(rules, [recorded()])
    expect(run.exitCode).toBe(1)
    expect(run.rows).toMatchObject([
      { rule: 'one', matched: 1 },
      { rule: 'two', matched: 1 },
      { rule: 'three', matched: 0, requests: [] },
      { summary: { requests: 1, passed: 0, noted: 0, blocked: 1 } },
    ])
  })

  test('nothing but log is no finding', async () => {
    const run = await replay([{ ref: 'one', action: 'log', ...all }], [recorded()])
    expect(run).toMatchObject({ exitCode: 0, messages: [] })
    expect(run.rows.at(-1)).toMatchObject({ summary: { noted: 1, blocked: 0 } })
  })

  test('a rule that is not enabled is not there', async () => {
    const run = await replay(
      [{ ref: 'one', action: 'block', enabled: false, ...all }],
      [recorded()],
    )
    expect(run.rows).toMatchObject([{ summary: { passed: 1 } }])
  })

  test('skip leaves out the rest of its ruleset', async () => {
    const rules = [
      { ref: 'one', action: 'skip', action_parameters: { ruleset: 'current' }, ...all },
      { ref: 'two', action: 'block', ...all },
    ]
    const run = await replay(rules, [recorded()])
    expect(run.rows).toMatchObject([
      { rule: 'one', matched: 1 },
      { rule: 'two', matched: 0 },
      { summary: { noted: 1, blocked: 0 } },
    ])
  })

  test('execute runs a custom ruleset of another file', async () => {
    await project.write(
      'rules/b.yaml',
      ruleFile([{ ref: 'inner', action: 'block', ...all }], { kind: 'custom', name: 'Inner' }),
    )
    const parameters = { action_parameters: { id: 'Inner' } }
    const run = await replay(
      [{ ref: 'outer', action: 'execute', ...parameters, ...all }],
      [recorded()],
    )
    expect(run.messages).toEqual([])
    expect(run.rows).toMatchObject([
      { rule: 'outer' },
      { rule: 'inner', ruleset: 'Inner', matched: 1 },
      { summary: { blocked: 1 } },
    ])
  })

  test('a list of another file', async () => {
    const list = { name: 'office', kind: 'ip', items: ['192.0.2.0/24'] }
    await project.write('rules/lists.yaml', JSON.stringify({ lists: [list] }))
    const rule = { ref: 'one', action: 'block', expression: 'not ip.src in $office' }
    const clients = ['192.0.2.1', '203.0.113.9', '192.0.2.255']
    const run = await replay(
      [rule],
      clients.map((client_ip) => recorded({ client_ip })),
    )
    expect(run.messages).toEqual([])
    expect(run.rows[0]).toMatchObject({ matched: 1, requests: [{ line: 2 }] })
  })
})

describe('fields of a recorded request', () => {
  test.each([
    ['http.request.method eq "PUT"', { method: 'PUT' }],
    ['http.host eq "a.example:8443"', { url: 'http://user@a.example:8443/' }],
    ['http.host eq "b.example"', { request_headers: { Host: 'b.example' } }],
    ['not ssl', { url: 'http://a.example/' }],
    ['ssl and http.host eq "fallback.example"', { url: '/a' }],
    ['http.request.uri.path eq "/a/c"', { url: '/a/b/../c' }],
    ['raw.http.request.uri.path eq "/a/b/../c"', { url: '/a/b/../c' }],
    [
      'http.request.uri.path eq "/" and http.request.uri.query eq "q"',
      { url: 'https://a.example?q' },
    ],
    ['any(http.request.uri.args["q"][*] eq "1")', { url: '/?q=1' }],
    ['http.request.headers["x-a"][0] eq "1"', { request_headers: { 'X-A': '1' } }],
    ['http.user_agent eq "me"', { request_headers: { 'user-agent': 'me' } }],
    ['ip.src eq 192.0.2.1', { client_ip: '192.0.2.1' }],
    ['cf.portcullis.client_network eq "2001:db8::/64"', { client_ip: '2001:db8::1' }],
    ['http.request.timestamp.sec eq 1795338000', {}],
    ['http.request.body.raw eq "hä"', { method: 'POST', request_body: 'hä' }],
    ['http.request.body.size eq 3', { method: 'POST', request_body: 'hä' }],
    ['http.request.body.size eq 0', { method: 'POST', request_body: '' }],
    ['http.request.body.truncated', { method: 'POST', request_body: 'x'.repeat(1_048_577) }],
  ])('%s', async (expression, members) => {
    const rule = { ref: 'one', action: 'log', expression }
    const run = await replay([rule], [recorded(members)], '--host', 'fallback.example')
    expect(run.rows[0]).toMatchObject({ matched: 1 })
    expect(run.messages).toEqual([])
  })

  test.each([
    ['a length, but no body', { request_headers: { 'content-length': '5' } }, 1],
    ['a POST without headers', { method: 'POST' }, 1],
    ['no body', { method: 'POST', request_headers: { 'content-length': '0' } }, 0],
    ['a GET', {}, 0],
  ])('a body that was not recorded is missing: %s', async (_name, members, unknown) => {
    const rule = { ref: 'one', action: 'log', expression: 'http.request.body.size ge 0' }
    const run = await replay([rule], [recorded(members)])
    expect(run.rows).toMatchObject([
      { matched: 1 - unknown },
      { summary: { bodies_unknown: unknown } },
    ])
  })

  test('what only a live request has is named', async () => {
    const expression = 'not cf.tls_client_auth.cert_verified and ip.src.country eq "T1" and ssl'
    const run = await replay([{ ref: 'one', action: 'block', expression }], [recorded()])
    const unknown_fields = ['cf.tls_client_auth.cert_verified', 'ip.src.country']
    expect(run.rows[0]).toMatchObject({ unknown_fields })
    expect(run.messages).toEqual([`one: a recording cannot tell ${unknown_fields.join(', ')}`])
  })

  test('without schemas nobody knows the operations', async () => {
    const expression = 'cf.api_gateway.fallthrough_detected'
    const run = await replay([{ ref: 'one', action: 'log', expression }], [recorded()])
    expect(run.rows[0]).toMatchObject({ unknown_fields: [expression] })
  })

  test.each([
    [16_383, 0],
    [16_384, 0],
    [16_385, 1],
  ])('a target of %i characters', async (characters, refused) => {
    const url = `/${'a'.repeat(characters - 1)}`
    const run = await replay(
      [{ ref: 'one', action: 'log', expression: 'ssl' }],
      [recorded({ url })],
    )
    expect(run.exitCode).toBe(refused)
    expect(run.rows.at(-1)).toMatchObject({ summary: { requests: 1, url_too_long: refused } })
  })
})

describe('schemas', () => {
  const schema = (more = ''): string => `openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://api.example.com }]
${more}
paths:
  /things/{id}:
    put:
      parameters: [{ name: id, in: path, required: true, schema: { type: integer } }]
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      responses: { '200': { description: It } }
`
  const put = (members: object): object =>
    recorded({
      method: 'PUT',
      url: 'https://api.example.com/things/7',
      request_headers: { 'content-type': 'application/json' },
      request_body: '{}',
      ...members,
    })

  async function replaySchema(document: string, request: object, ...options: readonly string[]) {
    await project.write('schemas/a.yaml', document)
    await project.write('traffic.jsonl', jsonLines([request]))
    return runCommand(['replay', '--schemas', at('schemas'), ...options, at('traffic.jsonl')])
  }

  test.each([
    ['as described', put({}), 0],
    ['another path variable', put({ url: 'https://api.example.com/things/x' }), 1],
    ['another body', put({ request_body: '[]' }), 1],
    ['a body that was not recorded', put({ request_body: null }), 0],
    ['a body that was not sent', put({ request_body: '' }), 1],
    ['another operation', put({ url: 'https://api.example.com/other' }), 0],
  ])('%s', async (_name, request, matched) => {
    const run = await replaySchema(schema(), request)
    expect(run.rows).toMatchObject([{ rule: 'schema-validation-log', matched }, {}])
  })

  test.each([
    ['', [], 'log'],
    ['', ['--schema-action', 'block'], 'block'],
    ['x-portcullis-mitigation-action: block', [], 'block'],
    ['x-portcullis-mitigation-action: log', ['--schema-action', 'block'], 'log'],
  ])('%j with %j: %s', async (member, options, action) => {
    const run = await replaySchema(schema(member), put({ request_body: '[]' }), ...options)
    expect(run.rows[0]).toMatchObject({ rule: `schema-validation-${action}`, action, matched: 1 })
    expect(run.exitCode).toBe(action === 'block' ? 1 : 0)
  })

  test.each([
    ['', ['--schema-action', 'none']],
    ['x-portcullis-mitigation-action: none', []],
  ])('%j with %j: there is no such rule', async (member, options) => {
    const run = await replaySchema(schema(member), put({ request_body: '[]' }), ...options)
    expect(run.rows).toMatchObject([{ summary: { passed: 1 } }])
  })
})

describe('exit 2', () => {
  const rule = { ref: 'one', action: 'log', expression: 'ssl' }

  test('a bad line is named, and the rest goes on', async () => {
    const run = await replay([rule], [recorded(), { time_ms: 1 }, recorded()])
    expect(run.exitCode).toBe(2)
    expect(run.messages).toEqual([`${at('traffic.jsonl')}:2: method must be an HTTP method`])
    expect(run.rows).toMatchObject([{ matched: 2 }, { summary: { requests: 2, unreadable: 1 } }])
  })

  test.each([
    ['a file that is not there', 'nowhere.log', 'ENOENT'],
    ['a directory', 'rules', 'is a directory'],
    ['what is no gzip', 'broken.gz', 'cannot be read'],
    ['what is no HAR', 'broken.har', 'this is not JSON'],
  ])('%s does not keep the others from being read', async (_name, file, message) => {
    await project.write('broken.gz', 'hello')
    await project.write('broken.har', '{"log": {"entries": [')
    await project.write('rules/a.yaml', ruleFile([rule]))
    await project.write('good.jsonl', jsonLines([recorded()]))
    const run = await runCommand(['replay', '--rules', at('rules'), at(file), at('good.jsonl')])
    expect(run.exitCode).toBe(2)
    expect(run.messages).toEqual([expect.stringContaining(message)])
    expect(run.messages[0]).toContain(at(file))
    expect(run.rows.at(-1)).toMatchObject({ summary: { requests: 1, unreadable: 1 } })
  })

  test.each([
    [
      'a rule that does not compile',
      ruleFile([{ ...rule, expression: 'nope' }]),
      'rules[0].expression',
    ],
    [
      'a ruleset that is nowhere',
      ruleFile([{ ...rule, action: 'execute', action_parameters: { id: 'X' } }]),
      'executes "X", which no file has',
    ],
    ['a list that is nowhere', ruleFile([{ ...rule, expression: 'ip.src in $x' }]), '$x'],
  ])('%s: nothing is replayed', async (_name, file, message) => {
    await project.write('rules/a.yaml', file)
    const run = await runCommand(['replay', '--rules', at('rules'), at('traffic.jsonl')])
    expect(run).toMatchObject({ exitCode: 2, rows: [] })
    expect(run.messages.join('\n')).toContain(message)
    expect(run.messages[0]).toContain(at('rules/a.yaml'))
  })

  test('a ref of two files', async () => {
    await project.write('rules/b.yaml', ruleFile([rule]))
    const run = await replay([rule], [recorded()])
    expect(run.messages).toEqual([
      `${at('rules/b.yaml')}: The ref "one" of the zone ruleset of http_request_firewall_custom is in ${at('rules/a.yaml')} too.`,
    ])
  })

  test('but a ref may stand in two rulesets', async () => {
    const custom = {
      kind: 'custom',
      name: 'c',
      phase: 'http_request_firewall_custom',
      rules: [rule],
    }
    await project.write('rules/b.yaml', JSON.stringify(custom))
    expect((await replay([rule], [recorded()])).messages).toEqual([])
  })

  test('a folder without rules', async () => {
    const run = await runCommand(['replay', '--rules', at('rules'), at('traffic.jsonl')])
    expect(run).toMatchObject({ exitCode: 2, rows: [] })
    expect(run.messages).toEqual([`${at('rules')}: There are no rules files here.`])
  })
})

test.each([0, 1, 2])('%i examples for each rule', async (count) => {
  const rule = { ref: 'one', action: 'log', expression: 'ssl' }
  const requests = [recorded(), recorded(), recorded()]
  const run = await replay([rule], requests, '--requests', String(count))
  expect(run.rows[0]).toMatchObject({ matched: 3 })
  expect(run.rows[0]).toHaveProperty('requests.length', count)
})
