/** `graphql`: a row out for every row in, with the fields that rules see. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { jsonLines, runCommand } from './command-line.ts'

const measure = (...rows: readonly unknown[]) => runCommand(['graphql'], jsonLines(rows))
const inJson = (query: string) => JSON.stringify({ query })

test('size, depth and every operation', async () => {
  const body = inJson('query A { hero { name ...F } } fragment F on Hero { friends { name } }')
  expect(await measure({ content_type: 'application/json', body })).toMatchObject({
    exitCode: 0,
    rows: [
      {
        parsed_successfully: true,
        query_size: 2,
        query_depth: 2,
        operation_name: 'A',
        operations: [
          {
            name: 'A',
            type: 'query',
            leaves_unexpanded: 1,
            leaves_expanded: 2,
            depth_unexpanded: 1,
            depth_expanded: 2,
          },
        ],
      },
    ],
  })
})

test('what is not parsed is a finding with its reason and place', async () => {
  expect(await measure({ content_type: 'application/graphql', body: '{ a' })).toMatchObject({
    exitCode: 1,
    rows: [
      {
        parsed_successfully: false,
        reason: 'unexpected_end',
        offset: 3,
        message: 'The document ends too early.',
        query_size: 0,
      },
    ],
  })
})

test.each([
  ['GET', { method: 'GET', query_string: 'query={a}' }],
  ['bytes', { content_type: 'application/graphql', body_base64: btoa('{a}') }],
  [
    'a character that JSON escapes',
    { content_type: 'application/json', body: '{"query":"{a}#\\u00e9"}' },
  ],
])('%s', async (_name, row) => {
  expect(await measure(row)).toMatchObject({ exitCode: 0, rows: [{ query_size: 1 }] })
})

test('half a surrogate pair in a raw document stays what it is', async () => {
  const { rows } = await measure({ content_type: 'application/graphql', body: '{a(b:"\ud800")}' })
  expect(rows).toMatchObject([{ reason: 'lone_surrogate' }])
})

test('verdicts of graphql-js', async () => {
  const path = new URL('../vectors/graphql/syntax.jsonl', import.meta.url).pathname
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const vectors = lines.map((line): { text: string; valid: boolean } => JSON.parse(line))
  const requests = vectors.map(({ text }) => ({
    content_type: 'application/json',
    body: inJson(text),
  }))
  const { rows } = await measure(...requests)
  expect(rows).toMatchObject(vectors.map(({ valid }) => ({ parsed_successfully: valid })))
})

describe('costs by a schema', () => {
  const folder = mkdtempSync(join(tmpdir(), 'portcullis-graphql-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  const run = (sdl: string) => {
    const path = join(folder, 'schema.graphql')
    writeFileSync(path, sdl)
    const row = { content_type: 'application/graphql', body: '{a{b}}' }
    return runCommand(['graphql', '--schema', path], jsonLines([row]))
  }

  test('the cost is in every row', async () => {
    const sdl =
      'type Query { a: [A] @listSize(assumedSize: 3) } type A { b: Int @cost(weight: "2") }'
    expect(await run(sdl)).toMatchObject({ exitCode: 0, rows: [{ query_cost: 9 }] })
  })

  test('a schema that is refused is told with its place', async () => {
    const { exitCode, messages } = await run('type Query {\n  a Int\n}')
    expect({ exitCode, messages }).toEqual({
      exitCode: 2,
      messages: [expect.stringMatching(/schema.graphql:2:5: : must stand here$/)],
    })
  })

  test('a schema that is not there', async () => {
    const { exitCode, messages } = await runCommand(['graphql', '--schema', join(folder, 'none')])
    expect({ exitCode, messages }).toEqual({
      exitCode: 2,
      messages: [expect.stringContaining('none is no file')],
    })
  })
})

describe('a row that is not understood is answered, told, and makes exit 2', () => {
  test.each([
    [{ content_type: 1, body: '' }, 'content_type must be text'],
    [{ content_type: 'application/json', body: {} }, 'body must be text'],
    [{ method: 1 }, 'method must be text'],
    [{ query_string: 1 }, 'query_string must be text'],
    [{ body_base64: 1 }, 'body_base64 must be text'],
    [{ body_base64: '*' }, 'body_base64 is not base64'],
  ])('%j', async (row, message) => {
    const { exitCode, rows, messages } = await measure(row)
    expect({ exitCode, messages }).toEqual({ exitCode: 2, messages: [`line 1: ${message}`] })
    expect(rows).toEqual([{ ok: false, error: { message: `line 1: ${message}` } }])
  })
})
