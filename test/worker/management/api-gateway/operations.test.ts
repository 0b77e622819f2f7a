import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Operation } from '../../../../worker/storage/resources.ts'
import { api, NO_SUCH_ID, Z } from '../../../support/management.ts'

const OPERATIONS = `${Z}/api_gateway/operations`
const triple = (method: string, endpoint: string, host = 'api.example.com') => ({
  method,
  host,
  endpoint,
})

describe('200', () => {
  test('an operation is created in its canonical spelling', async () => {
    const call = api('operations-create')
    const created = await call<Operation>(`POST ${OPERATIONS}/item`, {
      body: triple('GET', '/users/{id}/./posts/%7euser/{post}', 'API.example.com:8443'),
    })
    expect(created.result).toMatchObject({
      operation_id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-5/),
      method: 'GET',
      host: 'api.example.com',
      endpoint: '/users/{var1}/posts/~user/{var2}',
    })
    const read = await call(`GET ${OPERATIONS}/${created.result.operation_id}`)
    expect(read.result).toEqual(created.result)
  })

  test('creating it again answers with the one that is there', async () => {
    const call = api('operations-again')
    const first = await call(`POST ${OPERATIONS}/item`, { body: triple('GET', '/users/{id}') })
    const again = await call(`POST ${OPERATIONS}/item`, { body: triple('GET', '/users/{other}') })
    expect(again.result).toEqual(first.result)
    expect((await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result).toHaveLength(1)
  })

  test('many are created in one call and answered in their order', async () => {
    const call = api('operations-bulk')
    await call(`POST ${OPERATIONS}/item`, { body: triple('GET', '/b') })
    const body = [
      triple('GET', '/c'),
      triple('GET', '/b'),
      triple('GET', '/a'),
      triple('GET', '/c'),
    ]
    const created = await call<Operation[]>(`POST ${OPERATIONS}`, { body })
    expect(created.result.map(({ endpoint }) => endpoint)).toEqual(['/c', '/b', '/a', '/c'])
    const list = await call<Operation[]>(`GET ${OPERATIONS}`)
    expect(list.result.map(({ endpoint }) => endpoint)).toEqual(['/b', '/c', '/a'])
  })

  test.each([
    ['everything in the order of creation', '', ['/b', '/a', '/c/{var1}', '/a']],
    ['one method', 'method=POST', ['/a']],
    ['several methods', 'method=POST&method=PUT', ['/a', '/c/{var1}']],
    ['one host', 'host=other.example.com', ['/a']],
    ['a part of the endpoint', 'endpoint=c/', ['/c/{var1}']],
    ['ordered by endpoint', 'order=endpoint', ['/a', '/a', '/b', '/c/{var1}']],
    [
      'ordered by endpoint, backwards',
      'order=endpoint&direction=desc',
      ['/c/{var1}', '/b', '/a', '/a'],
    ],
    ['ordered by method', 'order=method', ['/b', '/a', '/a', '/c/{var1}']],
    ['ordered by a feature nobody has', 'order=thresholds.p99', ['/b', '/a', '/c/{var1}', '/a']],
    ['the second page', 'page=2&per_page=3', ['/a']],
    ['a page past the end', 'page=3&per_page=3', []],
    [
      'as many as a page may hold',
      `per_page=${LIMITS.perPageMax}`,
      ['/b', '/a', '/c/{var1}', '/a'],
    ],
    ['with features', 'feature=thresholds&feature=schema_info', ['/b', '/a', '/c/{var1}', '/a']],
  ])('the list filters and orders: %s', async (_name, query, endpoints) => {
    const call = api('operations-list')
    await call(`POST ${OPERATIONS}`, {
      body: [
        triple('GET', '/b'),
        triple('POST', '/a'),
        triple('PUT', '/c/{id}'),
        triple('GET', '/a', 'other.example.com'),
      ],
    })
    const list = await call<Operation[]>(`GET ${OPERATIONS}?${query}`)
    expect(list.status).toBe(200)
    expect(list.result.map(({ endpoint }) => endpoint)).toEqual(endpoints)
  })

  test('the list counts', async () => {
    const call = api('operations-count')
    await call(`POST ${OPERATIONS}`, { body: [1, 2, 3].map((n) => triple('GET', `/${n}`)) })
    const list = await call(`GET ${OPERATIONS}?page=2&per_page=2`)
    expect(list.result_info).toEqual({
      page: 2,
      per_page: 2,
      count: 1,
      total_count: 3,
      total_pages: 2,
    })
  })

  test('deletion takes the setting along and answers without a result', async () => {
    const call = api('operations-delete')
    const { result } = await call<Operation>(`POST ${OPERATIONS}/item`, {
      body: triple('GET', '/a'),
    })
    const setting = `${Z}/schema_validation/settings/operations/${result.operation_id}`
    await call(`PUT ${setting}`, { body: { mitigation_action: 'block' } })
    const deleted = await call(`DELETE ${OPERATIONS}/${result.operation_id}`)
    expect(deleted).toMatchObject({ status: 200, success: true, errors: [], messages: [] })
    expect('result' in deleted).toBe(false)
    expect((await call(`GET ${OPERATIONS}/${result.operation_id}`)).status).toBe(404)
    expect((await call(`GET ${setting}`)).status).toBe(404)
  })

  test('many are deleted by their ids, in either spelling', async () => {
    const call = api('operations-bulk-delete')
    const { result } = await call<Operation[]>(`POST ${OPERATIONS}`, {
      body: [1, 2, 3].map((n) => triple('GET', `/${n}`)),
    })
    const [first, second] = result.map(({ operation_id }) => operation_id)
    const body = [first, { operation_id: second }, NO_SUCH_ID]
    expect((await call(`DELETE ${OPERATIONS}`, { body })).status).toBe(200)
    const list = await call<Operation[]>(`GET ${OPERATIONS}`)
    expect(list.result.map(({ endpoint }) => endpoint)).toEqual(['/3'])
  })

  test('schema_info tells which document is in force and the own action', async () => {
    const call = api('operations-info')
    const source = JSON.stringify({
      openapi: '3.0.3',
      info: { title: 't', version: '1' },
      servers: [{ url: 'https://api.example.com' }],
      paths: { '/a': { get: { responses: { 200: { description: 'ok' } } } } },
    })
    const schema = await call<{ schema_id: string; created_at: string }>(
      `POST ${Z}/schema_validation/schemas`,
      { body: { kind: 'openapi_v3', name: 'the schema', source, validation_enabled: true } },
    )
    const list = await call<(Operation & { features: unknown })[]>(
      `GET ${OPERATIONS}?feature=schema_info`,
    )
    expect(list.result[0]?.features).toEqual({
      schema_info: {
        active_schema: {
          id: schema.result.schema_id,
          name: 'the schema',
          created_at: schema.result.created_at,
        },
        mitigation_action: null,
      },
    })
    expect((await call<Operation>(`GET ${OPERATIONS}`)).result).not.toHaveProperty('0.features')
  })
})

