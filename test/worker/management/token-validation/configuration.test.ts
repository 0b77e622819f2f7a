import { beforeAll, describe, expect, test } from 'vitest'
import { err, ok } from '#engines/result'
import type { TokenConfiguration } from '../../../../worker/storage/resources/tokens.ts'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { api, type Caller, callerOf, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'
import { ecKey, octKey, rsaKey } from '../../../support/token-keys.ts'

const PATH = `${Z}/token_validation/config`
const HEADER = 'http.request.headers["authorization"][0]'
const JWKS = { kind: 'jwks', url: 'https://id.example.com/keys' }

let ec: Awaited<ReturnType<typeof ecKey>>
let rsa: Awaited<ReturnType<typeof rsaKey>>

beforeAll(async () => {
  ec = await ecKey('ec')
  rsa = await rsaKey('rsa', {})
})

const draft = (members: { readonly [member: string]: unknown } = {}) => ({
  title: 'Production',
  description: 'The tokens of our users',
  token_type: 'JWT',
  token_sources: [HEADER],
  credentials: { keys: [ec] },
  ...members,
})

const create = async (call: Caller, members: { readonly [member: string]: unknown } = {}) =>
  call<TokenConfiguration>(`POST ${PATH}`, { body: draft(members) })

/** A URL of so many characters. */
const issuerOf = (characters: number) => 'https://id.example.com/'.padEnd(characters, 'x')

describe('200', () => {
  test('a configuration is answered as it was written, and can be read again', async () => {
    const call = api('token-create')
    const made = await create(call, { token_type: 'jwt' })
    expect(made).toMatchObject({ status: 200, messages: [], result: draft() })
    expect(made.result.id).toMatch(/^[\da-f-]{36}$/)
    expect(made.result.created_at).toBe(made.result.last_updated)
    expect((await call(`GET ${PATH}/${made.result.id}`)).result).toEqual(made.result)
    expect((await call(`GET ${PATH}`)).result).toEqual([made.result])
  })

  test('keys lose what verifying does not need; what is left out or assumed is told', async () => {
    const keys = [{ ...ec, use: 'sig', x5t: 'x' }, rsa, { ...ec, kid: 'enc', use: 'enc' }]
    const made = await create(api('token-notices'), { credentials: { keys } })
    expect(made.result.credentials.keys).toEqual([ec, { ...rsa, alg: 'RS256' }])
    expect(new Set(made.messages.map(({ code }) => code))).toEqual(new Set([110_003, 1905]))
  })

  test('a secret is never answered and is stored sealed', async () => {
    const ports = portsOf('token-secret')
    const call = callerOf(ports)
    const key = octKey('hs', 'HS512')
    const made = await create(call, { credentials: { keys: [key] } })
    const shown = { kty: 'oct', kid: 'hs', alg: 'HS512' }
    expect(made.result.credentials.keys).toEqual([shown])
    for (const line of [`GET ${PATH}/${made.result.id}`, `GET ${PATH}`]) {
      expect(JSON.stringify((await call(line)).result)).not.toMatch(/"(?:sealed_)?k":/)
    }
    const { documents } = await ports.zone.read({ token_configuration: 'all' })
    const [stored] = documents.token_configuration[0]?.credentials.keys ?? []
    expect(stored).toMatchObject({ ...shown, sealed_k: expect.any(String) })
    expect(JSON.stringify(documents)).not.toContain(key.k)
  })

  test('keys may come from elsewhere; they are fetched before the configuration is stored', async () => {
    const asked: unknown[] = []
    const keySources = {
      refresh(id: string, source: unknown) {
        asked.push([id, source])
        return Promise.resolve(ok({ keys: 2, fetchedAt: '2026-01-01T00:00:00.000Z' }))
      },
      status: () => Promise.resolve(null),
    }
    const call = api('token-source', { keySources })
    const { credentials: _none, ...body } = draft({ key_source: JWKS })
    const made = await call<TokenConfiguration>(`POST ${PATH}`, { body })
    expect(made.result).toMatchObject({ key_source: JWKS, credentials: { keys: [] } })
    const { id } = made.result
    await call(`PATCH ${PATH}/${id}`, { body: { title: 'Renamed', key_source: JWKS } })
    const oidc = { kind: 'oidc', issuer: 'https://id.example.com' }
    const changed = await call(`PATCH ${PATH}/${id}`, { body: { key_source: oidc } })
    expect(changed).toMatchObject({ status: 200, result: { title: 'Renamed', key_source: oidc } })
    expect(asked).toEqual([
      [id, JWKS],
      [id, oidc],
    ])
  })

  test('keys beside a source are kept, and it is told that the source counts', async () => {
    const call = api('token-both')
    const made = await create(call, { key_source: JWKS })
    expect(made).toMatchObject({ status: 200, messages: [{ code: 1907 }] })
    expect(made.result.credentials.keys).toEqual([ec])
    const path = `PATCH ${PATH}/${made.result.id}`
    expect((await call(path, { body: { title: 'x' } })).messages).toMatchObject([{ code: 1907 }])
    expect((await call(path, { body: { key_source: null } })).messages).toEqual([])
  })

  test('an edit changes what it says; null takes away what is ours', async () => {
    let nowMs = 1_000
    const call = api('token-edit', { nowMs: () => nowMs })
    const requirements = {
      issuers: ['https://id.example.com'],
      audiences: ['api'],
      subject_pattern: 'user-[0-9]+',
      scopes: ['read'],
      claims: { tenant: ['a', 7, true] },
      require_expiry: true,
      clock_skew_seconds: 30,
      replay: 'once',
    }
    const { result } = await create(call, { requirements })
    expect(result.requirements).toEqual(requirements)
    nowMs = 2_000
    const token_sources = [HEADER, 'http.request.cookies["session"][0]']
    const edited = await call<TokenConfiguration>(`PATCH ${PATH}/${result.id}`, {
      body: { token_sources, requirements: null },
    })
    const { requirements: _gone, ...rest } = result
    expect(edited.result).toEqual({
      ...rest,
      token_sources,
      last_updated: '1970-01-01T00:00:02.000Z',
    })
    expect((await call(`GET ${PATH}/${result.id}`)).result).toEqual(edited.result)
  })

  test('the list has pages; one that is deleted is gone', async () => {
    const call = api('token-list')
    for (const title of ['a', 'b', 'c']) await create(call, { title })
    const page = await call<TokenConfiguration[]>(`GET ${PATH}?per_page=2&page=2`)
    expect(page.result.map(({ title }) => title)).toEqual(['c'])
    expect(page.result_info).toMatchObject({ total_count: 3, total_pages: 2 })
    const id = page.result[0]?.id
    expect(await call(`DELETE ${PATH}/${id}`)).toMatchObject({ status: 200, result: { id } })
    expect((await call<unknown[]>(`GET ${PATH}`)).result).toHaveLength(2)
  })
})

describe('400', () => {
  const key = (members: object) => ({ credentials: { keys: [{ ...octKey('a'), ...members }] } })
  test.each<[string, { readonly [member: string]: unknown }, string]>([
    ['no title', { title: undefined }, '/title'],
    ['an empty title', { title: '' }, '/title'],
    ['a title above the bound', { title: 'x'.repeat(51) }, '/title'],
    ['a description above the bound', { description: 'x'.repeat(501) }, '/description'],
    ['another type of token', { token_type: 'SAML' }, '/token_type'],
    ['no source', { token_sources: [] }, '/token_sources'],
    ['five sources', { token_sources: Array.from({ length: 5 }, () => HEADER) }, '/token_sources'],
    ['a source that is no text', { token_sources: [HEADER, 'ssl'] }, '/token_sources/1'],
    [
      'a header that no request can have',
      { token_sources: ['http.request.headers["Authorization"][0]'] },
      '/token_sources/0',
    ],
    ['a source that does not compile', { token_sources: ['http.nonsense'] }, '/token_sources/0'],
    [
      'a source in the body',
      { token_sources: ['http.request.body.form["t"][0]'] },
      '/token_sources/0',
    ],
    ['no credentials', { credentials: undefined }, '/credentials/keys'],
    ['no key', { credentials: { keys: [] } }, '/credentials/keys'],
    ['keys that are no list', { credentials: { keys: {} } }, '/credentials/keys'],
    ['credentials without keys', { credentials: {} }, '/credentials/keys'],
    ['a key without its secret', key({ k: undefined }), '/credentials/keys/0/k'],
    ['a short secret', key({ k: 'AAAA' }), '/credentials/keys/0/k'],
    ['a key without kid', key({ kid: undefined }), '/credentials/keys/0/kid'],
    ['a source of another kind', { key_source: { kind: 'ldap' } }, '/key_source'],
    [
      'a source over http',
      { key_source: { kind: 'jwks', url: 'http://id.example.com/' } },
      '/key_source/url',
    ],
    [
      'a source in a private network',
      { key_source: { kind: 'oidc', issuer: 'https://127.0.0.1/' } },
      '/key_source/issuer',
    ],
    [
      'an issuer that could not be required of tokens',
      { key_source: { kind: 'oidc', issuer: issuerOf(1_025) } },
      '/key_source/issuer',
    ],
    ['a misspelt requirement', { requirements: { audience: ['api'] } }, '/requirements'],
    [
      'an impossible skew',
      { requirements: { clock_skew_seconds: 301 } },
      '/requirements/clock_skew_seconds',
    ],
    [
      'a subject pattern that is none',
      { requirements: { subject_pattern: '(' } },
      '/requirements/subject_pattern',
    ],
  ])('%s is refused with its place', async (_name, members, pointer) => {
    const reply = await create(api('token-400'), members)
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors.map(({ source }) => source?.pointer)).toContain(pointer)
    expect(JSON.stringify(reply.errors)).not.toContain(octKey('a').k)
  })

  test.each([
    ['title', 50],
    ['description', 500],
  ])('a %s at the bound is taken', async (member, characters) => {
    const reply = await create(api('token-at'), { [member]: 'x'.repeat(characters) })
    expect(reply.status).toBe(200)
  })

  test('an issuer at the bound is taken', async () => {
    const key_source = { kind: 'oidc', issuer: issuerOf(1_024) }
    expect((await create(api('token-issuer'), { key_source })).status).toBe(200)
  })

  test('a source of keys that gives none is refused with the reason, and nothing is stored', async () => {
    const keySources = {
      refresh: () => Promise.resolve(err({ message: 'It answered with status 404.' })),
      status: () => Promise.resolve(null),
    }
    const call = api('token-unfetched', { keySources })
    const reply = await create(call, { key_source: JWKS })
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1604 }] })
    expect(reply.errors[0]).toMatchObject({
      message: 'It answered with status 404.',
      source: { pointer: '/key_source' },
    })
    const { result } = await create(call)
    const body = { key_source: JWKS }
    expect((await call(`PATCH ${PATH}/${result.id}`, { body })).status).toBe(400)
    expect((await call(`GET ${PATH}`)).result).toEqual([result])
  })

  test('taking the source away without giving keys is refused', async () => {
    const call = api('token-keyless')
    const { result } = await create(call, { key_source: JWKS, credentials: { keys: [] } })
    const reply = await call(`PATCH ${PATH}/${result.id}`, { body: { key_source: null } })
    expect(reply).toMatchObject({ status: 400 })
    expect(reply.errors[0]?.source?.pointer).toBe('/key_source')
  })

  test('more configurations than the bound', async () => {
    const call = api('token-many')
    for (let n = 0; n < LIMITS.tokenConfigurationsMax; n++) {
      expect((await create(call)).status).toBe(200)
    }
    expect(await create(call)).toMatchObject({ status: 400, errors: [{ code: 1007 }] })
  })
})

