import { describe, expect, test, vi } from 'vitest'
import { api, portsOf, settings, Z } from '../../support/management.ts'

const call = api('routes')

describe('200', () => {
  test.each([
    ['a bearer token', { authorization: `Bearer ${settings.API_TOKEN}` }],
    [
      'a bearer token, the scheme in another case',
      { authorization: `bearer ${settings.API_TOKEN}` },
    ],
    [
      'an e-mail and the token as key',
      { 'x-auth-email': 'a@example.com', 'x-auth-key': settings.API_TOKEN },
    ],
  ])('%s is let in', async (_name, headers) => {
    const reply = await call<{ id: string; status: string }>('GET /user/tokens/verify', { headers })
    expect(reply).toMatchObject({ status: 200, success: true, errors: [], messages: [] })
    expect(reply.result).toEqual({ id: expect.stringMatching(/^[\da-f]{32}$/), status: 'active' })
  })

  test('the zone is the one of the settings, and no answer may be cached', async () => {
    const reply = await call(`GET ${Z}`)
    expect(reply.result).toMatchObject({ id: settings.ZONE_ID, status: 'active' })
    expect(reply.headers.get('cache-control')).toBe('no-store')
  })
})

describe('401', () => {
  test.each([
    ['nothing', {}],
    ['a wrong token', { authorization: 'Bearer wrong' }],
    ['a token with something behind it', { authorization: `Bearer ${settings.API_TOKEN} x` }],
    ['another scheme', { authorization: `Basic ${settings.API_TOKEN}` }],
    ['an empty bearer token', { authorization: 'Bearer ' }],
    ['a key without an e-mail', { 'x-auth-key': settings.API_TOKEN }],
    ['an e-mail without a key', { 'x-auth-email': 'a@example.com' }],
    ['a wrong key', { 'x-auth-email': 'a@example.com', 'x-auth-key': 'wrong' }],
    ['an enormous token', { authorization: `Bearer ${'a'.repeat(2000)}` }],
  ])('%s is refused, always in the same words', async (_name, headers) => {
    const reply = await call(`GET ${Z}/portcullis/audit`, { headers })
    expect(reply).toMatchObject({ status: 401, success: false, result: null })
    expect(reply.errors).toEqual([{ code: 10000, message: 'Authentication error' }])
  })

  test('a path that does not exist says nothing to a stranger', async () => {
    expect((await call('GET /nowhere', { headers: {} })).status).toBe(401)
  })
})

describe('404', () => {
  test.each([
    ['an unknown path', 'GET /nowhere'],
    ['the root', 'GET /'],
    ['another zone', 'GET /zones/ffffffffffffffffffffffffffffffff/portcullis/audit'],
    ['a path of the zone that does not exist', `GET ${Z}/nowhere`],
  ])('%s', async (_name, line) => {
    const reply = await call(line)
    expect(reply).toMatchObject({ status: 404, success: false, result: null })
    expect(reply.errors[0]?.code).toBe(7003)
  })
})

describe('405', () => {
  test('names the methods that are allowed', async () => {
    const reply = await call(`DELETE ${Z}/schema_validation/settings`)
    expect(reply).toMatchObject({ status: 405, success: false })
    expect(reply.headers.get('allow')).toBe('GET, PUT, PATCH')
  })
})

describe('500', () => {
  test('a bug is logged and tells the caller nothing', async () => {
    const log = vi.spyOn(console, 'error').mockImplementation(() => {})
    const { zone } = portsOf('routes')
    const broken = api('routes', {
      zone: { ...zone, read: () => Promise.reject(new Error('the disk is on fire')) },
    })
    const reply = await broken(`GET ${Z}/schema_validation/settings`)
    expect(reply).toMatchObject({ status: 500, success: false })
    expect(JSON.stringify(reply)).not.toContain('fire')
    expect(log).toHaveBeenCalledWith(expect.stringContaining('the disk is on fire'))
    log.mockRestore()
  })
})

describe('503', () => {
  test.each(['API_TOKEN', 'SEALING_SECRET'] as const)(
    'without %s nobody is let in',
    async (name) => {
      const unset = api('routes', { settings: { ...settings, [name]: '' } })
      const reply = await unset('GET /user/tokens/verify', {
        headers: { authorization: 'Bearer ' },
      })
      expect(reply).toMatchObject({ status: 503, success: false })
      expect(reply.errors[0]?.message).toContain(name)
    },
  )
})
