import { describe, expect, test } from 'vitest'
import type { Operation, Schema } from '../../../../worker/storage/resources.ts'
import { api, type Caller, NO_SUCH_ID, Z } from '../../../support/management.ts'

const PATH = `${Z}/api_gateway/user_schemas`
const SOURCE = `openapi: 3.0.3
info: { title: Temperatures, version: "1" }
servers: [{ url: https://api.example.com }, { url: https://b.example.com }]
paths:
  /temps:
    get: { responses: { "200": { description: ok } } }
  /temps/{id}:
    parameters: [{ in: path, name: id, required: true, schema: { type: string, format: fahrenheit } }]
    get: { responses: { "200": { description: ok } } }
`

type Uploaded = {
  readonly schema: Schema & { readonly source: string }
  readonly upload_details: {
    readonly warnings: readonly {
      readonly code: number
      readonly message: string
      readonly locations: readonly string[]
    }[]
  }
}

function formOf(members: { readonly [name: string]: string | File }): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(members)) form.set(name, value)
  return form
}

const FILE = new File([SOURCE], 'temperatures.yaml')

function upload(call: Caller, members: { readonly [name: string]: string | File } = {}) {
  const body = formOf({ file: FILE, kind: 'openapi_v3', ...members })
  return call<Uploaded>(`POST ${PATH}`, { body })
}

describe('200', () => {
  test('a file is the document of the newer API, named by itself, and not enabled unless asked', async () => {
    const call = api('user-schemas-create')
    const { result } = await upload(call)
    expect(result.schema).toMatchObject({
      name: 'temperatures.yaml',
      kind: 'openapi_v3',
      validation_enabled: false,
      source: SOURCE,
    })
    const newer = await call<Schema>(
      `GET ${Z}/schema_validation/schemas/${result.schema.schema_id}`,
    )
    expect(newer.result).toEqual(result.schema)
    expect((await call<Schema[]>(`GET ${PATH}?omit_source=true`)).result).toEqual([
      { ...result.schema, source: undefined },
    ])
  })

  test('warnings tell their places', async () => {
    const { result } = await upload(api('user-schemas-warnings'))
    expect(result.upload_details.warnings).toContainEqual({
      code: 2017,
      message: 'A format is not known and is not checked: fahrenheit',
      locations: [expect.stringContaining("$.paths['/temps/{id}']") as string],
    })
  })

  test('enabling saves the operations; both kinds are listed with their document', async () => {
    const call = api('user-schemas-operations')
    const saved = await call<Operation>(`POST ${Z}/api_gateway/operations/item`, {
      body: { method: 'GET', host: 'api.example.com', endpoint: '/temps' },
    })
    const { result } = await upload(call, { name: 'temps' })
    const path = `${PATH}/${result.schema.schema_id}`
    const list = async (query: string) =>
      (await call<(Partial<Operation> & { endpoint: string })[]>(`GET ${path}/operations?${query}`))
        .result
    expect(await list('operation_status=existing')).toEqual([saved.result])
    expect(await list('operation_status=new&host=b.example.com')).toEqual([
      { method: 'GET', host: 'b.example.com', endpoint: '/temps' },
      { method: 'GET', host: 'b.example.com', endpoint: '/temps/{var1}' },
    ])
    expect(await list('')).toHaveLength(4)
    await call(`PATCH ${path}`, { body: { validation_enabled: true } })
    expect(await list('operation_status=new')).toEqual([])
    const [first] = await list('feature=schema_info&endpoint=var1')
    expect(first).toMatchObject({ features: { schema_info: { active_schema: { name: 'temps' } } } })
  })

  test('the hosts of each document', async () => {
    const call = api('user-schemas-hosts')
    const { result } = await upload(call, { name: 'temps' })
    const { schema_id, name, created_at } = result.schema
    expect((await call(`GET ${PATH}/hosts`)).result).toEqual([
      { schema_id, name, created_at, hosts: ['api.example.com', 'b.example.com'] },
    ])
  })

  test('deleting answers without a result', async () => {
    const call = api('user-schemas-delete')
    const { result } = await upload(call)
    const reply = await call(`DELETE ${PATH}/${result.schema.schema_id}`)
    expect(reply).toMatchObject({ status: 200, success: true, errors: [] })
    expect(reply).not.toHaveProperty('result')
    expect((await call(`GET ${PATH}/${result.schema.schema_id}`)).status).toBe(404)
  })
})

describe('400', () => {
  test.each([
    { name: 'an empty file', members: { file: '', name: 't' }, pointer: '/file' },
    { name: 'another kind', members: { kind: 'swagger' }, pointer: '/kind' },
    { name: 'a name too long', members: { name: 'n'.repeat(201) }, pointer: '/name' },
    { name: 'no flag', members: { validation_enabled: 'yes' }, pointer: '/validation_enabled' },
    { name: 'bytes', members: { file: new File([new Uint8Array([0xff])], 'x') }, pointer: '/file' },
    { name: 'no OpenAPI', members: { file: 'openapi: 3.0.3', name: 't' }, pointer: '/file' },
  ])('$name', async ({ members, pointer }) => {
    const reply = await upload(api('user-schemas-refused'), members)
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer).toBe(pointer)
  })

  test('a body that is no form, or a broken one', async () => {
    const call = api('user-schemas-no-form')
    expect((await call(`POST ${PATH}`, { body: {} })).errors[0]?.code).toBe(1001)
    const broken = await call(`POST ${PATH}`, {
      body: 'no part',
      headers: {
        authorization: 'Bearer test-token',
        'content-type': 'multipart/form-data; boundary=x',
      },
    })
    expect(broken.errors[0]?.code).toBe(1001)
  })

  test('an unknown operation_status', async () => {
    const reply = await api('user-schemas-status')(
      `GET ${PATH}/${NO_SUCH_ID}/operations?operation_status=old`,
    )
    expect(reply.status).toBe(400)
  })
})

test.each([`GET ${PATH}/${NO_SUCH_ID}`, `GET ${PATH}/${NO_SUCH_ID}/operations`])(
  '404 %s',
  async (line) => {
    expect((await api('user-schemas-nothing')(line)).status).toBe(404)
  },
)
