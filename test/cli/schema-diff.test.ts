/** `schema diff`: which recorded requests a new version of a document would newly reject. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, type Project } from './project.ts'
import { jsonLines, runCommand } from './command-line.ts'

const document = (limit: string, more = '') => `openapi: 3.0.3
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://things.example.com }]
paths:
  /things:
    get:
      parameters: [{ name: limit, in: query, schema: { type: integer, ${limit} } }]
      responses: { '200': { description: All } }
    post:
      requestBody: { required: true, content: { application/json: { schema: { type: object } } } }
      responses: { '201': { description: Made } }
${more}`

const OTHER = `  /others:
    get: { responses: { '200': { description: All } } }
`

const request = (method: string, target: string, more: object = {}) => ({
  time_ms: 1_760_000_000_000,
  method,
  url: `https://things.example.com${target}`,
  status: 200,
  request_headers: {},
  ...more,
})

let project: Project
beforeAll(async () => {
  project = await createProject({
    'old.yaml': document('maximum: 100', OTHER),
    'new.yaml': document('maximum: 50, minimum: 1'),
    'traffic.jsonl': jsonLines([
      request('GET', '/things?limit=10'),
      request('GET', '/things?limit=60'),
      request('GET', '/things?limit=x'),
      request('GET', '/others'),
      request('GET', '/nowhere'),
      // A body that was not recorded is not held against anybody.
      request('POST', '/things'),
    ]),
    'broken.jsonl': 'this is not JSON\n',
  })
})
afterAll(() => project.remove())

const diff = (...files: readonly string[]) =>
  runCommand(['schema', 'diff', ...files.map((file) => join(project.root, file))])

test('what the new one newly rejects, a summary, and exit 1', async () => {
  const { exitCode, rows } = await diff('old.yaml', 'new.yaml', 'traffic.jsonl')
  expect(exitCode).toBe(1)
  expect(rows).toMatchObject([
    {
      file: join(project.root, 'traffic.jsonl'),
      line: 2,
      method: 'GET',
      url: 'https://things.example.com/things?limit=60',
      operation: { method: 'GET', host: 'things.example.com', endpoint: '/things' },
      violations: [{ location: 'query', target: 'limit', error_detail: 'number_not_in_range' }],
    },
    {
      summary: {
        requests: 6,
        newly_rejected: 1,
        newly_accepted: 0,
        rejected_by_both: 1,
        no_longer_described: 1,
        unreadable: 0,
      },
    },
  ])
})

test('the other way round nothing is newly rejected, and exit 0', async () => {
  const { exitCode, rows } = await diff('new.yaml', 'old.yaml', 'traffic.jsonl')
  expect(exitCode).toBe(0)
  expect(rows).toMatchObject([{ summary: { newly_rejected: 0, newly_accepted: 1 } }])
})

test.each([
  ['a document', ['old.yaml', 'nowhere.yaml', 'traffic.jsonl'], 'nowhere.yaml'],
  ['traffic', ['old.yaml', 'new.yaml', 'nowhere.jsonl'], 'nowhere.jsonl'],
  ['a line of traffic', ['old.yaml', 'new.yaml', 'broken.jsonl'], 'broken.jsonl'],
])('exit 2 when %s cannot be read', async (_name, files, message) => {
  const run = await diff(...files)
  expect(run.exitCode).toBe(2)
  expect(run.messages).toEqual([expect.stringContaining(message)])
})

test('exit 2 without traffic', async () => {
  expect(await diff('old.yaml', 'new.yaml')).toMatchObject({ exitCode: 2, rows: [] })
})
