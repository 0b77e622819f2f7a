import { afterEach, describe, expect, test, vi } from 'vitest'
import { UnsecuredJWT } from 'jose'
import type { KeysReading } from '../../../worker/storage/ports.ts'
import type { TokenRevocation } from '../../../worker/storage/resources/tokens.ts'
import { A, B, configurationOf, NOW, shieldOf, signerOf } from './token-shield.ts'

afterEach(() => vi.restoreAllMocks())

const NEEDS_A = `not is_jwt_valid("${A}")`
const signer = await signerOf('one')
const stranger = await signerOf('one')

/** One configuration with one listed key, and a rule that wants its tokens. */
function simple(more: Parameters<typeof configurationOf>[1] = {}) {
  const configuration = configurationOf(A, { keys: [signer.jwk], ...more })
  return shieldOf({ parts: { token_configuration: [configuration] }, block: [NEEDS_A] })
}

describe('a token', () => {
  test('that is valid lets the request pass', async () => {
    expect(await simple().present(await signer.sign())).toMatchObject({ status: 200, events: [] })
  })

  test.each([
    { name: 'of a stranger', make: () => stranger.sign(), reason: 'signature_invalid' },
    { name: 'with another kid', make: () => signer.sign({}, { kid: 'x' }), reason: 'unknown_key' },
    { name: 'that has expired', make: () => signer.sign({ exp: NOW - 60 }), reason: 'expired' },
    { name: 'of tomorrow', make: () => signer.sign({ nbf: NOW + 61 }), reason: 'not_yet_valid' },
    { name: 'that is no token', make: () => 'abc', reason: 'malformed' },
    {
      name: 'signed by nobody',
      make: () => new UnsecuredJWT({}).encode(),
      reason: 'unsupported_algorithm',
    },
  ])('$name is refused, and the event says why', async ({ make, reason }) => {
    const token = await make()
    const answer = await simple().present(token)
    expect(answer).toMatchObject({
      status: 403,
      finding: { detector: 'token', reason, detail: { configuration_id: A } },
    })
    expect(JSON.stringify(answer.events)).not.toContain(token)
  })

  test('is asked for where the configuration says, and the first place that has one counts', async () => {
    const { ask } = simple({
      token_sources: [
        'http.request.cookies["token"][0]',
        'http.request.headers["authorization"][0]',
      ],
    })
    const token = await signer.sign()
    const authorization = `bearer ${token}`
    expect((await ask({ cookie: `token=${token}` })).status).toBe(200)
    expect((await ask({ authorization })).status).toBe(200)
    expect((await ask({ authorization, cookie: 'token=abc' })).status).toBe(403)
  })

  test('in a header reaches the origin without another that a CGI-like origin takes for it', async () => {
    let sent = new Headers()
    const { ask } = shieldOf({
      parts: {
        token_configuration: [
          configurationOf(A, {
            keys: [signer.jwk],
            token_sources: ['http.request.headers["x-token"][0]'],
          }),
        ],
      },
      block: [NEEDS_A],
      ports: {
        async origin(_base, _target, init) {
          sent = new Headers(init.headers)
          return new Response()
        },
      },
    })
    const token = await signer.sign()
    const { status } = await ask({
      x_token: 'forged',
      'x.token': 'forged',
      'x-token': token,
      x_y: '1',
    })
    expect(status).toBe(200)
    const names = ['x-token', 'x_token', 'x.token', 'x_y']
    expect(names.map((name) => sent.get(name))).toEqual([token, null, null, '1'])
  })

  test('that is absent is no finding', async () => {
    expect(await simple().ask()).toMatchObject({ status: 403, finding: null })
  })

  test('names its key in the event, cut and without control characters', async () => {
    const kid = `\n${'k'.repeat(200)}`
    const { finding } = await simple().present(await signer.sign({}, { kid }))
    expect(finding?.detail).toEqual({ configuration_id: A, kid: `\ufffd${'k'.repeat(63)}` })
  })

  test('seen before costs no public-key operation, until it expires', async () => {
    const { present, clock } = simple()
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const token = await signer.sign()
    for (let n = 0; n < 5; n++) expect((await present(token)).status).toBe(200)
    expect(verify).toHaveBeenCalledTimes(1)
    clock.nowMs = (NOW + 360) * 1000
    expect(await present(token)).toMatchObject({ status: 403, finding: { reason: 'expired' } })
    expect(verify).toHaveBeenCalledTimes(1)
  })

  test('is verified again after any change of a token configuration', async () => {
    const { present, change } = simple()
    const token = await signer.sign()
    expect((await present(token)).status).toBe(200)
    await change({ token_configuration: [configurationOf(A, { keys: [stranger.jwk] })] })
    expect(await present(token)).toMatchObject({ finding: { reason: 'signature_invalid' } })
  })
})

