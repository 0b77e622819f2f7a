/** GraphQL protection over the edge: what an operator sets through the API is in force at once, however a query is sent. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

const SETTINGS = '/zones/{zone}/portcullis/graphql/settings'
const DEEP = `{ ${'a { '.repeat(9)}b ${'}'.repeat(9)} }`
const THROUGH_FRAGMENTS = `query Q { a { ...one } } ${['one', 'two', 'three', 'four', 'five', 'six']
  .map(
    (name, n, all) =>
      `fragment ${name} on A { a { ${all[n + 1] === undefined ? 'b c' : `...${all[n + 1]}`} } }`,
  )
  .join(' ')} `
const USUAL = '{ hero { name friends { name } } }'
/** What the origin takes at least over queries that say so. */
const SLOW_MS = 300

let origin: Origin
let shield: Shield

beforeAll(async () => {
  origin = await startOrigin((body) => (body.includes('dear') ? SLOW_MS : 0))
  shield = await startShield({ originUrl: origin.url })
})

afterAll(async () => {
  await shield?.edge.stop()
  origin?.server.close()
})

beforeEach(async () => {
  await shield.api(`PUT ${SETTINGS}`, {})
  await setRules()
})

type RuleBody = { readonly action: string; readonly expression: string }

const setRules = (...rules: readonly RuleBody[]) =>
  shield.api('PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint', { rules })

async function send(path: string, init?: RequestInit) {
  const response = await fetch(`${shield.edge.httpUrl}${path}`, init)
  const text = await response.text()
  const { instance = '' } = JSON.parse(text) as { instance?: string }
  return { status: response.status, text, rayId: instance }
}

const post = (query: string, path = '/graphql') =>
  send(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })

const limit: RuleBody = {
  action: 'block',
  expression:
    'cf.api_gateway.graphql.parsed_successfully and (cf.api_gateway.graphql.query_depth > 6 or cf.api_gateway.graphql.query_size > 60)',
}

describe('a limit', () => {
  beforeEach(() => setRules(limit))

  test('lets usual queries through and stops deep ones, with figures in the event alone', async () => {
    expect((await post(USUAL)).status).toBe(200)
    const { status, text, rayId } = await post(DEEP)
    expect(status).toBe(403)
    expect(text).not.toMatch(/graphql|depth/i)
    const [event] = await shield.events(rayId)
    expect(event).toMatchObject({
      source: 'firewallCustom',
      findings: [
        {
          detector: 'graphql',
          reason: 'measured',
          detail: { query_size: 1, query_depth: 9, batch_size: 1, operation_type: 'query' },
        },
      ],
    })
  })

  test('is not evaded by fragments, GET, a batch, a form or an upload', async () => {
    expect((await post(THROUGH_FRAGMENTS)).status).toBe(403)
    expect((await send(`/graphql?query=${encodeURIComponent(DEEP)}`)).status).toBe(403)
    const batch = JSON.stringify([{ query: USUAL }, { query: DEEP }])
    const headers = { 'content-type': 'application/json' }
    expect((await send('/graphql', { method: 'POST', headers, body: batch })).status).toBe(403)
    const form = new URLSearchParams({ query: DEEP })
    expect((await send('/graphql', { method: 'POST', body: form })).status).toBe(403)
    const upload = new FormData()
    upload.set('operations', JSON.stringify({ query: DEEP }))
    upload.set('map', '{"0":["variables.file"]}')
    upload.set('0', new Blob(['x']), 'a.txt')
    expect((await send('/graphql', { method: 'POST', body: upload })).status).toBe(403)
    upload.set('operations', JSON.stringify({ query: USUAL }))
    expect((await send('/graphql', { method: 'POST', body: upload })).status).toBe(200)
  })

  test('is not evaded by what cannot be measured, of which the event tells the byte', async () => {
    const { status, rayId } = await post('{ hero {')
    expect(status).toBe(403)
    const [event] = await shield.events(rayId)
    expect(event).toMatchObject({
      source: 'portcullisGraphql',
      rule_id: 'graphql-unparsed-block',
      findings: [{ detector: 'graphql', reason: 'unexpected_end', detail: { offset: 18 } }],
    })
    await shield.api(`PATCH ${SETTINGS}`, { unparsed_action: 'none' })
    expect((await post('{ hero {')).status).toBe(200)
  })

  test('holds where an operation says that GraphQL is spoken, and there alone', async () => {
    const { operation_id } = await shield.api<{ operation_id: string }>(
      'POST /zones/{zone}/api_gateway/operations/item',
      { method: 'POST', host: '127.0.0.1', endpoint: '/v1/query' },
    )
    expect((await post(DEEP, '/v1/query')).status).toBe(200)
    await shield.api(`PATCH ${SETTINGS}`, { endpoints: [{ operation_id }] })
    expect((await post(DEEP, '/v1/query')).status).toBe(403)
    expect((await post(DEEP, '/graphql')).status).toBe(200)
  })
})

test('registered documents run by their hash, and nothing else runs', async () => {
  const { sha256 } = await shield.api<{ sha256: string }>(
    'POST /zones/{zone}/portcullis/graphql/persisted_queries',
    { query: USUAL },
  )
  expect(sha256).toBe(createHash('sha256').update(USUAL).digest('hex'))
  await shield.api(`PATCH ${SETTINGS}`, { persisted_queries: 'only' })
  const persistedQuery = { version: 1, sha256Hash: sha256 }
  const extensions = encodeURIComponent(JSON.stringify({ persistedQuery }))
  expect((await send(`/graphql?extensions=${extensions}`)).status).toBe(200)
  expect((await post(USUAL)).status).toBe(200)
  expect((await post('{ hero { name } }')).status).toBe(403)
  await shield.api(`DELETE /zones/{zone}/portcullis/graphql/persisted_queries/${sha256}`)
  expect((await post(USUAL)).status).toBe(403)
})

