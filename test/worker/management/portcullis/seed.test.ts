import { describe, expect, test } from 'vitest'
import { reconcileSeed } from '../../../../worker/management/portcullis/seed.ts'
import type {
  Operation,
  Ruleset,
  Schema,
  SeedReport,
} from '../../../../worker/storage/resources.ts'
import { api, type Caller, callerOf, portsOf, Z } from '../../../support/management.ts'

const PATH = `${Z}/portcullis/seed`
const ENTRYPOINT = `${Z}/rulesets/phases/http_request_firewall_custom/entrypoint`
const OPERATIONS = `${Z}/api_gateway/operations`
const SETTINGS = `${Z}/schema_validation/settings/operations`

type File = { readonly path: string; readonly content: string }

/** A rule file; each rule logs one host under that ref. */
function rules(path: string, ...hosts: string[]): File {
  const list = hosts.map(
    (host) => `  - { ref: ${host}, expression: http.host eq "${host}", action: log }\n`,
  )
  return {
    path,
    content: `phase: http_request_firewall_custom\nrules:${hosts.length ? '\n' : ' []\n'}${list.join('')}`,
  }
}

/** An OpenAPI file of GET operations on one host. */
function schema(path: string, paths: readonly string[], action?: string): File {
  const content = {
    openapi: '3.0.3',
    info: { title: 't', version: '1' },
    servers: [{ url: 'https://api.example.com' }],
    ...(action === undefined ? {} : { 'x-portcullis-mitigation-action': action }),
    paths: Object.fromEntries(
      paths.map((endpoint) => [endpoint, { get: { responses: { 200: { description: 'ok' } } } }]),
    ),
  }
  return { path, content: JSON.stringify(content) }
}

async function seed(call: Caller, ...files: readonly File[]): Promise<SeedReport> {
  const reply = await call<SeedReport>(`PUT ${PATH}`, { body: { files } })
  expect(reply.status).toBe(200)
  return reply.result
}

async function refs(call: Caller): Promise<string[]> {
  const { result } = await call<Ruleset | null>(`GET ${ENTRYPOINT}`)
  return result === null ? [] : result.rules.map(({ ref }) => ref)
}

async function endpoints(call: Caller): Promise<string[]> {
  const { result } = await call<Operation[]>(`GET ${OPERATIONS}`)
  return result.map(({ endpoint }) => endpoint)
}

