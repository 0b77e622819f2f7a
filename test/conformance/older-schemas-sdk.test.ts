/** The older schema API of the official SDK against the shield on the local edge, held against Cloudflare's description. */
import { type Cloudflare, NotFoundError, toFile } from 'cloudflare'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { startShield } from '../support/shield.ts'
import { requireContract } from './management-contract.ts'
import { all, checkExchanges, recordingClient, type Recording } from './recording.ts'

const SOURCE = JSON.stringify({
  openapi: '3.0.3',
  info: { title: 't', version: '1' },
  servers: [{ url: 'https://api.example.com' }],
  paths: {
    '/temps': { get: { responses: { 200: { description: 'ok' } } } },
    '/temps/{id}': {
      get: {
        parameters: [{ in: 'path', name: 'id', required: true, schema: { type: 'string' } }],
        responses: { 200: { description: 'ok' } },
      },
    },
  },
})

let edge: Edge
let recording: Recording
let client: Cloudflare
let zone_id: string

beforeAll(async () => {
  edge = (await startShield({ originUrl: 'http://origin.invalid' })).edge
  zone_id = edge.zoneId
  recording = recordingClient(edge)
  client = recording.client
})

afterAll(async () => {
  await edge?.stop()
})

test('userSchemas: create, list, get, edit, delete, operations.list, hosts.list', async () => {
  const { userSchemas } = client.apiGateway
  const { schema, upload_details } = await userSchemas.create({
    zone_id,
    file: await toFile(Buffer.from(SOURCE), 'temps.json'),
    kind: 'openapi_v3',
    name: 'temps',
    validation_enabled: 'false',
  })
  expect(schema).toMatchObject({ name: 'temps', source: SOURCE, validation_enabled: false })
  expect(upload_details).toEqual({ warnings: [] })
  expect(await all(userSchemas.list({ zone_id, per_page: 1 }))).toEqual([schema])
  const bare = await userSchemas.get(schema.schema_id, { zone_id, omit_source: true })
  expect(bare).not.toHaveProperty('source')

  const { operations, hosts } = userSchemas
  const fresh = await all(
    operations.list(schema.schema_id, { zone_id, operation_status: 'new', per_page: 1 }),
  )
  expect(fresh).toEqual([
    { method: 'GET', host: 'api.example.com', endpoint: '/temps' },
    { method: 'GET', host: 'api.example.com', endpoint: '/temps/{var1}' },
  ])
  const enabled = await userSchemas.edit(schema.schema_id, { zone_id, validation_enabled: true })
  expect(enabled).toEqual({ ...schema, validation_enabled: true })
  const existing = await all(
    operations.list(schema.schema_id, {
      zone_id,
      operation_status: 'existing',
      feature: ['schema_info'],
      method: ['GET'],
      host: ['api.example.com'],
    }),
  )
  expect(existing).toHaveLength(2)
  expect(existing[0]).toMatchObject({
    features: { schema_info: { active_schema: { id: schema.schema_id } } },
  })
  expect(await all(hosts.list({ zone_id }))).toMatchObject([
    { schema_id: schema.schema_id, name: 'temps', hosts: ['api.example.com'] },
  ])
  const deleted = await userSchemas.delete(schema.schema_id, { zone_id })
  expect(deleted).toMatchObject({ success: true })
  await expect(userSchemas.get(schema.schema_id, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
})

test('settings.schemaValidation: get, update, edit give the bare object', async () => {
  const { schemaValidation } = client.apiGateway.settings
  expect(await schemaValidation.get({ zone_id })).toMatchObject({
    validation_default_mitigation_action: 'none',
    validation_override_mitigation_action: null,
  })
  const updated = await schemaValidation.update({
    zone_id,
    validation_default_mitigation_action: 'block',
    validation_override_mitigation_action: 'none',
  })
  expect(updated).toMatchObject({ validation_override_mitigation_action: 'none' })
  const edited = await schemaValidation.edit({
    zone_id,
    validation_override_mitigation_action: 'disable_override',
  })
  expect(edited).toMatchObject({
    validation_default_mitigation_action: 'block',
    validation_override_mitigation_action: null,
  })
})

test('operations.schemaValidation: get, update, edit', async () => {
  const { operations } = client.apiGateway
  const { operation_id } = await operations.create({
    zone_id,
    method: 'GET',
    host: 'api.example.com',
    endpoint: '/actions',
  })
  const { schemaValidation } = operations
  expect(await schemaValidation.get(operation_id, { zone_id })).toMatchObject({
    operation_id,
    mitigation_action: null,
  })
  const updated = await schemaValidation.update(operation_id, { zone_id, mitigation_action: 'log' })
  expect(updated).toMatchObject({ operation_id, mitigation_action: 'log' })
  const edited = await schemaValidation.edit({
    zone_id,
    settings_multiple_request: { [operation_id]: { mitigation_action: 'block' } },
  })
  expect(edited).toMatchObject({ [operation_id]: { mitigation_action: 'block' } })
})

test('schemas.list and expressionTemplate.fallthrough.create', async () => {
  const listed = await client.apiGateway.schemas.list({ zone_id, host: ['api.example.com'] })
  expect(listed.schemas).toHaveLength(1)
  const { fallthrough } = client.apiGateway.expressionTemplate
  const { expression } = await fallthrough.create({ zone_id, hosts: ['api.example.com'] })
  expect(expression).toBe(
    '(cf.api_gateway.fallthrough_detected and http.host in {"api.example.com"})',
  )
})

test("every answer fits Cloudflare's own description", (context) => {
  const contract = requireContract(context)
  // The description is older than `hosts`, and would take it for the id of a schema.
  const described = recording.exchanges.filter(({ path }) => !path.endsWith('/hosts'))
  const { coveredCount, wrong } = checkExchanges(contract, described)
  expect(wrong).toEqual([])
  expect(coveredCount).toBeGreaterThan(12)
})