describe('404', () => {
  test.each([
    ['GET', undefined],
    ['PATCH', { title: 'x' }],
    ['DELETE', undefined],
  ])('%s of what is not there', async (method, body) => {
    const options = body === undefined ? {} : { body }
    expect((await api('token-404')(`${method} ${PATH}/${NO_SUCH_ID}`, options)).status).toBe(404)
  })
})

describe('409', () => {
  const users: readonly (readonly [
    string,
    (call: Caller, id: string) => Promise<unknown>,
    RegExp,
  ])[] = [
    [
      'a token validation rule',
      (call, id) =>
        call(`POST ${Z}/token_validation/rules`, {
          body: {
            title: 'Guard',
            description: '',
            action: 'block',
            enabled: false,
            expression: `is_jwt_present("${id}")`,
            selector: {},
          },
        }),
      /the token validation rule "Guard"/,
    ],
    [
      'a custom rule',
      (call, id) =>
        call(`PUT ${Z}/rulesets/phases/http_request_firewall_custom/entrypoint`, {
          body: {
            rules: [
              {
                ref: 'admins',
                action: 'log',
                expression: `any(http.request.jwt.claims.sub["${id}"][*] eq "root")`,
              },
            ],
          },
        }),
      /the rule "admins"/,
    ],
    [
      'a session identifier',
      (call, id) =>
        call(`PUT ${Z}/api_gateway/configuration`, {
          body: { auth_id_characteristics: [{ type: 'jwt', name: `${id}:$.sub` }] },
        }),
      /the session identifier "[\da-f-]{36}:\$\.sub"/,
    ],
  ]

  test.each(users)('%s keeps a configuration from being deleted', async (name, use, message) => {
    const call = api(`token-409 ${name}`)
    const { id } = (await create(call)).result
    expect(await use(call, id)).toMatchObject({ status: 200 })
    const reply = await call(`DELETE ${PATH}/${id}`)
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1602 }] })
    expect(reply.errors[0]?.message).toMatch(message)
    expect(reply.headers.get('x-should-retry')).toBe('false')
    expect((await call(`GET ${PATH}/${id}`)).status).toBe(200)
  })
})
