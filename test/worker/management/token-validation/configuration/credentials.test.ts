import { beforeAll, describe, expect, test } from 'vitest'
import type {
  StoredKey,
  TokenConfiguration,
} from '../../../../../worker/storage/resources/tokens.ts'
import { openKeys } from '../../../../../worker/storage/token-secrets.ts'
import {
  api,
  callerOf,
  type Caller,
  NO_SUCH_ID,
  portsOf,
  settings,
  Z,
} from '../../../../support/management.ts'
import { ecKey, octKey } from '../../../../support/token-keys.ts'

const PATH = `${Z}/token_validation/config`

let ec: Awaited<ReturnType<typeof ecKey>>
let next: Awaited<ReturnType<typeof ecKey>>

beforeAll(async () => {
  ec = await ecKey('one')
  next = await ecKey('two')
})

async function configured(call: Caller, keys: readonly object[]): Promise<string> {
  const { result } = await call<TokenConfiguration>(`POST ${PATH}`, {
    body: {
      title: 't',
      description: '',
      token_type: 'JWT',
      token_sources: ['http.request.headers["x-token"][0]'],
      credentials: { keys },
    },
  })
  return `${PATH}/${result.id}/credentials`
}

const secretless = ({ k: _k, ...key }: ReturnType<typeof octKey>) => key

/** The secrets that the data plane would open, by kid. */
async function secretsOf(ports: ReturnType<typeof portsOf>): Promise<Record<string, string>> {
  const { documents } = await ports.zone.read({ token_configuration: 'all' })
  const [stored] = documents.token_configuration
  const opened = await openKeys(stored?.credentials.keys ?? [], {
    secret: settings.SEALING_SECRET,
    zoneId: settings.ZONE_ID,
    configurationId: stored?.id ?? '',
  })
  if (!opened.ok) throw new Error('a secret does not open')
  return Object.fromEntries(
    opened.value.flatMap((key) => (key.kty === 'oct' ? [[key.kid, key.k]] : [])),
  )
}

describe('200', () => {
  test.each(['PUT', 'PATCH'])('%s replaces all keys', async (method) => {
    const call = api(`credentials-replace-${method}`)
    const path = await configured(call, [ec])
    const reply = await call(`${method} ${path}`, { body: { keys: [next] } })
    expect(reply).toMatchObject({ status: 200, result: { keys: [next] } })
    const { result } = await call<TokenConfiguration>(`GET ${path.replace('/credentials', '')}`)
    expect(result.credentials).toEqual({ keys: [next] })
  })

  test('PATCH keeps the secret of a key that is given without one', async () => {
    const ports = portsOf('credentials-keep')
    const call = callerOf(ports)
    const path = await configured(call, [octKey('a'), octKey('b', 'HS384')])
    const keys = [secretless(octKey('b', 'HS384')), octKey('c', 'HS256', 9), ec]
    const reply = await call<{ keys: readonly StoredKey[] }>(`PATCH ${path}`, { body: { keys } })
    expect(reply.result.keys).toEqual([keys[0], secretless(octKey('c')), ec])
    expect(await secretsOf(ports)).toEqual({
      b: octKey('b', 'HS384').k,
      c: octKey('c', 'HS256', 9).k,
    })
  })

  test('PATCH takes a new secret for a known key', async () => {
    const ports = portsOf('credentials-rotate')
    const call = callerOf(ports)
    const path = await configured(call, [octKey('a')])
    await call(`PATCH ${path}`, { body: { keys: [octKey('a', 'HS256', 8)] } })
    expect(await secretsOf(ports)).toEqual({ a: octKey('a', 'HS256', 8).k })
  })

  test('a key that is left out is told', async () => {
    const call = api('credentials-notice')
    const path = await configured(call, [ec])
    const reply = await call(`PUT ${path}`, { body: { keys: [next, { ...ec, use: 'enc' }] } })
    expect(reply).toMatchObject({ result: { keys: [next] }, messages: [{ code: 1905 }] })
  })

  test('no keys are fine where a source gives them', async () => {
    const call = api('credentials-none')
    const path = await configured(call, [ec])
    const config = path.replace('/credentials', '')
    const key_source = { kind: 'oidc', issuer: 'https://id.example.com' }
    await call(`PATCH ${config}`, { body: { key_source } })
    expect(await call(`PUT ${path}`, { body: { keys: [] } })).toMatchObject({
      status: 200,
      result: { keys: [] },
    })
  })
})

describe('400', () => {
  test.each<[string, string, readonly object[]]>([
    ['PUT of a key without its secret', 'PUT', [secretless(octKey('a'))]],
    ['PATCH without the secret of a key that is new', 'PATCH', [secretless(octKey('z'))]],
    ['PATCH of another algorithm', 'PATCH', [secretless(octKey('a', 'HS512'))]],
    ['PATCH with a null secret', 'PATCH', [{ ...octKey('a'), k: null }]],
    ['no key', 'PUT', []],
    ['two keys of one name', 'PUT', [octKey('a'), octKey('a', 'HS256', 8)]],
    ['17 keys', 'PUT', Array.from({ length: 17 }, (_, n) => octKey(`k${n}`))],
  ])('%s is refused and nothing is changed', async (name, method, keys) => {
    const call = api(`credentials-400 ${name}`)
    const path = await configured(call, [octKey('a')])
    const reply = await call(`${method} ${path}`, { body: { keys } })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]?.code).toBe(1603)
    expect(reply.errors[0]?.source?.pointer).toMatch(/^\/keys/)
    const { result } = await call<TokenConfiguration>(`GET ${path.replace('/credentials', '')}`)
    expect(result.credentials.keys).toEqual([secretless(octKey('a'))])
  })

  test('16 keys are taken', async () => {
    const call = api('credentials-16')
    const path = await configured(call, [ec])
    const keys = Array.from({ length: 16 }, (_, n) => octKey(`k${n}`))
    expect((await call(`PUT ${path}`, { body: { keys } })).status).toBe(200)
  })
})

describe('404', () => {
  test.each(['PUT', 'PATCH'])('%s of what is not there', async (method) => {
    const line = `${method} ${PATH}/${NO_SUCH_ID}/credentials`
    expect((await api('credentials-404')(line, { body: { keys: [ec] } })).status).toBe(404)
  })
})
