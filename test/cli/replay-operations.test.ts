/** `replay`: what rules know of the operation that a recorded request calls. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { operationId } from '#engines/paths'
import { jsonLines, runCommand } from './command-line.ts'
import { createProject, type Project } from './project.ts'

let project: Project

beforeEach(async () => {
  project = await createProject()
})
afterEach(() => project.remove())

const SCHEMA = `openapi: 3.1.0
info: { title: Things, version: 1.0.0 }
servers: [{ url: https://api.example.com }]
paths:
  /things/{id}:
    get:
      parameters: [{ name: id, in: path, required: true, schema: { type: string } }]
      responses: { '200': { description: It } }
`

async function replay(expression: string, options: readonly string[]) {
  const url = 'https://api.example.com/things/a%20b'
  const request = { time_ms: 1, method: 'GET', url, status: 200, request_headers: {} }
  const rules = [{ ref: 'one', action: 'log', expression }]
  await project.write(
    'rules/a.yaml',
    JSON.stringify({ phase: 'http_request_firewall_custom', rules }),
  )
  await project.write('schemas/a.yaml', SCHEMA)
  await project.write('traffic.jsonl', jsonLines([request]))
  const traffic = `${project.root}/traffic.jsonl`
  return runCommand(['replay', '--rules', `${project.root}/rules`, ...options, traffic])
}

test('rules know it by the id that the shield gives it, and its path variables', async () => {
  const triple = { method: 'GET', host: 'api.example.com', endpoint: '/things/{var1}' }
  const id = await operationId(triple)
  const run = await replay(
    `cf.portcullis.operation_id eq "${id}" and cf.portcullis.path_variables["var1"] eq "a b"`,
    ['--schemas', `${project.root}/schemas`],
  )
  expect(run.rows[0]).toMatchObject({ matched: 1 })
  expect(run.messages).toEqual([])
})

test('without schemas a recording cannot tell it', async () => {
  const unknown_fields = ['cf.portcullis.operation_id', 'cf.portcullis.path_variables']
  const run = await replay(
    'cf.portcullis.operation_id ne "x" or cf.portcullis.path_variables["var1"] ne "x"',
    [],
  )
  expect(run.rows[0]).toMatchObject({ matched: 0, unknown_fields })
})
