/** `schema validate`: requests in, operation and violations out. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hasTestdata, readTestdata } from '../engines/openapi/testdata.ts'
import { jsonLines, runCommand } from './command-line.ts'
import { createProject, type Project } from './project.ts'

let project: Project
beforeAll(async () => {
  project = await createProject({ 'things.yaml': THINGS })
})
afterAll(() => project.remove())

const THINGS = `openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://things.example.com/v1 }]
paths:
  /things/{id}:
    put:
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: X-Trace, in: header, schema: { type: string, format: uuid } }
      requestBody:
        required: true
        content: { application/json: { schema: { type: object, required: [name] } } }
      responses: { '204': { description: Done } }
    get: &read
      parameters:
        - { name: id, in: path, required: true, schema: { type: integer } }
        - { name: more, in: query, schema: { type: integer } }
      responses: { '200': { description: Found } }
  /heads/{id}:
    get: *read
    head:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: Found } }
  /orders:
    post:
      responses: { '201': { description: Made } }
`

const validate = (...rows: readonly unknown[]) =>
  runCommand(['schema', 'validate', '--schema', join(project.root, 'things.yaml')], jsonLines(rows))

const url = 'https://things.example.com/v1/things/7?more=1'
const headers = { 'Content-Type': 'application/json' }

describe('schema validate', () => {
  test('what conforms, and exit 0', async () => {
    expect(await validate({ method: 'PUT', url, headers, body: '{"name":1}' })).toMatchObject({
      exitCode: 0,
      rows: [
        {
          operation: {
            method: 'PUT',
            host: 'things.example.com',
            endpoint: '/v1/things/{var1}',
          },
          violations: [],
        },
      ],
      messages: [],
    })
  })

  test('every departure, and exit 1', async () => {
    const { exitCode, rows } = await validate({
      method: 'put',
      url: 'https://things.example.com:8443/v1/things/x',
      headers: { ...headers, 'x-trace': ['a', 'b'] },
      body_base64: 'e30=',
    })
    expect(exitCode).toBe(1)
    expect(rows).toMatchObject([
      {
        violations: [
          {
            location: 'path',
            target: 'id',
            error_class: 'invalid_type',
            error_detail: 'expected:integer',
            message: 'id must be integer',
          },
          { location: 'header', target: 'X-Trace', error_detail: 'format_violation:uuid' },
          { location: 'body', target: '$.name', error_class: 'missing_required' },
        ],
      },
    ])
  })

  test.each([
    ['another host', 'https://other.example.com/v1/things/7'],
    ['another method', 'https://things.example.com/v1/things'],
    ['another path', 'https://things.example.com/things/7'],
  ])('%s is no operation, and no finding', async (_name, other) => {
    expect(await validate({ method: 'PUT', url: other })).toMatchObject({
      exitCode: 0,
      rows: [{ operation: null, violations: [] }],
    })
  })

  test.each([
    ['what conforms', 'https://things.example.com/v1/things/7?more=1', 0],
    ['what departs', 'https://things.example.com/v1/things/x?more=y', 1],
    ['what names no host', '/v1/things/7?more=y', 1],
  ])('HEAD is judged as the GET that serves it: %s', async (_name, target, exitCode) => {
    const head = await validate({ method: 'HEAD', url: target })
    expect(head.exitCode).toBe(exitCode)
    expect(head.rows).toMatchObject([
      { operation: { method: 'GET', endpoint: '/v1/things/{var1}' } },
    ])
    expect(head).toEqual(await validate({ method: 'GET', url: target }))
  })

  test('a HEAD that is described is judged by what is said of it', async () => {
    const target = 'https://things.example.com/v1/heads/x'
    expect(await validate({ method: 'HEAD', url: target })).toMatchObject({
      exitCode: 0,
      rows: [{ operation: { method: 'HEAD' }, violations: [] }],
    })
    expect(await validate({ method: 'GET', url: target })).toMatchObject({ exitCode: 1 })
  })

  test('no other method is served by another', async () => {
    const target = 'https://things.example.com/v1/orders'
    for (const method of ['HEAD', 'GET', 'OPTIONS']) {
      expect(await validate({ method, url: target })).toMatchObject({
        rows: [{ operation: null }],
      })
    }
  })

  test('a request that names no host may be to any', async () => {
    const { rows } = await validate({ method: 'PUT', url: '/v1/things/7', headers, body: '{}' })
    expect(rows).toMatchObject([{ operation: { host: 'things.example.com' }, violations: [{}] }])
  })

  test.each([
    ['an escaped letter', { url: 'https://things.example.com/v1/th%69ngs/7' }],
    ['doubled slashes', { url: 'https://things.example.com//v1//things/7' }],
    ['dot segments', { url: 'https://things.example.com/v1/a/%2e%2e/./things/7' }],
    ['a host in capitals', { url: 'https://THINGS.example.com/v1/things/7' }],
    [
      'a header that names another method',
      { headers: { ...headers, 'X-HTTP-Method-Override': 'GET' } },
    ],
    ['headers in capitals', { headers: { 'CONTENT-TYPE': 'APPLICATION/JSON' } }],
    ['the type twice', { headers: { 'Content-Type': ['text/plain', 'application/json'] } }],
    ['no type', { headers: {} }],
  ])('%s does not hide a body that departs', async (_name, trick) => {
    const { exitCode } = await validate({ method: 'PUT', url, headers, body: '{}', ...trick })
    expect(exitCode).toBe(1)
  })

  test.each([
    [{ url }, 'method must be text'],
    [{ method: 'GET', url: 'things' }, 'url must begin with http://, https:// or /'],
    [{ method: 'GET', url, headers: [] }, 'headers must be an object'],
    [{ method: 'GET', url, headers: { a: 1 } }, 'headers.a must be text or a list of texts'],
    [{ method: 'GET', url, body: {} }, 'body must be text'],
    [{ method: 'GET', url, body_base64: '%' }, 'body_base64 must be base64'],
    [{ method: 'GET', url, body: '', body_base64: '' }, 'body and body_base64 exclude each other'],
  ])('%j is not understood', async (row, message) => {
    const run = await validate(row)
    expect(run).toMatchObject({ exitCode: 2, messages: [`line 1: ${message}`] })
  })

  test.each([
    ['no document is named', [], 'schema validate needs --schema FILE'],
    ['it is not there', ['--schema', '/nowhere/a.yaml'], 'cannot be read'],
    ['it is none', ['--schema', import.meta.filename], 'neither JSON nor YAML'],
  ])('exit 2 when %s', async (_name, options, message) => {
    const run = await runCommand(['schema', 'validate', ...options], '')
    expect(run).toMatchObject({ exitCode: 2, rows: [] })
    expect(run.messages).toEqual([expect.stringContaining(message)])
  })
})

type Case = {
  readonly group: string
  readonly name: string
  readonly parameter: { readonly name: string; readonly in: string }
  readonly expect: 'value' | 'error'
  readonly value?: unknown
  readonly path?: string
  readonly query?: string
  readonly header?: string
  readonly cookie?: string
}

type Judged = {
  readonly operation: object | null
  readonly violations: readonly object[]
  readonly parameters: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/** Each case in a document of its own, once without servers and once below `/`. */
