/** Ways around sequence rules that clients may try: steps that are refused, crashes, exceptions that hide what was done. */
import { describe, expect, test } from 'vitest'
import { operationId } from '#engines/paths'
import { A, configurationOf } from './token-shield.ts'
import { type Asked, limitOf, sessionShield, type Setup } from './session-shield.ts'

const BALANCE = 'GET api.example/accounts/{var1}/balance'
const TRANSFER = 'POST api.example/accounts/{var1}/transfers'
const LOGOUT = 'POST api.example/logout'
const OPERATIONS = [BALANCE, TRANSFER, LOGOUT]

const look = (asked: Asked = {}) => ['/accounts/a/balance', { session: 's', ...asked }] as const
const transfer = (asked: Asked = {}) =>
  ['/accounts/a/transfers', { method: 'POST', session: 's', ...asked }] as const
const logout = (asked: Asked = {}) =>
  ['/logout', { method: 'POST', session: 's', ...asked }] as const

async function shieldOf(setup: Setup) {
  const shield = await sessionShield({ operations: OPERATIONS, ...setup })
  const status = async (...asked: readonly [string, Asked]) => (await shield.ask(...asked)).status
  return { ...shield, status }
}

describe('a crash does not make forgotten', () => {
  const FORBIDDEN = {
    forbid: [
      { operations: ['GET api.example/accounts/{a}/balance'] },
      { operations: ['POST api.example/accounts/{a}/transfers'] },
    ],
  }

  test.each(['requested', 'answered'] as const)('a first step that forbids, %s', async (counts) => {
    const { status, crash } = await shieldOf({ sequences: [{ ...FORBIDDEN, counts }] })
    expect(await status(...look())).toBe(200)
    await crash()
    expect(await status(...transfer())).toBe(403)
  })

  test('what has interrupted a sequence', async () => {
    const { status, crash } = await shieldOf({
      sequences: [
        {
          require: [
            { operations: ['GET api.example/accounts/{a}/balance'] },
            {
              operations: ['POST api.example/accounts/{a}/transfers'],
              without: ['POST api.example/logout'],
            },
          ],
        },
      ],
    })
    expect(await status(...look())).toBe(200)
    // Long enough for the look to be written.
    await new Promise((resolve) => setTimeout(resolve, 3_500))
    expect(await status(...logout())).toBe(200)
    await crash()
    expect(await status(...transfer())).toBe(403)
  })
})

const SESSION = 'cf.portcullis.session.id'

describe('a step that was refused was not taken', () => {
  const LOOK_FIRST = {
    require: [
      { operations: ['GET api.example/accounts/{a}/balance'] },
      { operations: ['POST api.example/accounts/{a}/transfers'] },
    ],
  }
  const BY_SESSION = { expression: 'true', ratelimit: limitOf(100, [SESSION]) }
  const ON_LOOKS = 'http.request.method eq "GET"'

  test.each([
    { name: 'with one of its session before', limits: [BY_SESSION] },
    { name: 'alone', limits: [] },
  ])('by a limit of another key, $name', async ({ limits }) => {
    const { status } = await shieldOf({
      sequences: [LOOK_FIRST],
      limits: [...limits, { expression: ON_LOOKS, ratelimit: limitOf(1, ['ip.src']) }],
    })
    expect(await status(...look({ session: 'other' }))).toBe(200)
    expect(await status(...look())).toBe(429)
    expect(await status(...transfer())).toBe(403)
  })

  test('by a token rule', async () => {
    const transfers = await idOf(TRANSFER)
    const common = { id: 'r', title: 'tokens', description: '', created_at: '', last_updated: '' }
    const selector = {
      include: [{ host: ['api.example'] }],
      exclude: [{ operation_ids: [transfers] }],
    }
    const expression = `is_jwt_present("${A}")`
    const rule = { ...common, expression, action: 'block' as const, enabled: true, selector }
    const { status } = await shieldOf({
      sequences: [LOOK_FIRST],
      limits: [BY_SESSION],
      zone: { token_configuration: [configurationOf(A)], token_rules: [{ rules: [rule] }] },
    })
    expect(await status(...look())).toBe(403)
    expect(await status(...transfer())).toBe(403)
  })

  test('by a custom rule behind one that asks what the session did', async () => {
    const { status } = await shieldOf({
      sequences: [LOOK_FIRST],
      rules: [
        { expression: 'cf.portcullis.session.repeats ge 100' },
        { expression: 'http.request.headers["x-bad"][0] eq "1"' },
      ],
    })
    const bad = { headers: { 'x-bad': '1' } }
    expect(await status(...look(bad))).toBe(403)
    expect(await status(...transfer())).toBe(403)
    expect(await status(...look())).toBe(200)
    expect(await status(...look(bad))).toBe(403)
    expect(await status(...transfer())).toBe(200)
  })
})

async function idOf(text: string): Promise<string> {
  const [, method = '', host = '', endpoint = ''] = /^(\S+) ([^/]+)(\/.*)$/.exec(text) ?? []
  return operationId({ method, host, endpoint })
}
