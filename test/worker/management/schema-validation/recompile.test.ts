/** After a new release: what an older one compiled comes back to life from its text, and is never misread meanwhile. */
import { SELF } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { operationId } from '#engines/paths'
import { recompileSchemas } from '../../../../worker/management/schema-validation/recompile.ts'
import type { Put } from '../../../../worker/storage/ports.ts'
import { portsOf } from '../../../support/management.ts'
import { commit } from '../../gateway/zone.ts'

const SOURCE = JSON.stringify({
  openapi: '3.1.0',
  info: { title: 'temperatures', version: '1' },
  servers: [{ url: 'https://old.example' }],
  paths: {
    '/temps': {
      post: {
        requestBody: {
          required: true,
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Temperature' } } },
        },
        responses: { 200: { description: '' } },
      },
    },
  },
  components: { schemas: { Temperature: { type: 'integer' } } },
})

/** A document as a release stored it that knew no parts. */
async function olderSchema(id: string, source = SOURCE): Promise<readonly Put[]> {
  const place = { method: 'POST', host: 'old.example', endpoint: '/temps' }
  const operation_id = await operationId(place)
  const created_at = '2026-01-01T00:00:00.000Z'
  const known = { schema_id: id, created_at, validation_enabled: true }
  const profile = {
    ...known,
    operation_keys: { [operation_id]: 'POST /temps' },
    profile: { operations: { 'POST /temps': { path_variables: [] } }, schemas: {} },
  }
  return [
    { collection: 'schema', id, body: { ...known, name: id, kind: 'openapi_v3' } },
    { collection: 'schema_source', id, body: { schema_id: id, source } },
    { collection: 'schema_profile', id, body: profile as never },
    {
      collection: 'operation',
      id: operation_id,
      body: { operation_id, ...place, last_updated: created_at },
    },
    {
      collection: 'operation_setting',
      id: operation_id,
      body: { operation_id, mitigation_action: 'block' },
    },
  ]
}

function portsWith(name: string) {
  const ports = portsOf(name)
  const put = async (puts: readonly Put[]) => {
    const { version } = await ports.zone.read({})
    await ports.zone.commit({ basedOn: version, puts, deletes: [], actor: 'test', action: 'test' })
  }
  return { ports, put }
}

test('an older document is compiled anew, once', async () => {
  const { ports, put } = portsWith('recompile')
  await put(await olderSchema('s'))
  await recompileSchemas(ports)
  const { documents, version } = await ports.zone.read({ schema_profile: ['s'] })
  const [profile] = documents.schema_profile
  expect(profile).toMatchObject({
    format: 1,
    validation_enabled: true,
    // One of requests, one of responses.
    parts: [expect.any(String), expect.any(String)],
  })
  expect(profile).not.toHaveProperty('profile')
  expect(await ports.zone.count('schema_profile_part')).toBe(2)
  expect((await ports.zone.audit(1))[0]).toMatchObject({
    actor: 'portcullis',
    action: 'schema_validation.schemas.recompile',
  })
  await recompileSchemas(ports)
  expect((await ports.zone.read({})).version).toBe(version)
})

test('one that does not compile any more is named, keeps no other from its turn and stays outdated', async () => {
  const { ports, put } = portsWith('recompile-broken')
  await put([...(await olderSchema('a', 'no document')), ...(await olderSchema('b'))])
  await expect(recompileSchemas(ports)).rejects.toThrow(/schemas do not compile: a: /)
  const { documents } = await ports.zone.read({ schema_profile: 'all' })
  expect(documents.schema_profile.map(({ format }) => format)).toEqual([undefined, 1])
})

async function post(body: string) {
  const rayId = crypto.randomUUID()
  const headers = { 'content-type': 'application/json', 'cf-ray': rayId }
  const response = await SELF.fetch('https://old.example/temps', { method: 'POST', headers, body })
  await response.arrayBuffer()
  return response.status
}

test('an operation of an older document is judged by it again as soon as it is in force', async () => {
  await commit(await olderSchema('s'))
  expect([await post('1'), await post('"x"')]).toEqual([200, 403])
})

test('an operation whose document does not compile any more is stopped, not let through', async () => {
  await commit(await olderSchema('s', 'no document'))
  expect([await post('1'), await post('"x"')]).toEqual([503, 503])
})
