/** A large document over the local edge: judged from the first request on, changed between two, and there after kill -9. */
import { once } from 'node:events'
import { afterEach, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/edge.ts'
import { startEdgeProcess } from '../support/edge-process.ts'
import { type Origin, type Shield, startOrigin } from '../support/shield.ts'

const OPERATIONS = 4_000

let origin: Origin | null = null

afterEach(() => {
  origin?.server.close()
})

/** Every operation has its own schema, and all have one in common. */
function documentOf(type: string): string {
  const numbers = Array.from({ length: OPERATIONS }, (_, number) => number)
  const body = (name: string) => ({
    required: true,
    content: { 'application/json': { schema: { $ref: `#/components/schemas/${name}` } } },
  })
  const common = { type: 'object', required: ['id'], properties: { id: { type } } }
  const own = (number: number) => ({
    allOf: [{ $ref: '#/components/schemas/Common' }],
    properties: { [`n${number}`]: { const: number }, text: { maxLength: 10 } },
  })
  return JSON.stringify({
    openapi: '3.1.0',
    info: { title: 'large', version: '1' },
    servers: [{ url: 'http://127.0.0.1' }],
    paths: Object.fromEntries(
      numbers.map((number) => [
        `/r${number}`,
        { post: { requestBody: body(`S${number}`), responses: { 200: { description: '' } } } },
      ]),
    ),
    components: {
      schemas: {
        Common: common,
        ...Object.fromEntries(numbers.map((number) => [`S${number}`, own(number)])),
      },
    },
  })
}

type Schema = { readonly schema_id: string }

const upload = (shield: Shield, type: string) =>
  shield.api<Schema>('POST /zones/{zone}/schema_validation/schemas', {
    kind: 'openapi_v3',
    name: 'large',
    source: documentOf(type),
    validation_enabled: true,
  })

async function post({ edge }: Shield, number: number, body: object): Promise<number> {
  const response = await fetch(`${edge.httpUrl}/r${number}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  await response.arrayBuffer()
  return response.status
}

async function expectJudged(shield: Shield, numbers: readonly number[]): Promise<void> {
  for (const number of numbers) {
    // The first request to an operation is judged as any other, by its own schema and by the common one.
    expect(await post(shield, number, { id: 1, [`n${number}`]: number + 1 })).toBe(403)
    expect(await post(shield, number, { id: 'x' })).toBe(403)
    expect(await post(shield, number, { id: 1, [`n${number}`]: number })).toBe(200)
  }
}

test('a document of thousands of operations is judged from the first request on, also after kill -9', async () => {
  origin = await startOrigin()
  const stateDir = makeTemporaryDirectory()
  const first = await startEdgeProcess(stateDir, origin.url)
  await first.shield.api('PATCH /zones/{zone}/schema_validation/settings', {
    validation_default_mitigation_action: 'block',
  })
  const old = await upload(first.shield, 'integer')
  await expectJudged(first.shield, [0, OPERATIONS - 1])
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')

  const second = await startEdgeProcess(stateDir, origin.url)
  await expectJudged(second.shield, [1, OPERATIONS - 2])
  // A newer document counts from the next request on, and again the older one when the newer is gone.
  const changed = await upload(second.shield, 'string')
  expect(await post(second.shield, 1, { id: 1 })).toBe(403)
  expect(await post(second.shield, 1, { id: 'x' })).toBe(200)
  await second.shield.api(`DELETE /zones/{zone}/schema_validation/schemas/${changed.schema_id}`)
  await expectJudged(second.shield, [1])
  await second.shield.api(`DELETE /zones/{zone}/schema_validation/schemas/${old.schema_id}`)
  expect(await post(second.shield, 1, { id: 'x' })).toBe(200)
}, 120_000)

test('a change that is killed while it is made is there whole or not at all', async () => {
  origin = await startOrigin()
  const stateDir = makeTemporaryDirectory()
  const first = await startEdgeProcess(stateDir, origin.url)
  await first.shield.api('PATCH /zones/{zone}/schema_validation/settings', {
    validation_default_mitigation_action: 'block',
  })
  await upload(first.shield, 'integer')
  const dying = upload(first.shield, 'string').catch(() => null)
  // Somewhere between reading the document and publishing its parts.
  await new Promise((resolve) => setTimeout(resolve, 400))
  first.child.kill('SIGKILL')
  await Promise.all([dying, once(first.child, 'exit')])

  const second = await startEdgeProcess(stateDir, origin.url)
  const schemas = await second.shield.api<Schema[]>(
    'GET /zones/{zone}/schema_validation/schemas?omit_source=true',
  )
  if (schemas.length === 1) await expectJudged(second.shield, [0, 5])
  else {
    expect(await post(second.shield, 0, { id: 1 })).toBe(403)
    expect(await post(second.shield, 0, { id: 'x' })).toBe(200)
  }
}, 120_000)