async function commits(call: Caller): Promise<number> {
  return (await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result.length
}

describe('seeding', () => {
  test('makes what the files say, and reports it', async () => {
    const call = api('seed-first')
    expect((await call(`GET ${PATH}`)).result).toBeNull()
    const report = await seed(
      call,
      schema('schemas/temps.json', ['/temps', '/temps/{id}'], 'block'),
      rules('rules/b.yaml', 'b.example'),
      rules('rules/a.yaml', 'z.example', 'a.example'),
    )
    expect(report).toMatchObject({
      digest: expect.stringMatching(/^[\da-f]{64}$/),
      created: [
        'rule/z.example',
        'rule/a.example',
        'rule/b.example',
        'schema/schemas/temps.json',
        'operation/GET api.example.com/temps',
        'operation/GET api.example.com/temps/{var1}',
        'operation_setting/GET api.example.com/temps',
        'operation_setting/GET api.example.com/temps/{var1}',
      ],
      updated: [],
      deleted: [],
      left_alone: [],
      unchanged: 0,
      errors: [],
    })
    expect(await refs(call)).toEqual(['z.example', 'a.example', 'b.example'])
    expect(await endpoints(call)).toEqual(['/temps', '/temps/{var1}'])
    const settings = await call<{ mitigation_action: string }[]>(`GET ${SETTINGS}`)
    expect(settings.result.map(({ mitigation_action }) => mitigation_action)).toEqual([
      'block',
      'block',
    ])
    expect((await call(`GET ${PATH}`)).result).toEqual(report)
  })

  test('a second time changes nothing and commits nothing', async () => {
    const call = api('seed-twice')
    const files = [
      schema('schemas/temps.json', ['/temps'], 'log'),
      rules('rules/a.yaml', 'a.example'),
    ]
    await seed(call, ...files)
    const before = await commits(call)
    const again = await seed(call, ...files.toReversed())
    expect(again).toMatchObject({ created: [], updated: [], deleted: [], unchanged: 4 })
    expect(await commits(call)).toBe(before)
  })

  test('follows the files: changed, moved, gone', async () => {
    const call = api('seed-follow')
    await seed(
      call,
      rules('rules/a.yaml', 'a.example', 'b.example'),
      schema('schemas/gone.json', ['/gone']),
      schema('schemas/one.json', ['/one', '/two'], 'block'),
    )
    const before = (await call<Ruleset>(`GET ${ENTRYPOINT}`)).result
    const changed = rules('rules/b.yaml', 'b.example')
    const report = await seed(
      call,
      { ...changed, content: changed.content.replace('action: log', 'action: block') },
      schema('schemas/one.json', ['/one', '/three']),
    )
    expect(report).toMatchObject({
      created: ['operation/GET api.example.com/three'],
      updated: ['rule/b.example', 'schema/schemas/one.json'],
      deleted: [
        'rule/a.example',
        'schema/schemas/gone.json',
        'operation/GET api.example.com/gone',
        'operation/GET api.example.com/two',
        'operation_setting/GET api.example.com/one',
      ],
      unchanged: 1,
    })
    const after = (await call<Ruleset>(`GET ${ENTRYPOINT}`)).result
    expect(after.rules).toMatchObject([
      { id: before.rules[1]?.id, ref: 'b.example', action: 'block', version: '2' },
    ])
    expect(await endpoints(call)).toEqual(['/one', '/three'])
    expect((await call(`GET ${SETTINGS}`)).result).toEqual([])
    const { provenance } = (await portsOf('seed-follow').zone.read({ provenance: 'all' })).documents
    expect(provenance.map(({ file }) => file).toSorted()).toEqual([
      'rules',
      'rules/b.yaml',
      'schemas/one.json',
      'schemas/one.json',
      'schemas/one.json',
    ])
  })

  test('of nothing takes everything back that came from files', async () => {
    const ports = portsOf('seed-back')
    const call = callerOf(ports)
    await seed(
      call,
      rules('rules/a.yaml', 'a.example'),
      schema('schemas/one.json', ['/one'], 'log'),
    )
    await seed(call)
    const { documents } = await ports.zone.read({
      ruleset: 'all',
      operation: 'all',
      operation_setting: 'all',
      schema: 'all',
      schema_source: 'all',
      schema_profile: 'all',
      provenance: 'all',
    })
    expect(Object.values(documents).flat()).toEqual([])
  })
})

describe('what was made through the API', () => {
  test('keeps its place, and a rule with the same ref is left to it', async () => {
    const call = api('seed-api-rules')
    const mine = { ref: 'mine.example', expression: 'ssl', action: 'log' }
    const shared = { ref: 'shared.example', expression: 'ssl', action: 'log' }
    await call(`PUT ${ENTRYPOINT}`, { body: { rules: [shared, mine] } })
    const report = await seed(call, rules('rules/a.yaml', 'a.example', 'shared.example'))
    expect(report).toMatchObject({
      created: ['rule/a.example'],
      left_alone: ['rule/shared.example'],
    })
    expect(await refs(call)).toEqual(['shared.example', 'mine.example', 'a.example'])
    await seed(call)
    expect(await refs(call)).toEqual(['shared.example', 'mine.example'])
  })

  test('is not adopted: an operation with the same triple outlives the file', async () => {
    const call = api('seed-api-operations')
    const body = { method: 'GET', host: 'api.example.com', endpoint: '/mine' }
    const { result } = await call<Operation>(`POST ${OPERATIONS}/item`, { body })
    const setting = { mitigation_action: 'log' }
    await call(`PUT ${SETTINGS}/${result.operation_id}`, { body: setting })
    const report = await seed(call, schema('schemas/one.json', ['/mine', '/other'], 'block'))
    expect(report.left_alone).toEqual([
      'operation/GET api.example.com/mine',
      'operation_setting/GET api.example.com/mine',
    ])
    expect((await call(`GET ${SETTINGS}/${result.operation_id}`)).result).toMatchObject(setting)
    await seed(call)
    expect(await endpoints(call)).toEqual(['/mine'])
    expect((await call(`GET ${SETTINGS}/${result.operation_id}`)).result).toMatchObject(setting)
  })

  test('keeps the operations that its enabled documents describe', async () => {
    const call = api('seed-api-schemas')
    await seed(call, schema('schemas/one.json', ['/one', '/two']))
    const source = schema('', ['/two']).content
    const upload = { kind: 'openapi_v3', name: 'mine', source, validation_enabled: true }
    await call(`POST ${Z}/schema_validation/schemas`, { body: upload })
    const report = await seed(call)
    expect(report).toMatchObject({
      deleted: ['schema/schemas/one.json', 'operation/GET api.example.com/one'],
      left_alone: ['operation/GET api.example.com/two'],
    })
    expect(await endpoints(call)).toEqual(['/two'])
    const schemas = await call<Schema[]>(`GET ${Z}/schema_validation/schemas`)
    expect(schemas.result.map(({ name }) => name)).toEqual(['mine'])
  })

  test('changes to what came from files last until the next explicit seeding', async () => {
    const call = api('seed-drift')
    const files = [rules('rules/a.yaml', 'a.example'), schema('schemas/one.json', ['/one'])]
    await seed(call, ...files)
    await call(`PUT ${ENTRYPOINT}`, { body: { rules: [] } })
    const [operation] = (await call<Operation[]>(`GET ${OPERATIONS}`)).result
    await call(`DELETE ${OPERATIONS}/${operation?.operation_id}`)
    expect(await refs(call)).toEqual([])
    const again = await call<SeedReport>(`POST ${PATH}`)
    expect(again.result.created).toEqual(['rule/a.example', 'operation/GET api.example.com/one'])
    expect(await refs(call)).toEqual(['a.example'])
  })
})

describe('an error anywhere', () => {
  test('applies nothing, and every error has file, line and key', async () => {
    const call = api('seed-errors')
    await seed(call, rules('rules/a.yaml', 'a.example'))
    const bad = rules('rules/b.yaml', 'b.example')
    const report = await seed(
      call,
      rules('rules/a.yaml', 'a.example', 'c.example'),
      { ...bad, content: bad.content.replace('http.host', 'http.hots') },
      { path: 'schemas/x.json', content: '{"openapi":"2.0"}' },
      { path: 'notes.txt', content: '' },
    )
    expect(report).toMatchObject({ created: [], updated: [], deleted: [], unchanged: 0 })
    expect(report.errors.map(({ file, line, key }) => [file, line, key])).toEqual([
      ['notes.txt', null, null],
      ['rules/b.yaml', 3, 'rules[0].expression'],
      ['schemas/x.json', 1, expect.any(String)],
    ])
    expect(report.errors[1]?.message).toContain('Filter parsing error (1:1)')
    expect(await refs(call)).toEqual(['a.example'])
    expect((await call(`GET ${PATH}`)).result).toEqual(report)
  })

  test.each([
    [
      'a ref in two files',
      [rules('rules/a.yaml', 'x'), rules('rules/b.yaml', 'x')],
      'rules/b.yaml',
    ],
    [
      'two actions for one operation',
      [schema('schemas/a.json', ['/x'], 'log'), schema('schemas/b.json', ['/x'], 'block')],
      'schemas/b.json',
    ],
  ])('%s', async (_name, files, file) => {
    const report = await seed(api('seed-clash'), ...files)
    expect(report.errors.map((error) => error.file)).toEqual([file])
  })
})

describe('400', () => {
  test.each([
    ['no files', {}],
    ['a file without content', { files: [{ path: 'rules/a.yaml' }] }],
    ['two files of one path', { files: [rules('rules/a.yaml'), rules('rules/a.yaml')] }],
  ])('%s', async (_name, body) => {
    const reply = await api('seed-400')(`PUT ${PATH}`, { body })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]?.source?.pointer).toMatch(/^\/files/)
  })
})

