import { env, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { createKeySources } from '../../../worker/storage/objects/key-source-store.ts'
import { createEventStore } from '../../../worker/storage/objects/traffic-store.ts'
import type { KeySource } from '../../../worker/storage/resources/tokens.ts'
import { sha256Hex } from '../../../worker/storage/digest.ts'

const settings = env as unknown as Settings
const START_MS = 1_800_000_000_000
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

type Answer = () => Response | Promise<Response>

/** What the provider answers by URL, and how often it was asked. */
const provider = { answers: new Map<string, Answer>(), asked: [] as string[] }

beforeEach(() => {
  provider.answers.clear()
  provider.asked.length = 0
  vi.useFakeTimers({ toFake: ['Date'], now: START_MS })
  vi.stubGlobal('fetch', async (url: string) => {
    provider.asked.push(url)
    return (await provider.answers.get(url)?.()) ?? new Response('', { status: 404 })
  })
})

afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const later = (ms: number) => vi.setSystemTime(Date.now() + ms)

async function publicKey(kid: string) {
  const pair = (await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const { kty, crv, x, y } = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JsonWebKey
  return { kid, kty, crv, x, y, alg: 'ES256' }
}

function keySet(keys: readonly unknown[], headers: Record<string, string> = {}): Answer {
  return () => Response.json({ keys }, { headers })
}

/** A key source of the test's own. */
function sourceOf(name: string, source?: KeySource) {
  const used = source ?? { kind: 'jwks', url: `https://provider.example/${name}` }
  const url = used.kind === 'jwks' ? used.url : used.issuer
  const sources = createKeySources(settings.KEY_SOURCES, settings.ZONE_ID)
  const question = { configurationId: name, source: used, known: null, wanted: null }
  return {
    url,
    ask: (more: { known?: string | null; wanted?: string | null } = {}) =>
      sources.current({ ...question, ...more }),
    refresh: () => sources.refresh(name, used),
    status: () => sources.status(name, used),
    stub: async () => {
      const digest = await sha256Hex(used.kind === 'jwks' ? url : `oidc ${url}`)
      return settings.KEY_SOURCES.getByName(`${settings.ZONE_ID}:${name}:${digest}`)
    },
  }
}

async function failureEvents(url: string): Promise<readonly string[]> {
  const events = await createEventStore(settings.TRAFFIC, settings.ZONE_ID).list({
    limit: 1_000,
    source: 'portcullis',
  })
  return events
    .filter((event) => event.reason === 'key_source_failed')
    .map((event) => event.rule_description)
    .filter((description) => description.includes(url))
}

describe('keys', () => {
  test('are fetched once for everybody who asks at the same time', async () => {
    const { ask, url } = sourceOf('herd')
    provider.answers.set(url, keySet([await publicKey('a')]))
    const readings = await Promise.all(Array.from({ length: 50 }, () => ask()))
    expect(readings.every(({ outcome }) => outcome === 'keys')).toBe(true)
    expect(provider.asked).toEqual([url])
  })

  test('are not sent to who has them already', async () => {
    const { ask, url } = sourceOf('known')
    provider.answers.set(url, keySet([await publicKey('a')]))
    const first = await ask()
    expect(first).toMatchObject({ outcome: 'keys', fetchedAtMs: START_MS })
    const known = first.outcome === 'keys' ? first.digest : ''
    expect(await ask({ known })).toEqual({ outcome: 'unchanged', fetchedAtMs: START_MS })
  })

  test('are still there after the object was restarted', async () => {
    const { ask, url, stub } = sourceOf('restart')
    provider.answers.set(url, keySet([await publicKey('a')]))
    await ask()
    await expect(
      runInDurableObject(await stub(), (_object, state) => state.abort('restart')),
    ).rejects.toThrow()
    provider.answers.clear()
    expect(await ask()).toMatchObject({ outcome: 'keys', keys: [{ kid: 'a' }] })
    expect(provider.asked).toHaveLength(1)
  })

  test.each([
    { name: 'ten minutes without a max-age', headers: {}, seconds: 600 },
    { name: 'the max-age', headers: { 'cache-control': 'max-age=900' }, seconds: 900 },
    { name: 'at least a minute', headers: { 'cache-control': 'no-store' }, seconds: 60 },
    { name: 'at most an hour', headers: { 'cache-control': 'max-age=999999' }, seconds: 3_600 },
  ])('are fetched again after $name', async ({ headers, seconds }) => {
    const { ask, url, stub, status } = sourceOf(`age-${seconds}`)
    provider.answers.set(url, keySet([await publicKey('a')], headers))
    await ask()
    const due = new Date(START_MS + seconds * 1000).toISOString()
    expect(await status()).toMatchObject({ next_refresh_at: due, last_failure: null })
    expect(
      await runInDurableObject(await stub(), (_object, state) => state.storage.getAlarm()),
    ).toBe(START_MS + seconds * 1000)
  })

  test('that were changed at the provider are there after the alarm', async () => {
    const { ask, url, stub } = sourceOf('alarm')
    provider.answers.set(url, keySet([await publicKey('a')]))
    await ask()
    provider.answers.set(url, keySet([await publicKey('b')]))
    later(10 * MINUTE_MS)
    await runDurableObjectAlarm(await stub())
    expect(await ask()).toMatchObject({ outcome: 'keys', keys: [{ kid: 'b' }] })
  })

  test('are not fetched any more when nobody has asked for a day, and forgotten when they are too old', async () => {
    const { ask, url, stub, status } = sourceOf('idle')
    provider.answers.set(url, keySet([await publicKey('a')]))
    await ask()
    later(23 * HOUR_MS)
    await runDurableObjectAlarm(await stub())
    expect(provider.asked).toHaveLength(2)
    later(2 * HOUR_MS)
    await runDurableObjectAlarm(await stub())
    expect(provider.asked).toHaveLength(2)
    expect(await status()).toMatchObject({ keys: [{ kid: 'a' }], next_refresh_at: null })
    later(23 * HOUR_MS)
    await runDurableObjectAlarm(await stub())
    expect(await status()).toBeNull()
    expect(await ask()).toMatchObject({ outcome: 'keys' })
    expect(provider.asked).toHaveLength(3)
  })
})

describe('a key that nobody knows', () => {
  test('is asked for once, and found after a rotation', async () => {
    const { ask, url } = sourceOf('rotation')
    provider.answers.set(url, keySet([await publicKey('old')]))
    await ask()
    provider.answers.set(url, keySet([await publicKey('old'), await publicKey('new')]))
    const readings = await Promise.all(Array.from({ length: 20 }, () => ask({ wanted: 'new' })))
    expect(readings[19]).toMatchObject({ keys: [{ kid: 'old' }, { kid: 'new' }] })
    expect(provider.asked).toHaveLength(2)
    await ask({ wanted: 'new' })
    expect(provider.asked).toHaveLength(2)
  })

  test('made up costs the provider five fetches at once, then one a second, for which all wait together', async () => {
    const { ask, url } = sourceOf('flood')
    provider.answers.set(url, keySet([await publicKey('old')]))
    await ask()
    // The first fetch was one of the five.
    for (let n = 0; n < 4; n++) await ask({ wanted: `made-up-${n}` })
    expect(provider.asked).toHaveLength(5)
    const startedAtMs = performance.now()
    const flood = Array.from({ length: 200 }, (_, n) => ask({ wanted: `more-${n}` }))
    // The rotation comes in the middle of the flood.
    provider.answers.set(url, keySet([await publicKey('new')]))
    expect(await ask({ wanted: 'new' })).toMatchObject({ keys: [{ kid: 'new' }] })
    await Promise.all(flood)
    expect(performance.now() - startedAtMs).toBeGreaterThan(900)
    expect(provider.asked).toHaveLength(6)
  })
})

describe('while the provider fails', () => {
  test('the last good keys stay in force for a day and no longer', async () => {
    const { ask, url, stub, status } = sourceOf('outage')
    provider.answers.set(url, keySet([await publicKey('a')]))
    await ask()
    provider.answers.clear()
    later(10 * MINUTE_MS)
    await runDurableObjectAlarm(await stub())
    expect(await ask()).toMatchObject({ outcome: 'keys', fetchedAtMs: START_MS })
    expect(await status()).toMatchObject({
      keys: [{ kid: 'a' }],
      last_failure: { message: expect.stringMatching(/^status: .* status 404/) },
    })
    vi.setSystemTime(START_MS + 24 * HOUR_MS)
    expect(await ask()).toMatchObject({ outcome: 'keys' })
    later(1)
    expect(await ask()).toMatchObject({ outcome: 'unavailable' })
  })

  test('it is asked after 5 s, then ever more seldom, at last every 5 min, and told about once', async () => {
    const { ask, url, stub } = sourceOf('backoff')
    provider.answers.set(url, keySet([await publicKey('a')]))
    await ask()
    provider.answers.clear()
    later(10 * MINUTE_MS)
    await runDurableObjectAlarm(await stub())
    const waits: number[] = []
    for (let n = 0; n < 8; n++) {
      const at = await runInDurableObject(await stub(), (_object, state) =>
        state.storage.getAlarm(),
      )
      waits.push(((at ?? 0) - Date.now()) / 1000)
      vi.setSystemTime(at ?? 0)
      await runDurableObjectAlarm(await stub())
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 300, 300])
    expect(await failureEvents(url)).toHaveLength(1)
  })
})

describe('a source that never worked', () => {
  test('is asked when somebody needs it, by no alarm, and forgotten in the end', async () => {
    const { ask, status, stub } = sourceOf('never')
    expect(await ask()).toMatchObject({
      outcome: 'unavailable',
      message: expect.stringMatching(/^status: /),
    })
    expect(await status()).toMatchObject({ keys: [], fetched_at: null, next_refresh_at: null })
    await ask()
    expect(provider.asked).toHaveLength(2)
    later(25 * HOUR_MS)
    await runDurableObjectAlarm(await stub())
    expect(provider.asked).toHaveLength(2)
    expect(await status()).toBeNull()
  })
})

describe('a key set is refused by name', () => {
  const tooMany = Array.from({ length: 101 }, (_, n) => ({ kty: 'RSA', kid: `${n}` }))
  test.each<{ reason: string; answer: Answer }>([
    { reason: 'status', answer: () => new Response('', { status: 500 }) },
    { reason: 'not_json', answer: () => new Response('<html>') },
    { reason: 'not_json', answer: () => new Response('[]') },
    { reason: 'not_json', answer: () => new Response(new Uint8Array([0x7b, 0xff, 0x7d])) },
    { reason: 'keys_refused', answer: () => Response.json({}) },
    { reason: 'keys_refused', answer: keySet(tooMany) },
    { reason: 'no_keys', answer: keySet([]) },
    { reason: 'too_large', answer: () => new Response(new Uint8Array(262_145)) },
    { reason: 'unreachable', answer: () => Promise.reject(new Error('no route')) },
    {
      reason: 'redirected',
      answer: () => new Response(null, { status: 302, headers: { location: 'http://10.0.0.1/' } }),
    },
  ])('$reason', async ({ reason, answer }) => {
    const { refresh, url } = sourceOf(`refused-${crypto.randomUUID()}`)
    provider.answers.set(url, answer)
    const refreshed = await refresh()
    expect(refreshed).toMatchObject({ ok: false })
    const [told] = await failureEvents(url)
    expect(told).toMatch(new RegExp(`^${reason}: `))
    expect(refreshed).toEqual({ ok: false, error: { message: told } })
  })

  test('private_address, which is not even asked', async () => {
    const { refresh } = sourceOf('private', { kind: 'jwks', url: 'https://169.254.169.254/keys' })
    expect(await refresh()).toMatchObject({
      error: { message: expect.stringMatching(/^private_address: /) },
    })
    expect(provider.asked).toEqual([])
  })
})

describe('an OpenID provider', () => {
  const issuer = 'https://login.example/tenant/'
  const discovery = 'https://login.example/tenant/.well-known/openid-configuration'
  const keys = 'https://login.example/keys'

  test('names its key set', async () => {
    const { refresh } = sourceOf('oidc', { kind: 'oidc', issuer })
    provider.answers.set(discovery, () => Response.json({ issuer, jwks_uri: keys }))
    provider.answers.set(keys, keySet([await publicKey('a')]))
    expect(await refresh()).toEqual({
      ok: true,
      value: { keys: 1, fetchedAt: new Date(START_MS).toISOString() },
    })
    expect(provider.asked).toEqual([discovery, keys])
  })

  test.each([
    {
      name: 'another issuer',
      told: { issuer: issuer.slice(0, -1), jwks_uri: keys },
      reason: 'issuer_differs',
    },
    { name: 'no issuer', told: { jwks_uri: keys }, reason: 'issuer_differs' },
    { name: 'no key set', told: { issuer }, reason: 'no_jwks_uri' },
    {
      name: 'a private one',
      told: { issuer, jwks_uri: 'https://10.1.2.3/' },
      reason: 'private_address',
    },
    {
      name: 'one without TLS',
      told: { issuer, jwks_uri: 'http://login.example/' },
      reason: 'not_https',
    },
  ])('that names $name is refused', async ({ name, told, reason }) => {
    const { refresh } = sourceOf(`oidc ${name}`, { kind: 'oidc', issuer })
    provider.answers.set(discovery, () => Response.json(told))
    expect(await refresh()).toMatchObject({
      error: { message: expect.stringMatching(new RegExp(`^${reason}: `)) },
    })
    expect(provider.asked).toEqual([discovery])
  })
})