describe('claims', () => {
  test('are fields when the token is valid, and otherwise nothing', async () => {
    const { present } = shieldOf({
      parts: { token_configuration: [configurationOf(A, { keys: [signer.jwk] })] },
      log: [`any(http.request.jwt.claims.sub["${A}"][*] eq "alice")`],
    })
    expect((await present(await signer.sign({ sub: 'alice' }))).events).toHaveLength(1)
    expect((await present(await signer.sign({ sub: 'bob' }))).events).toEqual([])
    expect((await present(await stranger.sign({ sub: 'alice' }))).events).toEqual([])
  })

  test('of all configurations are together in names and values', async () => {
    const other = await signerOf('two')
    const { ask } = shieldOf({
      parts: {
        token_configuration: [
          configurationOf(A, { keys: [signer.jwk] }),
          configurationOf(B, {
            keys: [other.jwk],
            token_sources: ['http.request.headers["x-token"][0]'],
          }),
        ],
      },
      log: [
        `any(http.request.jwt.claims.iss.values[*] eq "b") and any(http.request.jwt.claims.iss.values[*] eq "a") and is_jwt_valid("${B}")`,
      ],
    })
    const headers = {
      authorization: `Bearer ${await signer.sign({ iss: 'a' })}`,
      'x-token': await other.sign({ iss: 'b' }),
    }
    const { events } = await ask(headers)
    expect(events).toHaveLength(1)
    expect(events[0]?.findings.map(({ reason }) => reason)).toEqual(['valid', 'valid'])
  })
})

describe('only the configurations that a rule asks about', () => {
  const other = { kind: 'jwks', url: 'https://provider.example/' } as const

  test('are judged: one that is out of order stops nobody else', async () => {
    const { present, asked } = shieldOf({
      parts: {
        token_configuration: [
          configurationOf(A, { keys: [signer.jwk] }),
          configurationOf(B, { key_source: other }),
        ],
      },
      block: [NEEDS_A],
    })
    expect((await present(await signer.sign())).status).toBe(200)
    expect(asked).toEqual([])
  })

  test('and a token is judged only on an operation whose rule asks', async () => {
    const operation = (id: string, endpoint: string) => ({
      operation_id: id,
      method: 'GET',
      host: 'a.example',
      endpoint,
      last_updated: '',
    })
    const common = { description: '', created_at: '', last_updated: '', enabled: true }
    const parts = {
      token_configuration: [configurationOf(A, { keys: [signer.jwk] })],
      token_rules: [
        {
          rules: [
            {
              ...common,
              id: 'r',
              title: 'tokens',
              action: 'block' as const,
              expression: `is_jwt_valid("${A}")`,
              selector: {
                include: [{ host: ['a.example'] }],
                exclude: [{ operation_ids: ['other'] }],
              },
            },
          ],
        },
      ],
    }
    const covered = shieldOf({ parts: { ...parts, operation: [operation('x', '/x')] } })
    expect(await covered.ask()).toMatchObject({
      status: 403,
      events: [{ source: 'apiShieldTokenValidation', rule_id: 'r' }],
    })
    const excluded = shieldOf({ parts: { ...parts, operation: [operation('other', '/x')] } })
    expect((await excluded.present('abc')).status).toBe(200)
  })
})

