/** The origin's answers held against their schema: noted, never held up, never changed. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Shield, startShield } from '../support/shield.ts'

const SCHEMA = {
  openapi: '3.0.3',
  info: { title: 'answers', version: '1' },
  paths: {
    '/answer/{name}': {
      get: {
        parameters: [{ in: 'path', name: 'name', required: true, schema: { type: 'string' } }],
        responses: {
          200: {
            description: 'ok',
            headers: { 'X-Count': { required: true, schema: { type: 'integer' } } },
            content: {
              'application/json': {
                schema: {
                  type: 'object',
                  required: ['value'],
                  properties: {
                    value: { type: 'integer' },
                    secret: { type: 'string', maxLength: 3 },
                  },
                },
              },
            },
          },
        },
      },
    },
  },
  servers: [{ url: 'http://127.0.0.1' }],
}

type Answer = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: string | Buffer
}

const JSON_HEADERS = { 'content-type': 'application/json', 'x-count': '1' }

const ANSWERS: { readonly [name: string]: Answer } = {
  right: { status: 200, headers: JSON_HEADERS, body: '{"value":1}' },
  wrong: { status: 200, headers: JSON_HEADERS, body: '{"value":"one"}' },
  bare: { status: 200, headers: { 'content-type': 'application/json' }, body: '{"value":1}' },
  teapot: { status: 418, headers: JSON_HEADERS, body: '{}' },
  packed: {
    status: 200,
    headers: { ...JSON_HEADERS, 'content-encoding': 'gzip' },
    body: gzipSync('{"value":"one"}'),
  },
  large: {
    status: 200,
    headers: JSON_HEADERS,
    body: `{"value":1,"more":"${'x'.repeat(2 ** 21)}"}`,
  },
}

let server: Server
let shield: Shield

beforeAll(async () => {
  server = createServer((request, response) => {
    const name = request.url?.split('/').at(-1) ?? ''
    if (name === 'slow') {
      response.writeHead(200, JSON_HEADERS)
      response.write('{"value":')
      setTimeout(() => response.end('1}'), 1_500)
      return
    }
    const { status, headers, body } = ANSWERS[name] ?? { status: 404, headers: {}, body: '' }
    response.writeHead(status, headers)
    response.end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  shield = await startShield({ originUrl: `http://127.0.0.1:${port}` })
  await shield.api('POST /zones/{zone}/schema_validation/schemas', {
    kind: 'openapi_v3',
    name: 'answers',
    source: JSON.stringify(SCHEMA),
    validation_enabled: true,
  })
  await sample(100)
})

afterAll(async () => {
  await shield.edge.stop()
  server.close()
})

function sample(response_sample_percent: number): Promise<unknown> {
  return shield.api('PATCH /zones/{zone}/schema_validation/settings', { response_sample_percent })
}

type Departure = { readonly rule_id: string; readonly violations: readonly object[] }

/** The events of responses since the last look. */
async function departures(path: string): Promise<readonly Departure[]> {
  const events = await shield.api<readonly (Departure & { path: string })[]>(
    'GET /zones/{zone}/portcullis/events?limit=100',
  )
  return events.filter(
    (event) => event.rule_id === 'schema-validation-response' && event.path === path,
  )
}

const get = (name: string) => fetch(`${shield.edge.httpUrl}/answer/${name}`)

test.each([
  {
    name: 'wrong',
    violation: { location: 'response_body', target: '$.value', error_class: 'invalid_type' },
  },
  {
    name: 'packed',
    violation: { location: 'response_body', target: '$.value', error_class: 'invalid_type' },
  },
  {
    name: 'bare',
    violation: { location: 'response_header', target: 'X-Count', error_class: 'missing_required' },
  },
  { name: 'teapot', violation: { location: 'response_status', target: '418' } },
  { name: 'large', violation: { location: 'response_body', error_class: 'body_size' } },
])('$name: noted, and passed on as it was', async ({ name, violation }) => {
  const answer = ANSWERS[name]
  const response = await get(name)
  expect(response.status).toBe(answer?.status)
  const text = await response.text()
  expect(text).toBe(name === 'packed' ? '{"value":"one"}' : answer?.body)
  await expect.poll(() => departures(`/answer/${name}`), { timeout: 10_000 }).toHaveLength(1)
  const [departure] = await departures(`/answer/${name}`)
  expect(departure).toMatchObject({ action: 'log', reason: 'response_departed' })
  expect(departure?.violations).toContainEqual(expect.objectContaining(violation))
})

test('what conforms leaves no event, and nobody waits for a slow body to be judged', async () => {
  const before = performance.now()
  const slow = await get('slow')
  expect(performance.now() - before).toBeLessThan(1_000)
  expect(await slow.text()).toBe('{"value":1}')
  expect(await (await get('right')).text()).toBe('{"value":1}')
  await wait(500)
  expect(await departures('/answer/right')).toEqual([])
  expect(await departures('/answer/slow')).toEqual([])
})

test('no sample, no event', async () => {
  await sample(0)
  const before = (await departures('/answer/wrong')).length
  await (await get('wrong')).text()
  await wait(700)
  expect(await departures('/answer/wrong')).toHaveLength(before)
})