describe('404', () => {
  test('there is nothing to reconcile before the first seeding', async () => {
    expect((await api('seed-404')(`POST ${PATH}`)).status).toBe(404)
  })
})

describe('the scheduled reconciliation', () => {
  test('does nothing before the first seeding', async () => {
    expect(await reconcileSeed(portsOf('seed-schedule-none'))).toBeNull()
  })

  test('applies files that arrived in KV, once', async () => {
    const ports = portsOf('seed-schedule')
    const call = callerOf(ports)
    await ports.seed.write([rules('rules/a.yaml', 'a.example')])
    expect(await reconcileSeed(ports)).toMatchObject({ created: ['rule/a.example'] })
    const before = await commits(call)
    expect(await reconcileSeed(ports)).toMatchObject({ created: ['rule/a.example'] })
    expect(await commits(call)).toBe(before)
    await ports.seed.write([rules('rules/a.yaml', 'b.example')])
    expect(await reconcileSeed(ports)).toMatchObject({
      created: ['rule/b.example'],
      deleted: ['rule/a.example'],
    })
  })

  test('does not go back to files that KV still shows after newer ones were applied', async () => {
    let nowMs = Date.now()
    const ports = portsOf('seed-stale', { nowMs: () => nowMs })
    await ports.seed.write([rules('rules/a.yaml', 'a.example')])
    await reconcileSeed(ports)
    await ports.seed.write([rules('rules/a.yaml', 'b.example')])
    await reconcileSeed(ports)
    await ports.seed.write([rules('rules/a.yaml', 'a.example')])
    expect(await reconcileSeed(ports)).toMatchObject({ created: ['rule/b.example'] })
    nowMs += 5 * 60 * 1000
    expect(await reconcileSeed(ports)).toMatchObject({ created: ['rule/a.example'] })
  })
})