describe('keys from elsewhere', () => {
  const key_source = { kind: 'jwks', url: 'https://provider.example/' } as const
  const reading = (keys: readonly (typeof signer.jwk)[]): KeysReading => ({
    outcome: 'keys',
    digest: JSON.stringify(keys),
    keys,
    fetchedAtMs: NOW * 1000,
  })
  const parts = { token_configuration: [configurationOf(A, { key_source })] }

  test('that were never to be had stop the request that presents a token, by name', async () => {
    const { present, ask } = shieldOf({ parts, block: [NEEDS_A] })
    expect(await present(await signer.sign())).toMatchObject({
      status: 503,
      events: [
        {
          reason: 'detector_failed',
          rule_description: expect.stringContaining('keys_unavailable'),
        },
      ],
    })
    expect((await ask()).status).toBe(403)
  })

  test('and with FAIL_OPEN the rule is passed over, with an event', async () => {
    const { present } = shieldOf({
      parts,
      block: [NEEDS_A],
      ports: { failOpen: new Set(['token']) },
    })
    expect(await present(await signer.sign())).toMatchObject({
      status: 200,
      events: [{ action: 'log', reason: 'detector_failed' }],
    })
  })

  test('are asked for again when a token names a new one: it passes at once', async () => {
    let keys = [signer.jwk]
    const asked: (string | null)[] = []
    const { present } = shieldOf({
      parts,
      block: [NEEDS_A],
      tokens: {
        keys: {
          async current({ wanted }) {
            asked.push(wanted)
            return reading(keys)
          },
        },
      },
    })
    const next = await signerOf('two')
    expect((await present(await signer.sign())).status).toBe(200)
    keys = [signer.jwk, next.jwk]
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, n) => next.sign({ jti: `${n}` })),
    )
    const answers = await Promise.all(tokens.map((token) => present(token)))
    expect(answers.map(({ status }) => status)).toEqual(tokens.map(() => 200))
    expect(asked).toEqual([null, 'two'])
  })

  test('of a provider that gives its key no name are asked for when a signature does not fit', async () => {
    const nameless = ({ jwk }: typeof signer) => {
      const { kid: _, ...rest } = jwk
      return rest
    }
    let keys = [nameless(signer)]
    const { present } = shieldOf({
      parts,
      block: [NEEDS_A],
      tokens: { keys: { current: async () => reading(keys) } },
    })
    const next = await signerOf('')
    expect((await present(await signer.sign())).status).toBe(200)
    keys = [nameless(next)]
    expect((await present(await next.sign())).status).toBe(200)
  })

  test('leave those that are listed beside the source out of force', async () => {
    const listed = await signerOf('listed')
    const { present } = shieldOf({
      parts: { token_configuration: [configurationOf(A, { key_source, keys: [listed.jwk] })] },
      block: [NEEDS_A],
      tokens: { keys: { current: async () => reading([signer.jwk]) } },
    })
    expect((await present(await signer.sign())).status).toBe(200)
    expect(await present(await listed.sign())).toMatchObject({ finding: { reason: 'unknown_key' } })
  })

  test('of an issuer are for tokens of this issuer alone', async () => {
    const issuer = 'https://login.example'
    const { present } = shieldOf({
      parts: {
        token_configuration: [configurationOf(A, { key_source: { kind: 'oidc', issuer } })],
      },
      block: [NEEDS_A],
      tokens: { keys: { current: async () => reading([signer.jwk]) } },
    })
    expect((await present(await signer.sign({ iss: issuer }))).status).toBe(200)
    expect(await present(await signer.sign({ iss: 'https://other.example' }))).toMatchObject({
      finding: { reason: 'issuer' },
    })
  })

  test('are not asked for again for a token of another issuer', async () => {
    const issuer = 'https://login.example'
    let asked = 0
    const { present } = shieldOf({
      parts: {
        token_configuration: [configurationOf(A, { key_source: { kind: 'oidc', issuer } })],
      },
      block: [NEEDS_A],
      tokens: {
        keys: {
          async current() {
            asked += 1
            return reading([signer.jwk])
          },
        },
      },
    })
    const other = await signerOf('two')
    expect(await present(await other.sign({ iss: 'https://other.example' }))).toMatchObject({
      finding: { reason: 'unknown_key' },
    })
    expect(asked).toBe(1)
    await present(await other.sign({ iss: issuer }))
    expect(asked).toBe(2)
  })
})