async function outcomes(each: Case): Promise<readonly unknown[]> {
  const { parameter, path, query, header = '', cookie = '' } = each
  const parameters = [path === undefined ? parameter : { ...parameter, required: true }]
  const operation = { parameters, responses: { 200: { description: 'All' } } }
  const document = {
    openapi: '3.0.3',
    info: { title: 'One', version: '1' },
    paths: { [path === undefined ? '/test' : `/test/{${parameter.name}}`]: { get: operation } },
  }
  const [headerName = '', headerValue = ''] = header.split(':')
  const line = jsonLines([
    {
      method: 'GET',
      url: `https://api.example.com/test${path ?? ''}${query === undefined ? '' : `?${query}`}`,
      headers: {
        ...(headerName === '' ? {} : { [headerName]: headerValue }),
        ...(cookie === '' ? {} : { cookie: cookie.replace(':', '=') }),
      },
    },
  ])
  const found: unknown[] = []
  for (const servers of [{}, { servers: [{ url: '/' }] }]) {
    await project.write('case.json', JSON.stringify({ ...document, ...servers }))
    const file = join(project.root, 'case.json')
    const { rows } = await runCommand(
      ['schema', 'validate', '--parameters', '--schema', file],
      line,
    )
    const [judged] = rows as readonly Judged[]
    const value = judged?.parameters[parameter.in]?.[parameter.name]
    // What stands for nothing is read as nothing, whether or not it may.
    const isRefused = (judged?.violations.length ?? 0) > 0 && value !== null
    found.push(
      judged?.operation === null ? 'no operation' : isRefused ? 'refused' : (value ?? null),
    )
  }
  return found
}

function wanted({ expect: outcome, value }: Case): readonly unknown[] {
  const each = outcome === 'error' ? 'refused' : (value ?? null)
  return [each, each]
}

function casesOf(text: string): readonly Case[] {
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Case)
}

const VECTORS = join(import.meta.dirname, '../vectors/param-serialization/decode-cases.jsonl')

describe('parameters are read as kin-openapi reads them', () => {
  test.each(casesOf(readFileSync(VECTORS, 'utf8')))('$group, $name', async (each) => {
    expect(await outcomes(each)).toEqual(wanted(each))
  })

  test.skipIf(!hasTestdata('param-serialization'))(
    'all cases (skipped without the testdata beside the repository)',
    async () => {
      for (const each of casesOf(readTestdata('param-serialization/decode-cases.jsonl'))) {
        expect(await outcomes(each), `${each.group}, ${each.name}`).toEqual(wanted(each))
      }
    },
  )
})
