import { describe, expect, test } from 'vitest'
import { api, Z } from '../../../../support/management.ts'

const PATH = `${Z}/portcullis/graphql/schema`
const SCHEMA =
  'type Query { users(first: Int): [User] @listSize(slicingArguments: ["first"]) } type User { name: String }'

describe('200', () => {
  test('a schema is replaced, shown and taken away', async () => {
    const call = api('graphql-schema')
    const first = await call(`PUT ${PATH}`, {
      body: { schema: 'type Query { a: Int }', mutation_cost: 0 },
    })
    expect(first).toMatchObject({
      status: 200,
      result: { default_list_size: 10, mutation_cost: 0 },
    })
    const body = { schema: SCHEMA, default_list_size: 3 }
    const second = await call(`PUT ${PATH}`, { body })
    expect(second.result).toMatchObject({ ...body, mutation_cost: 10 })
    expect((await call(`GET ${PATH}`)).result).toEqual(second.result)
    expect((await call(`DELETE ${PATH}`)).status).toBe(200)
    expect((await call(`GET ${PATH}`)).status).toBe(404)
  })
})

describe('400', () => {
  test.each([
    [{}, '/schema', /required/],
    [{ schema: '' }, '/schema', /at least 1/],
    [{ schema: 'x'.repeat(2_000_001) }, '/schema', /at most 2000000/],
    [{ schema: 'type Query {\n  a: ? }' }, '/schema', /^Line 2, column 6: /],
    [{ schema: SCHEMA, default_list_size: -1 }, '/default_list_size', /at least 0/],
    [{ schema: SCHEMA, default_list_size: 1_000_001 }, '/default_list_size', /at most/],
    [{ schema: SCHEMA, list_size: 1 }, '', /Not known here/],
  ])('%#', async (body, pointer, message) => {
    const reply = await api('graphql-schema-400')(`PUT ${PATH}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer ?? '').toBe(pointer)
    expect(reply.errors[0]?.message).toMatch(message)
  })
})

describe('404', () => {
  test.each(['GET', 'DELETE'])('%s of none', async (method) => {
    expect((await api('graphql-schema-404')(`${method} ${PATH}`)).status).toBe(404)
  })
})
