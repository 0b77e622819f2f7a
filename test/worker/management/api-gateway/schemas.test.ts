import { expect, test } from 'vitest'
import { readDocument } from '#engines/openapi'
import { api, Z } from '../../../support/management.ts'

const PATH = `${Z}/api_gateway/schemas`

type Listed = { readonly schemas: readonly object[]; readonly timestamp: string }

test('200: one OpenAPI document a host, which the shield itself would take', async () => {
  const call = api('operation-schemas')
  await call(`POST ${Z}/api_gateway/operations`, {
    body: [
      { method: 'GET', host: 'a.example.com', endpoint: '/temps/{id}' },
      { method: 'DELETE', host: 'a.example.com', endpoint: '/temps/{id}' },
      { method: 'CONNECT', host: 'a.example.com', endpoint: '/tunnel' },
      { method: 'GET', host: 'b.example.com', endpoint: '/' },
    ],
  })
  const { result } = await call<Listed>(`GET ${PATH}?feature=schema_info`)
  expect(result.schemas).toHaveLength(2)
  expect(result.schemas[0]).toMatchObject({
    openapi: '3.0.0',
    servers: [{ url: 'https://a.example.com' }],
    paths: {
      '/temps/{var1}': {
        get: { parameters: [{ in: 'path', name: 'var1', required: true }] },
        delete: {},
      },
    },
  })
  for (const schema of result.schemas) expect(readDocument(JSON.stringify(schema)).ok).toBe(true)
  expect(Number.isNaN(Date.parse(result.timestamp))).toBe(false)
  const ofHost = await call<Listed>(`GET ${PATH}?host=B.example.com&include_schema_kind=learned`)
  expect(ofHost.result.schemas).toHaveLength(1)
})

test.each(['feature=everything', 'include_schema_kind=uploaded'])('400: %s', async (query) => {
  expect((await api('operation-schemas-400')(`GET ${PATH}?${query}`)).status).toBe(400)
})
