/** Tokens through the real edge and real storage: sealed secrets, tokens that count once, revocations, sessions. */
import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/edge.ts'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

const secret = new TextEncoder().encode('a secret of at least thirty-two octets')
const stateDir = makeTemporaryDirectory()

let origin: Origin
let shield: Shield
let once: string
let often: string

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url, stateDir })
  once = await configure({ replay: 'once' })
  often = await configure({})
})

afterAll(async () => {
  await shield?.edge.stop()
  origin?.server.close()
})

async function configure(requirements: object): Promise<string> {
  const k = Buffer.from(secret).toString('base64url')
  const { id } = await shield.api<{ id: string }>('POST /zones/{zone}/token_validation/config', {
    title: 'sensors',
    description: '',
    token_type: 'JWT',
    token_sources: ['http.request.headers["authorization"][0]'],
    credentials: { keys: [{ kty: 'oct', kid: 'k', alg: 'HS256', k }] },
    requirements,
  })
  return id
}

async function demand(expression: string): Promise<void> {
  await shield.api('PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint', {
    rules: [{ action: 'block', expression: `not (${expression})` }],
  })
}

function sign(claims: { readonly [claim: string]: unknown }): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg: 'HS256', kid: 'k' })
    .setIssuedAt()
    .setExpirationTime('5 minutes')
    .sign(secret)
}

async function present(token: string) {
  const response = await fetch(`${shield.edge.httpUrl}/x`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { instance = '' } = await response.json<{ instance?: string }>()
  return { status: response.status, rayId: instance }
}

test('a sealed secret verifies, before and after a restart', async () => {
  await demand(`is_jwt_valid("${often}")`)
  const token = await sign({ sub: 's' })
  expect((await present(token)).status).toBe(200)
  const [head, claims] = token.split('.')
  const forged = createHmac('sha256', 'another secret').update(`${head}.${claims}`)
  expect((await present(`${head}.${claims}.${forged.digest('base64url')}`)).status).toBe(403)
  await shield.edge.stop()
  shield = await startShield({ originUrl: origin.url, stateDir })
  expect((await present(token)).status).toBe(200)
})

test('of fifty uses at once of a token that counts once exactly one passes, and none after a restart', async () => {
  await demand(`is_jwt_valid("${once}")`)
  const token = await sign({ jti: 'fifty' })
  const uses = await Promise.all(Array.from({ length: 50 }, () => present(token)))
  expect(uses.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(uses.filter(({ status }) => status === 403)).toHaveLength(49)
  await shield.edge.stop()
  shield = await startShield({ originUrl: origin.url, stateDir })
  const { status, rayId } = await present(token)
  expect(status).toBe(403)
  const [event] = await shield.events(rayId)
  expect(event?.findings).toEqual([
    { detector: 'token', reason: 'replayed', detail: { configuration_id: once, kid: 'k' } },
  ])
})

test('a revoked token is refused at the next request', async () => {
  await demand(`is_jwt_valid("${often}")`)
  const token = await sign({ jti: 'leaked', sub: 'thief' })
  expect((await present(token)).status).toBe(200)
  await shield.api('POST /zones/{zone}/portcullis/token_validation/revocations', {
    configuration_id: often,
    jti: 'leaked',
  })
  const { status, rayId } = await present(token)
  expect(status).toBe(403)
  const [event] = await shield.events(rayId)
  expect(event?.findings[0]?.reason).toBe('revoked')
  expect(JSON.stringify(event)).not.toContain('thief')
})

test('a claim names the session, in events as a keyed hash alone', async () => {
  await shield.api('PUT /zones/{zone}/api_gateway/configuration', {
    auth_id_characteristics: [{ type: 'jwt', name: `${often}:$.sub` }],
  })
  await demand('not cf.api_gateway.auth_id_present')
  const ids: (string | null | undefined)[] = []
  for (const claims of [{ sub: 'alice' }, { sub: 'alice', n: 1 }, { sub: 'bob' }]) {
    const { status, rayId } = await present(await sign(claims))
    expect(status).toBe(403)
    const [event] = await shield.events(rayId)
    expect(JSON.stringify(event)).not.toMatch(/alice|bob/)
    ids.push(event?.session_id)
  }
  expect(ids[0]).toMatch(/^[0-9a-f]{32}$/)
  expect(ids[1]).toBe(ids[0])
  expect(ids[2]).not.toBe(ids[0])
  expect((await present('abc')).status).toBe(200)
})
