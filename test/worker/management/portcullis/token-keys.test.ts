import { describe, expect, test } from 'vitest'
import type { TokenConfiguration } from '../../../../worker/storage/resources/tokens.ts'
import { api, NO_SUCH_ID, Z } from '../../../support/management.ts'
import { octKey } from '../../../support/token-keys.ts'

const pathOf = (id: string) => `${Z}/portcullis/token_validation/config/${id}/keys`

const body = (members: object) => ({
  title: 't',
  description: '',
  token_type: 'JWT',
  token_sources: ['http.cookie'],
  credentials: { keys: [octKey('own')] },
  ...members,
})

describe('200', () => {
  test('the keys of a configuration that lists them, without their secrets', async () => {
    const call = api('token-keys-own')
    const made = await call<TokenConfiguration>(`POST ${Z}/token_validation/config`, {
      body: body({}),
    })
    const reply = await call(`GET ${pathOf(made.result.id)}`)
    expect(reply).toMatchObject({ status: 200 })
    expect(reply.result).toEqual({
      key_source: null,
      keys: [{ kid: 'own', alg: 'HS256', kty: 'oct' }],
      fetched_at: null,
      next_refresh_at: null,
      last_failure: null,
    })
  })

  test('what the source of a configuration gave last, and how it fares', async () => {
    const status = {
      keys: [{ kid: 'theirs', kty: 'RSA' }],
      fetched_at: '2026-01-01T00:00:00.000Z',
      next_refresh_at: '2026-01-01T00:10:00.000Z',
      last_failure: { at: '2026-01-01T00:05:00.000Z', message: 'It answered with status 500.' },
    }
    const fetched = { ok: true, value: { keys: 1, fetchedAt: status.fetched_at } } as const
    const call = api('token-keys-source', {
      keySources: {
        refresh: () => Promise.resolve(fetched),
        status: () => Promise.resolve(status),
      },
    })
    const key_source = { kind: 'jwks', url: 'https://id.example.com/keys' }
    const made = await call<TokenConfiguration>(`POST ${Z}/token_validation/config`, {
      body: body({ key_source, credentials: { keys: [] } }),
    })
    const reply = await call(`GET ${pathOf(made.result.id)}`)
    expect(reply.result).toEqual({ key_source, ...status })
  })
})

describe('404', () => {
  test('a configuration that is not there', async () => {
    expect((await api('token-keys-404')(`GET ${pathOf(NO_SUCH_ID)}`)).status).toBe(404)
  })
})
