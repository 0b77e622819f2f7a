/** Sessions that a token's claim may name, and what events say of sessions. */
import { describe, expect, test, vi } from 'vitest'
import { createKeyedHasher } from '../../../worker/gateway/keyed-hash.ts'
import type { SessionIdentifier } from '../../../worker/storage/resources.ts'
import { A, configurationOf, NOW, type Setup, shieldOf, signerOf } from './token-shield.ts'

const PRESENT = 'cf.api_gateway.auth_id_present'
const signer = await signerOf('one')
const stranger = await signerOf('one')

const CLAIM: SessionIdentifier = { type: 'jwt', name: `${A}:$.user.id` }
const HEADER: SessionIdentifier = { type: 'header', name: 'X-Session' }

function identifying(identifiers: readonly SessionIdentifier[], more: Partial<Setup> = {}) {
  return shieldOf({
    parts: {
      token_configuration: [configurationOf(A, { keys: [signer.jwk] })],
      configuration: [{ auth_id_characteristics: identifiers }],
    },
    log: [PRESENT],
    ...more,
  })
}

describe('a session named by a claim', () => {
  test('is there when the token is valid, and its hash stands in the event', async () => {
    const { present } = identifying([CLAIM])
    const { events } = await present(await signer.sign({ user: { id: 42 } }))
    expect(events).toMatchObject([{ session_id: `hash of jwt ${A}:$.user.id 42` }])
  })

  test.each([
    { name: 'the token is a stranger’s', make: () => stranger.sign({ user: { id: 42 } }) },
    { name: 'the token has expired', make: () => signer.sign({ user: { id: 42 }, exp: NOW - 60 }) },
    { name: 'the claim is absent', make: () => signer.sign() },
    { name: 'the claim is an object', make: () => signer.sign({ user: { id: {} } }) },
  ])('is not there when $name', async ({ make }) => {
    const { present } = identifying([CLAIM])
    expect((await present(await make())).events).toEqual([])
  })

  test('gives way to the next identifier when the token is no good', async () => {
    const { ask } = identifying([CLAIM, HEADER])
    const { events } = await ask({ authorization: 'Bearer abc', 'x-session': 's' })
    expect(events).toMatchObject([{ session_id: 'hash of header X-Session s' }])
  })
})

describe('where no claim names sessions', () => {
  test('no token is judged for one', async () => {
    const { ask } = identifying([HEADER])
    const verify = vi.spyOn(crypto.subtle, 'verify')
    const authorization = `Bearer ${await signer.sign()}`
    const { events } = await ask({ authorization, 'x-session': 's' })
    expect(events).toMatchObject([{ session_id: 'hash of header X-Session s', findings: [] }])
    expect(verify).not.toHaveBeenCalled()
    verify.mockRestore()
  })

  test('a request without one has an event without one', async () => {
    const { ask } = identifying([HEADER], { log: [`not ${PRESENT}`] })
    expect((await ask()).events).toMatchObject([{ session_id: null }])
  })
})

test('a claim that no rule asked for names no session in an event: nothing is verified just for that', async () => {
  const { present } = identifying([CLAIM], { log: ['http.host eq "a.example"'] })
  const { events } = await present(await signer.sign({ user: { id: 42 } }))
  expect(events).toMatchObject([{ session_id: null, findings: [] }])
})

describe('the hash of a session', () => {
  const identity = { type: 'header', name: 'x-session', value: 's' } as const

  test.each([
    { name: 'no secret', sealingSecret: undefined },
    { name: 'a short one', sealingSecret: '00'.repeat(31) },
    { name: 'one that is not hexadecimal', sealingSecret: 'zz'.repeat(32) },
  ])('is null with $name', async ({ sealingSecret }) => {
    expect(await createKeyedHasher({ sealingSecret, zoneId: 'z' })(identity)).toBeNull()
  })

  test('is another one in another zone', async () => {
    const sealingSecret = '00'.repeat(32)
    const one = await createKeyedHasher({ sealingSecret, zoneId: 'a' })(identity)
    expect(one).toMatch(/^[0-9a-f]{32}$/)
    expect(await createKeyedHasher({ sealingSecret, zoneId: 'b' })(identity)).not.toBe(one)
  })
})
