import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { api, type Caller, callerOf, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'
import { octKey } from '../../../support/token-keys.ts'

const PATH = `${Z}/api_gateway/configuration`
const body = (...auth_id_characteristics: unknown[]) => ({ body: { auth_id_characteristics } })
const header = (name: string) => ({ type: 'header', name })

async function tokenConfiguration(call: Caller): Promise<string> {
  const reply = await call<{ readonly id: string }>(`POST ${Z}/token_validation/config`, {
    body: {
      title: 't',
      description: '',
      token_type: 'JWT',
      token_sources: ['http.cookie'],
      credentials: { keys: [octKey('a')] },
    },
  })
  return reply.result.id
}

describe('200', () => {
  test('there are no identifiers before somebody names some', async () => {
    const reply = await api('configuration-none')(`GET ${PATH}`)
    expect(reply.result).toEqual({ auth_id_characteristics: [] })
  })

  test('identifiers are kept as they are written', async () => {
    const ports = portsOf('configuration-kept')
    const call = callerOf(ports)
    const id = await tokenConfiguration(call)
    const identifiers = [
      header('Authorization'),
      { type: 'cookie', name: 'Session' },
      { type: 'jwt', name: `${id}:$.sub` },
      { type: 'jwt', name: `${id}:$['https://example.com/ids'][0]` },
    ]
    const saved = await call(`PUT ${PATH}`, body(...identifiers))
    expect(saved).toMatchObject({ status: 200, result: { auth_id_characteristics: identifiers } })
    expect((await call(`GET ${PATH}`)).result).toEqual(saved.result)
  })

  test('normalize writes header names in lower case, each once', async () => {
    const call = api('configuration-normalize')
    const saved = await call(
      `PUT ${PATH}?normalize=true`,
      body(header('X-Key'), header('x-key'), { type: 'cookie', name: 'Key' }),
    )
    expect(saved.result).toEqual({
      auth_id_characteristics: [header('x-key'), { type: 'cookie', name: 'Key' }],
    })
  })

  test('normalize reads what was written otherwise', async () => {
    const call = api('configuration-normalized-read')
    await call(`PUT ${PATH}`, body(header('X-Key')))
    const read = await call(`GET ${PATH}?normalize=true`)
    expect(read.result).toEqual({ auth_id_characteristics: [header('x-key')] })
  })
})

describe('400', () => {
  test.each([
    ['an unknown type', body({ type: 'ip', name: 'x' })],
    ['no name', body({ type: 'header' })],
    ['an empty name', body(header(''))],
    ['a claim without its configuration', body({ type: 'jwt', name: '$.sub' })],
    [
      'a claim of a configuration that is not there',
      body({ type: 'jwt', name: `${NO_SUCH_ID}:$.sub` }),
    ],
    ['a path that is none', body({ type: 'jwt', name: `${NO_SUCH_ID}:$[?@.a]` })],
    ['a path to several values', body({ type: 'jwt', name: `${NO_SUCH_ID}:$.roles[*]` })],
    ['a name above the bound', body(header('x'.repeat(LIMITS.identifierNameCharactersMax + 1)))],
    [
      'more than the bound',
      body(...Array.from({ length: LIMITS.identifiersMax + 1 }, () => header('x'))),
    ],
    ['no list', { body: {} }],
  ])('%s is refused', async (_name, options) => {
    const reply = await api('configuration-400')(`PUT ${PATH}`, options)
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]?.source?.pointer).toMatch(/^\/auth_id_characteristics/)
  })

  test('normalize must be true or false', async () => {
    expect((await api('configuration-400')(`GET ${PATH}?normalize=1`)).status).toBe(400)
  })
})