describe('a revocation', () => {
  const entry = (more: Partial<TokenRevocation>) => ({ configuration_id: A, ...more })

  test.each([
    { name: 'of its jti', revoked: entry({ jti: 'j' }), status: 403 },
    { name: 'of another jti', revoked: entry({ jti: 'k' }), status: 200 },
    {
      name: 'of its jti in another configuration',
      revoked: { configuration_id: B, jti: 'j' },
      status: 200,
    },
    { name: 'of its subject', revoked: entry({ sub: 's' }), status: 403 },
    {
      name: 'of its subject before it was issued',
      revoked: entry({ sub: 's', issued_before: NOW - 100 }),
      status: 200,
    },
    {
      name: 'of its subject after it was issued',
      revoked: entry({ sub: 's', issued_before: NOW - 99 }),
      status: 403,
    },
  ])('$name: $status, also of a token that is remembered', async ({ revoked, status }) => {
    const { present, change } = simple()
    const token = await signer.sign({ jti: 'j', sub: 's', iat: NOW - 100 })
    expect((await present(token)).status).toBe(200)
    await change({ token_revocation: [revoked] })
    const answer = await present(token)
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.finding?.reason).toBe('revoked')
  })

  test('of a subject also refuses tokens that do not say when they were issued', async () => {
    const { present, change } = simple()
    await change({ token_revocation: [entry({ sub: 's', issued_before: NOW - 999 })] })
    expect((await present(await signer.sign({ sub: 's' }))).finding?.reason).toBe('revoked')
  })
})

describe('a token that counts once', () => {
  const once = { requirements: { replay: 'once' } } as const

  test('is refused the second time', async () => {
    const { present, claims } = simple(once)
    const token = await signer.sign({ jti: 'j' })
    expect((await present(token)).status).toBe(200)
    expect(await present(token)).toMatchObject({ status: 403, finding: { reason: 'replayed' } })
    expect(claims).toEqual([`${A} j`])
  })

  test.each([
    { name: 'without jti', claims: {}, reason: 'jti_missing' },
    {
      name: 'without exp',
      claims: { jti: 'j', exp: undefined },
      reason: 'expiry_missing',
    },
    { name: 'of a stranger', claims: { jti: 'j' }, by: stranger, reason: 'signature_invalid' },
    { name: 'that has expired', claims: { jti: 'j', exp: NOW - 60 }, reason: 'expired' },
  ])('$name is refused without being remembered', async ({ claims, by = signer, reason }) => {
    const shield = simple(once)
    const { finding } = await shield.present(await by.sign(claims))
    expect(finding?.reason).toBe(reason)
    expect(shield.claims).toEqual([])
  })

  test('stops the request when nobody can say whether it was seen', async () => {
    const { present } = shieldOf({
      parts: { token_configuration: [configurationOf(A, { keys: [signer.jwk], ...once })] },
      block: [NEEDS_A],
      tokens: { replays: { claim: () => Promise.reject(new Error('unreachable')) } },
    })
    expect((await present(await signer.sign({ jti: 'j' }))).status).toBe(503)
  })
})
