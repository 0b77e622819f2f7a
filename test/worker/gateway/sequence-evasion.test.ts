/** Ways around sequence rules that clients may try: steps that are refused, crashes, exceptions that hide what was done. */
import { describe, expect, test } from 'vitest'
import { type Asked, sessionShield, type Setup } from './session-shield.ts'

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
