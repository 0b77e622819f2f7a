import { describe, expect, test } from 'vitest'
import { api, NO_SUCH_ID, Z } from '../../../../support/management.ts'

const PATH = `${Z}/portcullis/graphql/settings`
const DEFAULTS = {
  endpoints: [],
  depth_counts_root: false,
  unparsed_action: null,
  persisted_queries: 'off',
  variables: { bytes_max: 131_072, depth_max: 64 },
}
const OTHERS = {
  endpoints: [{ host: 'api.example', path: '/graphql' }],
  depth_counts_root: true,
  unparsed_action: 'log',
  persisted_queries: 'only',
  variables: { bytes_max: 100, depth_max: 10 },
}

describe('200', () => {
  test('before anybody says something', async () => {
    expect((await api('graphql-none')(`GET ${PATH}`)).result).toEqual(DEFAULTS)
  })

  test.each([
    ['PUT', OTHERS, OTHERS],
    ['PUT', {}, DEFAULTS],
    ['PUT', { unparsed_action: 'block' }, { ...DEFAULTS, unparsed_action: 'block' }],
    ['PATCH', {}, OTHERS],
    ['PATCH', { unparsed_action: null }, { ...OTHERS, unparsed_action: null }],
    ['PATCH', { endpoints: [] }, { ...OTHERS, endpoints: [] }],
    [
      'PATCH',
      { variables: { depth_max: 3 } },
      { ...OTHERS, variables: { bytes_max: 100, depth_max: 3 } },
    ],
    [
      'PATCH',
      { endpoints: [{ host: 'API.example', path: '/%67raphql/{x}' }] },
      { ...OTHERS, endpoints: [{ host: 'api.example', path: '/graphql/{x}' }] },
    ],
  ])('%s of %j replaces or changes what is there', async (method, body, expected) => {
    const call = api(`graphql-${method}-${JSON.stringify(body)}`)
    await call(`PUT ${PATH}`, { body: OTHERS })
    expect(await call(`${method} ${PATH}`, { body })).toMatchObject({ status: 200 })
    expect((await call(`GET ${PATH}`)).result).toMatchObject({
      ...expected,
      endpoints: expect.anything(),
    })
    const { result } = await call<typeof OTHERS>(`GET ${PATH}`)
    expect(result.endpoints).toHaveLength(expected.endpoints.length)
    expect(result.endpoints[0]?.host).toBe(expected.endpoints[0]?.host)
  })

  test('an operation is named by its id, and its place stays when it is gone', async () => {
    const call = api('graphql-operation')
    const { result } = await call<{ operation_id: string }>(
      `POST ${Z}/api_gateway/operations/item`,
      {
        body: { method: 'POST', host: 'api.example', endpoint: '/graphql' },
      },
    )
    const endpoints = [{ operation_id: result.operation_id }]
    const reply = await call(`PATCH ${PATH}`, { body: { endpoints } })
    const place = { host: 'api.example', path: '/graphql' }
    expect(reply.result).toEqual({ ...DEFAULTS, endpoints: [{ ...place, ...endpoints[0] }] })
    expect((await call(`PUT ${PATH}`, { body: reply.result })).result).toEqual(reply.result)
    await call(`DELETE ${Z}/api_gateway/operations/${result.operation_id}`)
    expect((await call(`GET ${PATH}`)).result).toEqual(reply.result)
    const again = await call(`PUT ${PATH}`, { body: reply.result })
    expect(again.result).toEqual({ ...DEFAULTS, endpoints: [place] })
  })

  test.each([0, 131_072])('%i bytes of variables are a bound', async (bytes_max) => {
    const body = { variables: { bytes_max } }
    expect((await api('graphql-bounds')(`PUT ${PATH}`, { body })).status).toBe(200)
  })
})

describe('400', () => {
  test.each([
    [{ unparsed_action: 'shout' }, '/unparsed_action'],
    [{ persisted_queries: 'on' }, '/persisted_queries'],
    [{ endpoints: [{ host: 'a b', path: '/graphql' }] }, '/endpoints/0/host'],
    [{ endpoints: [{ host: 'a.example', path: 'graphql' }] }, '/endpoints/0/path'],
    [{ endpoints: [{ operation_id: NO_SUCH_ID }] }, '/endpoints/0/operation_id'],
    [{ endpoints: [{}] }, '/endpoints/0'],
    [{ endpoints: [{ host: 'a.example' }] }, '/endpoints/0'],
    [{ endpoints: [{ host: 'a.example', path: '/', method: 'POST' }] }, '/endpoints/0'],
    [{ variables: { bytes_max: -1 } }, '/variables/bytes_max'],
    [{ variables: { bytes_max: 131_073 } }, '/variables/bytes_max'],
    [{ variables: { depth_max: 2 } }, '/variables/depth_max'],
    [{ variables: { depth_max: 65 } }, '/variables/depth_max'],
    [{ unparsed: 'block' }, ''],
    [{ endpoints: Array.from({ length: 101 }, () => OTHERS.endpoints[0]) }, '/endpoints'],
  ])('%j', async (body, pointer) => {
    const reply = await api('graphql-400')(`PUT ${PATH}`, { body })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.source?.pointer ?? '').toBe(pointer)
  })
})

test('405', async () => {
  expect((await api('graphql-405')(`DELETE ${PATH}`)).status).toBe(405)
})
