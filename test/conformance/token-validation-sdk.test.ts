/** All methods of `tokenValidation` of the official SDK against the shield on the local edge, and what they bring about. */
import { BadRequestError, ConflictError, NotFoundError } from 'cloudflare'
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'
import { octKey } from '../support/token-keys.ts'
import { all, recordingClient, type Recording } from './recording.ts'

const HOST = '127.0.0.1'
const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000'

let origin: Origin
let shield: Shield
let client: Recording['client']
let zone_id: string

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url })
  client = recordingClient(shield.edge).client
  zone_id = shield.edge.zoneId
})

afterAll(async () => {
  await shield?.edge.stop()
  origin?.server.close()
})

type Signer = {
  readonly key: { kty: 'EC'; kid: string; alg: 'ES256'; crv: 'P-256'; x: string; y: string }
  readonly privateKey: CryptoKey
}

async function newSigner(kid: string): Promise<Signer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true })
  const { x = '', y = '' } = await exportJWK(publicKey)
  return { key: { kty: 'EC', kid, alg: 'ES256', crv: 'P-256', x, y }, privateKey }
}

async function signed({ key, privateKey }: Signer, claims: object = {}): Promise<string> {
  return new SignJWT({ sub: 'u-1', ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: key.kid })
    .setExpirationTime('5 min')
    .sign(privateKey)
}

const configuration = (keys: Signer['key'][]) => ({
  zone_id,
  title: 'Production',
  description: 'The tokens of our users',
  token_type: 'JWT' as const,
  token_sources: ['http.request.headers["authorization"][0]'],
  credentials: { keys },
})

const rule = (configurationId: string) => ({
  title: 'Guard',
  description: 'Nobody comes in without a token',
  action: 'block' as const,
  enabled: true,
  expression: `is_jwt_valid("${configurationId}") or http.request.method eq "OPTIONS"`,
  selector: { include: [{ host: [HOST] }] },
})

