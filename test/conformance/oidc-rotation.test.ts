/** The shield in front of tokens of a real OpenID provider: its keys change, it fails, and others try to pass for it. */
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { UnsecuredJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { SecurityEvent } from '../../worker/storage/events.ts'
import {
  type IdentityProvider,
  type KeyGeneration,
  makeKeys,
  signWith,
  startIdentityProvider,
} from '../support/identity-provider.ts'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

const AUDIENCE = 'https://api.example.com'

let origin: Origin
let shield: Shield
let provider: IdentityProvider
let generations: readonly KeyGeneration[]
let strangers: KeyGeneration

beforeAll(async () => {
  generations = await Promise.all([makeKeys('first'), makeKeys('second'), makeKeys('third')])
  strangers = await makeKeys('stranger')
  origin = await startOrigin()
  provider = await startIdentityProvider([generation(0)])
  shield = await startShield({ originUrl: origin.url, allowsPrivateSources: true })
  const { id } = await shield.api<{ id: string }>('POST /zones/{zone}/token_validation/config', {
    title: 'provider',
    description: '',
    token_type: 'JWT',
    token_sources: ['http.request.headers["authorization"][0]'],
    credentials: { keys: [] },
    key_source: { kind: 'oidc', issuer: provider.issuer },
    requirements: { audiences: [AUDIENCE], scopes: ['temperatures'] },
  })
  await shield.api('PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint', {
    rules: [{ action: 'block', expression: `not is_jwt_valid("${id}")` }],
  })
})

afterAll(async () => {
  await shield?.edge.stop()
  provider?.stop()
  origin?.server.close()
})

function generation(index: number): KeyGeneration {
  const found = generations[index]
  if (found === undefined) throw new Error(`there is no generation ${index}`)
  return found
}

async function present(token: string, signal: AbortSignal | null = null): Promise<number> {
  const response = await fetch(`${shield.edge.httpUrl}/x`, {
    headers: { authorization: `Bearer ${token}` },
    signal,
  })
  await response.arrayBuffer()
  return response.status
}

/** What the provider writes into its tokens, as of now. */
function claims(more: object = {}) {
  const now = Math.floor(Date.now() / 1000)
  const { issuer } = provider
  return { iss: issuer, aud: AUDIENCE, scope: 'temperatures', iat: now, exp: now + 300, ...more }
}

/** Tokens that must never pass, whatever keys are in force; `current` signs for the provider just now. */
function forgeries(current: KeyGeneration): readonly (() => Promise<string>)[] {
  const { ES256: key } = current
  return [
    () => signWith(strangers.ES256, claims()),
    () => signWith(strangers.RS256, claims()),
    // Under the name of the right key.
    () => signWith(strangers.ES256, claims(), key.kid),
    () => signWith(strangers.ES256, claims(), `made-up-${crypto.randomUUID()}`),
    () => signWith(key, claims({ exp: Math.floor(Date.now() / 1000) - 120 })),
    () => signWith(key, claims({ iss: 'https://other.example' })),
    () => signWith(key, claims({ aud: 'https://other.example' })),
    async () => new UnsecuredJWT(claims()).encode(),
    async () => `${await signWith(key, claims())}x`,
  ]
}

/** Requests without a pause until it is stopped: good tokens of the provider among forged ones. */
function startLoad() {
  const state = { isStopped: false, current: generation(0), passed: 0, forged: 0 }
  const wrong: string[] = []
  async function honest(alg: 'ES256' | 'RS256'): Promise<void> {
    while (!state.isStopped) {
      const status = await present(await provider.token(alg))
      if (status === 200) state.passed += 1
      else wrong.push(`a valid ${alg} token: ${status}`)
    }
  }
  async function dishonest(): Promise<void> {
    for (let n = 0; !state.isStopped; n++) {
      const all = forgeries(state.current)
      const token = await all[n % all.length]?.()
      const status = await present(token ?? '')
      if (status === 403) state.forged += 1
      else wrong.push(`forgery ${n % all.length}: ${status}`)
    }
  }
  const work = Promise.all([
    honest('ES256'),
    honest('ES256'),
    honest('RS256'),
    honest('RS256'),
    dishonest(),
    dishonest(),
  ])
  return {
    state,
    async stop() {
      state.isStopped = true
      await work
      return { ...state, wrong }
    },
  }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

test('keys that change twice under load refuse no valid token and let no other pass', async () => {
  const load = startLoad()
  const use = async (current: number, ...older: readonly number[]): Promise<void> => {
    provider.rotate([current, ...older].map(generation))
    load.state.current = generation(current)
    await pause(2_000)
  }
  await pause(1_000)
  await use(1, 0)
  await use(1)
  await use(2, 1)
  await use(2)
  const { passed, forged, wrong } = await load.stop()
  expect(wrong).toEqual([])
  expect(passed).toBeGreaterThan(100)
  expect(forged).toBeGreaterThan(10)
  // Written when the configuration was, learned from the first rotation, the second and at most one a second in between.
  expect(provider.fetches()).toBeLessThan(20)
  expect(await present(await signWith(generation(2).ES256, claims()))).toBe(200)
  // The second rotation brought a set without it.
  expect(await present(await signWith(generation(0).ES256, claims()))).toBe(403)
})

test('a flood of made-up key ids costs the provider one fetch a second, and nobody else anything', async () => {
  const before = provider.fetches()
  const startedAtMs = Date.now()
  const flood = Array.from({ length: 300 }, () =>
    signWith(strangers.ES256, claims(), crypto.randomUUID()).then((token) => present(token)),
  )
  const honest = Array.from({ length: 20 }, () =>
    provider.token('ES256').then((token) => present(token)),
  )
  expect(new Set(await Promise.all(honest))).toEqual(new Set([200]))
  expect(new Set(await Promise.all(flood))).toEqual(new Set([403]))
  const seconds = (Date.now() - startedAtMs) / 1000
  expect(provider.fetches() - before).toBeLessThanOrEqual(6 + seconds)
})

test('clients that hang up while they are judged keep nobody waiting', async () => {
  const { signal, abort } = controlled()
  const impatient = Array.from({ length: 50 }, async () => {
    const token = await signWith(strangers.ES256, claims(), crypto.randomUUID())
    await present(token, signal).catch(() => 0)
  })
  await pause(300)
  abort()
  provider.rotate([generation(0), generation(2)])
  const startedAtMs = Date.now()
  expect(await present(await provider.token('ES256'))).toBe(200)
  expect(Date.now() - startedAtMs).toBeLessThan(8_000)
  await Promise.all(impatient)
  provider.rotate([generation(2)])
})

function controlled() {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

test('a provider that is gone stops nobody who has its token', async () => {
  const { ES256: key } = generation(2)
  provider.stop()
  expect(await present(await signWith(key, claims({ jti: 'a' })))).toBe(200)
  // Makes the shield ask the provider, in vain.
  expect(await present(await signWith(strangers.ES256, claims(), 'unknown'))).toBe(403)
  expect(await present(await signWith(key, claims({ jti: 'b' })))).toBe(200)
  const told = await failures()
  expect(
    told.some((text) => text.includes(provider.issuer) && text.startsWith('unreachable: ')),
  ).toBe(true)
})

describe('a key source is refused by name when it', () => {
  const servers: ReturnType<typeof createServer>[] = []

  afterAll(() => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
  })

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }

  const chunk = Buffer.alloc(65_536, ' ')
  const keys = Array.from({ length: 10_000 }, (_, n) => ({ kty: 'oct', kid: `${n}` }))

  test.each<{ name: string; reason: string; listener: RequestListener }>([
    {
      name: 'redirects to a private address',
      reason: 'redirected',
      listener: (_request, response) =>
        void response.writeHead(302, { location: 'http://169.254.169.254/' }).end(),
    },
    { name: 'hangs before the head', reason: 'timeout', listener: () => {} },
    {
      name: 'hangs in the body',
      reason: 'timeout',
      listener: (_request, response) => void response.write('{"keys":['),
    },
    {
      name: 'serves 100 MB',
      reason: 'too_large',
      listener(_request, response) {
        let sent = 0
        const more = (): void => {
          while (sent < 100_000_000 && !response.destroyed) {
            sent += chunk.length
            if (!response.write(chunk)) return void response.once('drain', more)
          }
          response.end()
        }
        more()
      },
    },
    {
      name: 'has 10,000 keys',
      reason: 'too_large|keys_refused',
      listener: (_request, response) => void response.end(JSON.stringify({ keys })),
    },
    {
      name: 'has 101 keys',
      reason: 'keys_refused',
      listener: (_request, response) =>
        void response.end(JSON.stringify({ keys: keys.slice(0, 101) })),
    },
    {
      name: 'is no JSON',
      reason: 'not_json',
      listener: (_request, response) => void response.end('<html>'),
    },
    {
      name: 'hangs up',
      reason: 'unreachable',
      listener: (request) => void request.socket.destroy(),
    },
  ])('$name: $reason', async ({ listener, reason }) => {
    const url = await serve(listener)
    const making = shield.api('POST /zones/{zone}/token_validation/config', {
      title: 'refused',
      description: '',
      token_type: 'JWT',
      token_sources: ['http.request.headers["authorization"][0]'],
      credentials: { keys: [] },
      key_source: { kind: 'jwks', url },
    })
    await expect(making).rejects.toThrow(new RegExp(`(?:${reason}): `))
    const told = await failures()
    expect(told.find((text) => text.includes(url))).toMatch(new RegExp(`^(?:${reason}): `))
  })
})

async function failures(): Promise<readonly string[]> {
  const events = await shield.api<readonly SecurityEvent[]>(
    'GET /zones/{zone}/portcullis/events?source=portcullis',
  )
  return events
    .filter(({ reason }) => reason === 'key_source_failed')
    .map(({ rule_description }) => rule_description)
}