test('limits are recommended from what was seen, and the rule can be used as it is', async () => {
  type Recommendation = { path: string; requests: number; expression: string }
  const recommended = () =>
    shield.api<Recommendation[]>('GET /zones/{zone}/portcullis/graphql/recommendations')
  const at = '/recommended/graphql'
  await setRules({ action: 'log', expression: 'cf.api_gateway.graphql.query_size gt 1000' })
  for (let n = 0; n < 20; n++) await post(USUAL, at)
  const found = (await recommended()).find(({ path }) => path === at)
  expect(found).toMatchObject({
    requests: 20,
    unparsed: 0,
    query_size: { p50: 2, p99: 2, max: 2, suggested: 3 },
    query_depth: { p50: 2, p99: 2, max: 2, suggested: 3 },
  })
  await setRules({ action: 'block', expression: found?.expression ?? '' })
  expect((await post(USUAL, at)).status).toBe(200)
  expect((await post(DEEP, at)).status).toBe(403)
  expect((await post(DEEP, '/other/graphql')).status).toBe(200)
})

test('what the origin takes is told by size, depth and cost, and a cost is recommended', async () => {
  type Bucket = { lower: number; upper: number; requests: number; p50_ms: number }
  type Times = { requests: number; correlation: number; buckets: Bucket[] }
  type Place = { path: string; query_size: Times; query_depth: Times; query_cost: Times }
  type Recommendation = { path: string; query_cost: unknown; expression: string }
  const at = '/timed/graphql'
  const schema =
    'type Query { dear(first: Int): [User] @listSize(slicingArguments: ["first"]) hero: User } type User { name: String }'
  await shield.api('PUT /zones/{zone}/portcullis/graphql/schema', { schema })
  await setRules({ action: 'log', expression: 'cf.api_gateway.graphql.query_size gt 1000' })
  // Of one size and depth: only the cost tells which are slow.
  const dear = '{ dear(first: 500) { name } }'
  for (let n = 0; n < 8; n++) await post('{ hero { name } }', at)
  for (let n = 0; n < 4; n++) await post(dear, at)

  const places = await shield.api<Place[]>('GET /zones/{zone}/portcullis/graphql/response_times')
  const place = places.find(({ path }) => path === at)
  expect(place?.query_size).toMatchObject({
    requests: 12,
    correlation: null,
    buckets: [{ lower: 1, upper: 1, requests: 12 }],
  })
  expect(place?.query_depth).toMatchObject({ correlation: null, buckets: [{ lower: 1 }] })
  expect(place?.query_cost).toMatchObject({
    requests: 12,
    buckets: [
      { lower: 1, upper: 1, requests: 8 },
      { lower: 384, upper: 511, requests: 4 },
    ],
  })
  const [quick, slow] = place?.query_cost.buckets ?? []
  expect(quick?.p50_ms).toBeLessThan(SLOW_MS)
  expect(slow?.p50_ms).toBeGreaterThanOrEqual(SLOW_MS - 1)
  expect(place?.query_cost.correlation).toBeGreaterThan(0.5)

  const recommended = await shield.api<Recommendation[]>(
    'GET /zones/{zone}/portcullis/graphql/recommendations',
  )
  const found = recommended.find(({ path }) => path === at)
  expect(found?.query_cost).toMatchObject({ requests: 12, p50: 1, max: 500 })
  await setRules({ action: 'block', expression: found?.expression ?? '' })
  expect((await post(dear, at)).status).toBe(200)
  expect((await post('{ dear(first: 5000) { name } }', at)).status).toBe(403)
  // Without the schema nothing has a cost, and the rest of the rule holds.
  await shield.api('DELETE /zones/{zone}/portcullis/graphql/schema')
  expect((await post('{ dear(first: 5000) { name } }', at)).status).toBe(200)
  expect((await post(DEEP, at)).status).toBe(403)
})

test('costs are counted by the uploaded schema, lists as long as variables say', async () => {
  const schema =
    'type Query { users(first: Int): [User] @listSize(slicingArguments: ["first"]) } type User { name: String }'
  await shield.api('PUT /zones/{zone}/portcullis/graphql/schema', { schema })
  await setRules({ action: 'block', expression: 'cf.portcullis.graphql.cost gt 100' })
  const ask = (n: number) =>
    send('/graphql', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        query: 'query ($n: Int) { users(first: $n) { name } }',
        variables: { n },
      }),
    })
  expect((await ask(100)).status).toBe(200)
  const { status, rayId } = await ask(101)
  expect(status).toBe(403)
  const [event] = await shield.events(rayId)
  expect(event?.findings[0]?.detail).toMatchObject({ query_cost: 101 })
  await shield.api('DELETE /zones/{zone}/portcullis/graphql/schema')
  expect((await ask(101)).status).toBe(200)
})

test('the template is a ruleset that the API takes', async () => {
  const file = join(import.meta.dirname, '../../rules/templates/limit-graphql.yaml')
  const { rules } = parse(readFileSync(file, 'utf8')) as { rules: RuleBody[] }
  await setRules(...rules.map(({ expression }) => ({ expression, action: 'block' })))
  expect((await post(USUAL)).status).toBe(200)
  expect((await post(DEEP)).status).toBe(403)
  expect((await post(`{ ${'a: b '.repeat(31)} }`)).status).toBe(403)
  expect((await post('{ __schema { types { name } } }')).status).toBe(403)
  const batch = JSON.stringify(Array.from({ length: 11 }, () => ({ query: '{a}' })))
  const headers = { 'content-type': 'application/json' }
  expect((await send('/graphql', { method: 'POST', headers, body: batch })).status).toBe(403)
})