describe('configuration', () => {
  test('create, list, get, edit, delete', async () => {
    const { configuration: configurations } = client.tokenValidation
    const { key } = await newSigner('one')
    const made = await configurations.create(configuration([key]))
    const { zone_id: _zone, ...written } = configuration([key])
    expect(made).toMatchObject(written)
    const other = await configurations.create(configuration([key]))
    expect(await all(configurations.list({ zone_id, per_page: 1 }))).toEqual([made, other])
    expect(await configurations.get(made.id, { zone_id })).toEqual(made)
    const edited = await configurations.edit(made.id, { zone_id, title: 'Renamed' })
    expect(edited).toMatchObject({ title: 'Renamed', token_sources: made.token_sources })
    expect(await configurations.delete(made.id, { zone_id })).toEqual({ id: made.id })
    await expect(configurations.get(made.id, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
    await configurations.delete(other.id, { zone_id })
  })

  test('credentials: update, edit', async () => {
    const { configuration: configurations } = client.tokenValidation
    const { credentials } = configurations
    const [one, two] = [await newSigner('one'), await newSigner('two')]
    const { id } = await configurations.create(configuration([one.key]))
    const { k, ...shown } = octKey('secret')
    const keys = [two.key, { ...shown, k }]
    expect(await credentials.update(id, { zone_id, keys })).toEqual({ keys: [two.key, shown] })
    const kept = await credentials.edit(id, { zone_id, keys: [shown, one.key] })
    expect(kept).toEqual({ keys: [shown, one.key] })
    expect((await configurations.get(id, { zone_id })).credentials).toEqual(kept)
    const unknown = credentials.edit(id, { zone_id, keys: [{ ...shown, kid: 'unknown' }] })
    await expect(unknown).rejects.toBeInstanceOf(BadRequestError)
    await configurations.delete(id, { zone_id })
  })
})

describe('rules', () => {
  test('create, list, get, edit, delete, bulkCreate, bulkEdit', async () => {
    const { configuration: configurations, rules } = client.tokenValidation
    const { key } = await newSigner('one')
    const { id: configId } = await configurations.create(configuration([key]))
    const made = await rules.create({ zone_id, ...rule(configId) })
    const id = made.id ?? ''
    expect(made).toMatchObject(rule(configId))
    expect(await rules.get(id, { zone_id })).toEqual(made)
    await expect(configurations.delete(configId, { zone_id })).rejects.toBeInstanceOf(ConflictError)

    const body = ['b', 'c'].map((title) => Object.assign(rule(configId), { title }))
    const more = await all(rules.bulkCreate({ zone_id, body }))
    expect(more).toMatchObject(body)
    const titles = async () =>
      (await all(rules.list({ zone_id, per_page: 2 }))).map(({ title }) => title)
    expect(await titles()).toEqual(['Guard', 'b', 'c'])
    const changed = await all(
      rules.bulkEdit({
        zone_id,
        body: [
          { id: more[1]?.id ?? '', position: { index: 1 } },
          { id, position: { after: more[0]?.id ?? '' }, enabled: false },
        ],
      }),
    )
    expect(changed).toMatchObject([{ title: 'c' }, { title: 'Guard', enabled: false }])
    expect(await titles()).toEqual(['c', 'b', 'Guard'])

    const filtered = rules.list({ zone_id, enabled: false, token_configuration: [configId] })
    expect((await all(filtered)).map((each) => each.id)).toEqual([id])
    const edited = await rules.edit(id, {
      zone_id,
      title: 'a',
      position: { before: more[1]?.id ?? '' },
    })
    expect(edited).toMatchObject({ id, title: 'a', enabled: false })
    expect(await titles()).toEqual(['a', 'c', 'b'])

    for (const each of await all(rules.list({ zone_id }))) {
      expect(await rules.delete(each.id ?? '', { zone_id })).toEqual({ id: each.id })
    }
    await expect(rules.get(id, { zone_id })).rejects.toBeInstanceOf(NotFoundError)
    await configurations.delete(configId, { zone_id })
  })

  test('a rule over a configuration that is not there is refused', async () => {
    const refused = client.tokenValidation.rules.create({ zone_id, ...rule(NO_SUCH_ID) })
    await expect(refused).rejects.toBeInstanceOf(BadRequestError)
  })
})

describe('in force at once', () => {
  let signer: Signer
  let configId: string

  beforeAll(async () => {
    const operations = ['GET', 'OPTIONS'] as const
    const body = operations.map((method) => ({ method, host: HOST, endpoint: '/accounts/{id}' }))
    await all(client.apiGateway.operations.bulkCreate({ zone_id, body }))
    signer = await newSigner('one')
    configId = (await client.tokenValidation.configuration.create(configuration([signer.key]))).id
  })

  afterEach(async () => {
    const { rules } = client.tokenValidation
    for (const { id } of await all(rules.list({ zone_id })))
      await rules.delete(id ?? '', { zone_id })
  })

  async function ask(token: string | null, { method = 'GET', path = '/accounts/7' } = {}) {
    const headers = token === null ? {} : { authorization: `Bearer ${token}` }
    const response = await fetch(`${shield.edge.httpUrl}${path}`, { method, headers })
    const { instance } = await response.json<{ readonly instance?: string }>()
    return { status: response.status, rayId: instance ?? '' }
  }

  test('a rule stops what its expression does not allow, and the event says why', async () => {
    const { id = '' } = await client.tokenValidation.rules.create({ zone_id, ...rule(configId) })
    expect((await ask(await signed(signer))).status).toBe(200)
    expect((await ask(null, { method: 'OPTIONS' })).status).toBe(200)
    expect((await ask(null, { path: '/elsewhere' })).status).toBe(200)
    const refused = await ask(await signed(await newSigner('one')))
    expect(refused.status).toBe(403)
    expect(await shield.events(refused.rayId)).toMatchObject([
      {
        action: 'block',
        source: 'apiShieldTokenValidation',
        rule_id: id,
        rule_description: 'Guard',
        findings: [{ detector: 'token', reason: 'signature_invalid' }],
      },
    ])
    expect((await ask(null)).status).toBe(403)
    await client.tokenValidation.rules.edit(id, { zone_id, enabled: false })
    expect((await ask(null)).status).toBe(200)
  })

  test('a preview shows what a selector covers', async () => {
    const path = `/zones/${zone_id}/token_validation/rules/preview`
    const body = { include: [{ host: [HOST] }] }
    const { result } = await client.put<{ readonly result: unknown }>(path, { body })
    expect(result).toMatchObject({
      operations: [{ state: 'included' }, { state: 'included' }],
      total: 2,
      included: 2,
      selected_hosts: [HOST],
      available_hosts: [HOST],
    })
  })

  test('an operation that is excluded, or that an earlier rule covers, is not stopped', async () => {
    const { rules } = client.tokenValidation
    const guard = await rules.create({ zone_id, ...rule(configId) })
    const lenient = { ...rule(configId), expression: 'http.request.method eq "GET"' }
    const earlier = await rules.create({ zone_id, ...lenient })
    expect((await ask(null)).status).toBe(403)
    const position = { before: guard.id ?? '' }
    await rules.edit(earlier.id ?? '', { zone_id, position })
    expect((await ask(null)).status).toBe(200)
    await rules.delete(earlier.id ?? '', { zone_id })
    expect((await ask(null)).status).toBe(403)
    const operations = await all(client.apiGateway.operations.list({ zone_id }))
    const operation_ids = operations.map(({ operation_id }) => operation_id)
    const selector = { ...rule(configId).selector, exclude: [{ operation_ids }] }
    await rules.edit(guard.id ?? '', { zone_id, selector })
    expect((await ask(null)).status).toBe(200)
  })

  test('a change of the keys counts for the next request', async () => {
    await client.tokenValidation.rules.create({ zone_id, ...rule(configId) })
    const old = await signed(signer)
    const secret = octKey('secret')
    const symmetric = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256', kid: 'secret' })
      .sign(Buffer.from(secret.k, 'base64url'))
    expect((await ask(old)).status).toBe(200)
    expect((await ask(symmetric)).status).toBe(403)
    const { credentials } = client.tokenValidation.configuration
    await credentials.update(configId, { zone_id, keys: [{ ...secret }] })
    expect((await ask(old)).status).toBe(403)
    expect((await ask(symmetric)).status).toBe(200)
    const { k: _k, ...shown } = secret
    await credentials.edit(configId, { zone_id, keys: [shown, signer.key] })
    expect((await ask(old)).status).toBe(200)
    expect((await ask(symmetric)).status).toBe(200)
  })

  test('a revocation counts for the next request, and no longer when it is taken back', async () => {
    await client.tokenValidation.rules.create({ zone_id, ...rule(configId) })
    const lost = await signed(signer, { jti: 'lost' })
    const other = await signed(signer, { jti: 'other' })
    expect((await ask(lost)).status).toBe(200)
    const path = '/zones/{zone}/portcullis/token_validation/revocations'
    const body = { configuration_id: configId, jti: 'lost' }
    const { id } = await shield.api<{ id: string }>(`POST ${path}`, body)
    const refused = await ask(lost)
    expect(refused.status).toBe(403)
    expect(await shield.events(refused.rayId)).toMatchObject([
      { findings: [{ reason: 'revoked' }] },
    ])
    expect((await ask(other)).status).toBe(200)
    await shield.api(`DELETE ${path}/${id}`)
    expect((await ask(lost)).status).toBe(200)
    const subject = { configuration_id: configId, sub: 'u-1' }
    const entry = await shield.api<{ id: string }>(`POST ${path}`, subject)
    expect((await ask(other)).status).toBe(403)
    await shield.api(`DELETE ${path}/${entry.id}`)
  })
})