describe('400', () => {
  const call = api('operations-400')

  test.each([
    ['an unknown method', triple('LIST', '/a'), '/method'],
    ['a method in lower case', triple('get', '/a'), '/method'],
    ['an endpoint without a slash', triple('GET', 'a'), '/endpoint'],
    ['an open brace', triple('GET', '/a/{b'), '/endpoint'],
    ['a query', triple('GET', '/a?b=c'), '/endpoint'],
    ['half a host variable', triple('GET', '/a', 'foo-{x}.example.com'), '/host'],
    ['an empty host', triple('GET', '/a', ''), '/host'],
    ['a missing member', { method: 'GET', host: 'a.example' }, '/endpoint'],
  ])('%s is refused with its place', async (_name, body, pointer) => {
    const one = await call(`POST ${OPERATIONS}/item`, { body })
    expect(one).toMatchObject({ status: 400, success: false })
    expect(one.errors.map(({ source }) => source?.pointer)).toEqual([pointer])
    const many = await call(`POST ${OPERATIONS}`, { body: [triple('GET', '/fine'), body] })
    expect(many.errors.map(({ source }) => source?.pointer)).toEqual([`/1${pointer}`])
    expect((await call<unknown[]>(`GET ${OPERATIONS}`)).result).toEqual([])
  })

  test.each([
    ['a bulk deletion without ids', `DELETE ${OPERATIONS}`, undefined],
    ['a bulk deletion of nothing', `DELETE ${OPERATIONS}`, []],
    ['a bulk creation of nothing', `POST ${OPERATIONS}`, []],
    ['an unknown feature', `GET ${OPERATIONS}?feature=magic`, undefined],
    ['an unknown order', `GET ${OPERATIONS}?order=colour`, undefined],
    ['an unknown direction', `GET ${OPERATIONS}?direction=up`, undefined],
    ['page 0', `GET ${OPERATIONS}?page=0`, undefined],
    ['a page that is no number', `GET ${OPERATIONS}?page=1e1`, undefined],
    ['per_page 0', `GET ${OPERATIONS}?per_page=0`, undefined],
    ['per_page above the bound', `GET ${OPERATIONS}?per_page=${LIMITS.perPageMax + 1}`, undefined],
  ])('%s is refused', async (_name, line, body) => {
    const reply = await call(line, { body })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]?.message).not.toBe('')
  })

  test.each([
    ['at', LIMITS.bulkOperationsMax, 200],
    ['above', LIMITS.bulkOperationsMax + 1, 400],
  ])('a bulk call %s the bound', async (name, count, status) => {
    const bulk = api(`operations-bulk-${name}`)
    const body = Array.from({ length: count }, () => triple('GET', '/same'))
    expect((await bulk(`POST ${OPERATIONS}`, { body })).status).toBe(status)
  })
})

describe('404', () => {
  test.each(['GET', 'DELETE'])('%s of an operation that is not there', async (method) => {
    const reply = await api('operations-404')(`${method} ${OPERATIONS}/${NO_SUCH_ID}`)
    expect(reply).toMatchObject({ status: 404, success: false })
  })
})
