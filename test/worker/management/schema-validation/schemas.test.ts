import { describe, expect, test } from 'vitest'
import type { Operation, Schema } from '../../../../worker/storage/resources.ts'
import { api, type Caller, NO_SUCH_ID, Z } from '../../../support/management.ts'

const PATH = `${Z}/schema_validation/schemas`
const RESPONSES = 'responses: { "200": { description: ok } }'
const SOURCE = `openapi: 3.0.3
info: { title: Temperatures, version: "1" }
servers:
  - url: https://API.example.com/v1
  - url: https://localhost:8443/v1
paths:
  /temps:
    get: { ${RESPONSES} }
  /temps/{id}:
    parameters: [{ in: path, name: id, required: true, schema: { type: string } }]
    get: { ${RESPONSES} }
`

type Shown = Schema & { readonly source?: string }

async function upload(call: Caller, more: object = {}) {
  const body = {
    kind: 'openapi_v3',
    name: 'temps',
    source: SOURCE,
    validation_enabled: true,
    ...more,
  }
  return call<Shown>(`POST ${PATH}`, { body })
}

async function endpoints(call: Caller): Promise<string[]> {
  const { result } = await call<Operation[]>(`GET ${Z}/api_gateway/operations?per_page=50`)
  return result.map(({ method, host, endpoint }) => `${method} ${host}${endpoint}`)
}

describe('200', () => {
  test('an enabled document saves its operations', async () => {
    const call = api('schemas-enabled')
    await call(`POST ${Z}/api_gateway/operations/item`, {
      body: { method: 'GET', host: 'localhost', endpoint: '/v1/temps' },
    })
    const created = await upload(call)
    expect(created).toMatchObject({
      status: 200,
      result: { kind: 'openapi_v3', name: 'temps', source: SOURCE, validation_enabled: true },
    })
    expect(await endpoints(call)).toEqual([
      'GET localhost/v1/temps',
      'GET api.example.com/v1/temps',
      'GET api.example.com/v1/temps/{var1}',
      'GET localhost/v1/temps/{var1}',
    ])
    expect((await call(`GET ${PATH}/${created.result.schema_id}`)).result).toEqual(created.result)
  })

  test('one that is not enabled saves them when it becomes so', async () => {
    const call = api('schemas-later')
    const { result } = await upload(call, { validation_enabled: false })
    expect(await endpoints(call)).toEqual([])
    const edited = await call<Shown>(`PATCH ${PATH}/${result.schema_id}`, {
      body: { validation_enabled: true },
    })
    expect(edited.result).toEqual({ ...result, validation_enabled: true })
    expect(await endpoints(call)).toHaveLength(4)
  })

  test('disabling keeps the operations', async () => {
    const call = api('schemas-disable')
    const { result } = await upload(call)
    const edited = await call<Shown>(`PATCH ${PATH}/${result.schema_id}`, {
      body: { validation_enabled: false },
    })
    expect(edited.result.validation_enabled).toBe(false)
    expect(await endpoints(call)).toHaveLength(4)
  })

  test('PATCH of nothing changes nothing', async () => {
    const call = api('schemas-patch-nothing')
    const { result } = await upload(call)
    expect((await call(`PATCH ${PATH}/${result.schema_id}`, { body: {} })).result).toEqual(result)
  })

  test('the list filters, and leaves the text out when asked', async () => {
    const call = api('schemas-list')
    const first = await upload(call, { name: 'first' })
    const second = await upload(call, { name: 'second', validation_enabled: false })
    const names = async (query: string) =>
      (await call<Shown[]>(`GET ${PATH}?${query}`)).result.map(({ name }) => name)
    expect(await names('')).toEqual(['first', 'second'])
    expect(await names('validation_enabled=true')).toEqual(['first'])
    expect(await names('validation_enabled=false')).toEqual(['second'])
    expect(await names('page=2')).toEqual([])
    expect((await call<Shown[]>(`GET ${PATH}`)).result).toEqual([first.result, second.result])
    const bare = await call<Shown[]>(`GET ${PATH}?omit_source=true`)
    expect(bare.result.map(({ source }) => source)).toEqual([undefined, undefined])
    const one = await call<Shown>(`GET ${PATH}/${first.result.schema_id}?omit_source=true`)
    expect(one.result.source).toBeUndefined()
  })

  test('what is not used is said in messages', async () => {
    const source =
      'openapi: 3.0.3\ninfo: { title: t, version: "1" }\npaths: {}\nservers: [{ url: /v1 }]\n'
    const withPath = source.replace('{}', `{ /a: { get: { ${RESPONSES} } } }`)
    const reply = await upload(api('schemas-warning'), { source: withPath })
    expect(reply.status).toBe(200)
    expect(reply.messages).toContainEqual({
      code: 1902,
      message: expect.stringContaining('relative'),
    })
  })

  test('deletion keeps the operations', async () => {
    const call = api('schemas-delete')
    const { result } = await upload(call)
    const path = `${PATH}/${result.schema_id}`
    expect((await call(`DELETE ${path}`)).result).toEqual({ schema_id: result.schema_id })
    expect((await call(`GET ${path}`)).status).toBe(404)
    expect(await endpoints(call)).toHaveLength(4)
  })
})

describe('400', () => {
  test.each([
    ['no OpenAPI', 'just text'],
    ['Swagger 1', 'swagger: "1.2"\ninfo: { title: t, version: "1" }\npaths: {}\n'],
    ['broken YAML', 'openapi: ['],
  ])('%s is refused with its place', async (_name, source) => {
    const call = api('schemas-400')
    const reply = await upload(call, { source })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]).toMatchObject({ code: 1201, source: { pointer: '/source' } })
    expect(reply.errors[0]?.message).toMatch(/line \d+, column \d+|\$/)
    expect((await call(`GET ${PATH}`)).result).toEqual([])
  })

  test.each([
    ['another kind', { kind: 'openapi_v2' }, '/kind'],
    ['no name', { name: '' }, '/name'],
    ['enabled as text', { validation_enabled: 'true' }, '/validation_enabled'],
  ])('%s', async (_name, more, pointer) => {
    const reply = await upload(api('schemas-400'), more)
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual([pointer])
  })
})

describe('404', () => {
  test.each(['GET', 'PATCH', 'DELETE'])('%s of a document that is not there', async (method) => {
    const options = method === 'PATCH' ? { body: {} } : {}
    expect((await api('schemas-404')(`${method} ${PATH}/${NO_SUCH_ID}`, options)).status).toBe(404)
  })
})
