/** `schema check`: whether documents would be taken, and what of them would not be used. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createProject, GOOD_SCHEMA, type Project } from './project.ts'
import { runCommand } from './command-line.ts'

let project: Project
beforeAll(async () => {
  project = await createProject({
    'good.yaml': GOOD_SCHEMA,
    'odd.yaml': `${GOOD_SCHEMA}    put:
      requestBody: { content: { application/xml: {} } }
      responses: { '204': { description: Done } }
`,
    'bad.yaml': GOOD_SCHEMA.replace('paths:', 'path:'),
    'none.yaml': 'a: [',
  })
})
afterAll(() => project.remove())

const check = (...files: readonly string[]) =>
  runCommand(['schema', 'check', ...files.map((file) => join(project.root, file))])

test('a document that is taken: its operations, and exit 0', async () => {
  expect(await check('good.yaml')).toMatchObject({
    exitCode: 0,
    rows: [
      { file: join(project.root, 'good.yaml'), ok: true, operations: 1, warnings: [], errors: [] },
    ],
    messages: [],
  })
})

test('what has no effect is a warning and no finding', async () => {
  const { exitCode, rows } = await check('odd.yaml')
  expect(exitCode).toBe(0)
  const warning = {
    code: 'media_type_not_validated',
    message: expect.stringContaining('application/xml'),
    locations: ["$.paths['/things'].put.requestBody.content['application/xml']"],
  }
  expect(rows).toMatchObject([{ ok: true, operations: 2, warnings: [warning] }])
})

test('one that is refused: where and why, and exit 1; the others are still checked', async () => {
  const { exitCode, rows, messages } = await check('bad.yaml', 'none.yaml', 'good.yaml')
  expect(exitCode).toBe(1)
  expect(rows).toMatchObject([
    { ok: false, operations: 0, errors: [{ message: expect.any(String), path: '$' }] },
    { ok: false, errors: [{ line: expect.any(Number), column: expect.any(Number) }] },
    { ok: true },
  ])
  expect(messages).toEqual([
    expect.stringContaining('bad.yaml'),
    expect.stringContaining('none.yaml'),
  ])
})

test('one that cannot be read: exit 2, whatever the others are', async () => {
  const { exitCode, rows } = await check('nowhere.yaml', 'bad.yaml')
  expect(exitCode).toBe(2)
  expect(rows).toMatchObject([
    { ok: false, errors: [{ message: expect.stringContaining('cannot be read') }] },
    { ok: false },
  ])
})

test('no file at all: exit 2', async () => {
  expect(await check()).toMatchObject({
    exitCode: 2,
    rows: [],
    messages: ['schema check needs at least one FILE'],
  })
})
