/**
 * The official SDK, with only `baseURL` changed, against the shield on the local edge. Every answer it gets is held
 * against Cloudflare's own description of that call.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import Cloudflare, { AuthenticationError, BadRequestError, NotFoundError } from 'cloudflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { startShield } from '../support/shield.ts'
import { loadContract, requireContract } from './management-contract.ts'
import { all, checkExchanges, recordingClient, type Recording } from './recording.ts'

const CSR = readFileSync(
  join(import.meta.dirname, '../vectors/x509/requests/cfssl-ecdsa-256.pem'),
  'utf8',
)

const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000'

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

const operation = (n: number) =>
  ({ method: 'GET', host: 'api.example.com', endpoint: `/things/${n}/{id}` }) as const

describe('who may call', () => {
  test('a token, or an e-mail and a key', async () => {
    expect(await client.user.tokens.verify()).toMatchObject({ status: 'active' })
    const byKey = new Cloudflare({
      ...recording.options,
      apiToken: null,
      apiEmail: 'a@example.com',
      apiKey: edge.apiToken,
    })
    expect(await byKey.user.tokens.verify()).toMatchObject({ status: 'active' })
    expect(await client.zones.get({ zone_id })).toMatchObject({ id: zone_id })
  })

  test('nobody else', async () => {
    const stranger = new Cloudflare({ ...recording.options, apiToken: 'wrong' })
    await expect(stranger.user.tokens.verify()).rejects.toBeInstanceOf(AuthenticationError)
    await expect(stranger.user.tokens.verify()).rejects.toMatchObject({
      status: 401,
      errors: [{ code: 10000 }],
    })
  })
})

describe('apiGateway', () => {
  test('operations: create, bulkCreate, list, get, delete, bulkDelete', async () => {
    const { operations } = client.apiGateway
    const created = await operations.create({ zone_id, ...operation(0) })
    expect(created).toMatchObject({ method: 'GET', endpoint: '/things/0/{var1}' })
    const body = Array.from({ length: 7 }, (_, n) => operation(n))
    const bulk = await all(operations.bulkCreate({ zone_id, body }))
    expect(bulk.map(({ endpoint }) => endpoint)).toEqual(body.map((_, n) => `/things/${n}/{var1}`))
    expect(bulk[0]).toEqual(created)

    const listed = await all(
      operations.list({ zone_id, per_page: 3, order: 'endpoint', direction: 'desc' }),
    )
    expect(listed.map(({ operation_id }) => operation_id)).toEqual(
      bulk.map(({ operation_id }) => operation_id).toReversed(),
    )
    const shown = await operations.get(created.operation_id, {
      zone_id,
      feature: ['schema_info', 'thresholds'],
      with_schemas: true,
    })
    expect(shown.features).toEqual({ schema_info: { mitigation_action: null } })
    const filtered = await all(
      operations.list({
        zone_id,
        host: ['api.example.com', 'other.example'],
        method: ['GET'],
        endpoint: '/3/',
      }),
    )
    expect(filtered).toEqual([bulk[3]])

    expect(await operations.delete(created.operation_id, { zone_id })).toMatchObject({
      success: true,
    })
    await expect(operations.bulkDelete({ zone_id })).rejects.toBeInstanceOf(BadRequestError)
    const ids = bulk.slice(1).map(({ operation_id }) => ({ operation_id }))
    expect(await operations.bulkDelete({ zone_id }, { body: ids })).toMatchObject({ success: true })
    expect(await all(operations.list({ zone_id }))).toEqual([])
  })

  test('configurations: get, update', async () => {
    const { configurations } = client.apiGateway
    expect(await configurations.get({ zone_id })).toEqual({ auth_id_characteristics: [] })
    const auth_id_characteristics = [{ type: 'header', name: 'X-Session' } as const]
    const saved = await configurations.update({ zone_id, normalize: true, auth_id_characteristics })
    expect(saved).toEqual({ auth_id_characteristics: [{ type: 'header', name: 'x-session' }] })
    expect(await configurations.get({ zone_id, normalize: true })).toEqual(saved)
  })
})

describe('schemaValidation', () => {
  const source = JSON.stringify({
    openapi: '3.0.3',
    info: { title: 't', version: '1' },
    servers: [{ url: 'https://api.example.com' }],
    paths: { '/temps': { get: { responses: { 200: { description: 'ok' } } } } },
  })

  test('schemas: create, list, get, edit, delete', async () => {
    const { schemas } = client.schemaValidation
    const created = await schemas.create({
      zone_id,
      kind: 'openapi_v3',
      name: 'temps',
      source,
      validation_enabled: true,
    })
    expect(created).toMatchObject({ name: 'temps', source, validation_enabled: true })
    expect(await all(schemas.list({ zone_id, per_page: 1 }))).toEqual([created])
    expect(await all(schemas.list({ zone_id, validation_enabled: false }))).toEqual([])
    const bare = await schemas.get(created.schema_id, { zone_id, omit_source: true })
    expect(bare).not.toHaveProperty('source')
    const edited = await schemas.edit(created.schema_id, { zone_id, validation_enabled: false })
    expect(edited).toEqual({ ...created, validation_enabled: false })
    expect(await schemas.delete(created.schema_id, { zone_id })).toEqual({
      schema_id: created.schema_id,
    })
    await expect(schemas.get(created.schema_id, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
  })

  test('a document that is refused says where', async () => {
    const upload = client.schemaValidation.schemas.create({
      zone_id,
      kind: 'openapi_v3',
      name: 'bad',
      source: 'openapi: 3.0.3\ninfo: 7\n',
      validation_enabled: true,
    })
    await expect(upload).rejects.toMatchObject({
      status: 400,
      errors: expect.arrayContaining([
        expect.objectContaining({ code: 1201, source: { pointer: '/source' } }),
      ]),
    })
  })

  test('settings: get, update, edit', async () => {
    const { settings } = client.schemaValidation
    const none = {
      validation_default_mitigation_action: 'none',
      validation_override_mitigation_action: null,
    }
    expect(await settings.get({ zone_id })).toEqual(none)
    await settings.update({
      zone_id,
      validation_default_mitigation_action: 'block',
      validation_override_mitigation_action: 'none',
    })
    const edited = await settings.edit({ zone_id, validation_override_mitigation_action: null })
    expect(edited).toEqual({ ...none, validation_default_mitigation_action: 'block' })
  })

  test('settings.operations: update, list, get, bulkEdit, delete', async () => {
    const { operations } = client.schemaValidation.settings
    const saved = await all(
      client.apiGateway.operations.bulkCreate({ zone_id, body: [operation(1), operation(2)] }),
    )
    const [a = '', b = ''] = saved.map(({ operation_id }) => operation_id)
    const setting = await operations.update(a, { zone_id, mitigation_action: 'block' })
    expect(setting).toEqual({ operation_id: a, mitigation_action: 'block' })
    expect(await operations.get(a, { zone_id })).toEqual(setting)
    const edited = await operations.bulkEdit({
      zone_id,
      body: { [b]: { mitigation_action: 'log' } },
    })
    expect(edited).toEqual({ [b]: { operation_id: b, mitigation_action: 'log' } })
    expect(
      loadContract()?.checkType(
        'schema-validation/settings/operations',
        'OperationBulkEditResponse.item',
        edited[b],
      ) ?? [],
    ).toEqual([])
    expect(await all(operations.list({ zone_id, per_page: 1 }))).toHaveLength(2)
    expect(await operations.delete(a, { zone_id })).toEqual({ operation_id: a })
    await expect(operations.get(a, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
  })
})

describe('clientCertificates and certificateAuthorities', () => {
  test('create, list, get, edit, delete', async () => {
    const { clientCertificates } = client
    const issue = () => clientCertificates.create({ zone_id, csr: CSR, validity_days: 30 })
    const [first, second] = await Promise.all([issue(), issue()])
    expect(first).toMatchObject({ status: 'active', common_name: 'sensor-1.example.com' })
    expect(first.certificate_authority).toEqual(second.certificate_authority)
    const listed = await all(clientCertificates.list({ zone_id, limit: 1, offset: 0 }))
    expect(listed).toHaveLength(2)
    expect(await clientCertificates.get(first.id ?? '', { zone_id })).toEqual(first)
    const revoked = await clientCertificates.delete(first.id ?? '', { zone_id })
    expect(revoked.status).toBe('revoked')
    expect(await all(clientCertificates.list({ zone_id, status: 'revoked' }))).toEqual([revoked])
    const active = await clientCertificates.edit(first.id ?? '', { zone_id, reactivate: true })
    expect(active).toEqual(first)
  })

  test('hostnameAssociations: get, update', async () => {
    const { hostnameAssociations } = client.certificateAuthorities
    const saved = await hostnameAssociations.update({ zone_id, hostnames: ['API.example.com'] })
    expect(saved).toEqual({ hostnames: ['api.example.com'] })
    expect(await hostnameAssociations.get({ zone_id })).toEqual(saved)
    await expect(
      hostnameAssociations.get({ zone_id, mtls_certificate_id: NO_SUCH_ID }),
    ).rejects.toBeInstanceOf(NotFoundError)
  })
})

describe('rulesets.phases', () => {
  const phase = 'http_request_firewall_custom'

  test('get and update of the entry point', async () => {
    const { phases } = client.rulesets
    await expect(phases.get(phase, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
    const saved = await phases.update(phase, {
      zone_id,
      description: 'mine',
      rules: [
        {
          action: 'block',
          expression: 'http.host eq "api.example.com" and not cf.tls_client_auth.cert_verified',
          action_parameters: {
            response: { status_code: 403, content: '{}', content_type: 'application/json' },
          },
        },
        { action: 'log', expression: 'http.request.method eq "DELETE"', enabled: false },
      ],
    })
    expect(saved).toMatchObject({ kind: 'zone', phase, version: '1', description: 'mine' })
    expect(await phases.get(phase, { zone_id })).toEqual(saved)
  })

  test('a rule that is refused says where', async () => {
    const update = client.rulesets.phases.update(phase, {
      zone_id,
      rules: [{ action: 'block', expression: 'http.hots eq "x"' }],
    })
    await expect(update).rejects.toMatchObject({
      status: 400,
      errors: [{ code: 20127, source: { pointer: '/rules/0/expression' } }],
    })
  })
})

describe("Cloudflare's description", () => {
  test('fits every answer, also the refusals', (context) => {
    const contract = requireContract(context)
    const { coveredCount, wrong } = checkExchanges(contract, recording.exchanges)
    expect(wrong).toEqual([])
    expect(coveredCount).toBeGreaterThan(30)
    for (const { body } of recording.exchanges) {
      const { errors, messages } = body as { errors: unknown[]; messages: unknown[] }
      for (const item of [...errors, ...messages]) {
        const faults = contract.checkType(
          'api-gateway/operations/operations',
          'Message.MessageItem',
          item,
        )
        expect(faults).toEqual([])
      }
    }
  })
})
