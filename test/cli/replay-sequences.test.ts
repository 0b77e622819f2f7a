/** `replay` over rule files with sequences, which it reads and does not replay. */
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { jsonLines, runCommand } from './command-line.ts'
import { createProject, type Project } from './project.ts'

let project: Project

beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const at = (path: string): string => join(project.root, path)

const REQUEST = {
  time_ms: 1_795_338_000_000,
  method: 'GET',
  url: 'https://api.example.com/a',
  status: 200,
  request_headers: {},
}

const STEPS = [{ operation: 'GET api.example.com/a' }, { operation: 'GET api.example.com/b' }]

async function replay(files: { readonly [name: string]: object }) {
  for (const [name, content] of Object.entries(files)) {
    // JSON is YAML.
    await project.write(`rules/${name}.yaml`, JSON.stringify(content))
  }
  await project.write('traffic.jsonl', jsonLines([REQUEST]))
  return runCommand(['replay', '--rules', at('rules'), at('traffic.jsonl')])
}

test('sequences are not replayed, and that is said', async () => {
  const run = await replay({ a: { sequences: [{ ref: 'order', require: STEPS }] } })
  expect(run.messages).toEqual(['sequences are not replayed: 1'])
  expect(run.rows).toMatchObject([{ summary: { requests: 1 } }])
})

test('a ref in two files is a mistake', async () => {
  const run = await replay({
    a: { sequences: [{ ref: 'order', require: STEPS }] },
    b: { sequences: [{ ref: 'order', forbid: STEPS }] },
  })
  expect(run.messages).toEqual([
    expect.stringMatching(/b\.yaml: The sequence "order" is in \S+a\.yaml too\.$/),
  ])
})
