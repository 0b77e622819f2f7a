import { expect, test } from 'vitest'
import { openKeys, sealKeys } from '../../../worker/storage/token-secrets.ts'
import { octKey } from '../../support/token-keys.ts'

const OWNER = { secret: '00'.repeat(32), zoneId: 'zone', configurationId: 'configuration' }
const random = (octets: number) => crypto.getRandomValues(new Uint8Array(octets))
const PUBLIC = { kty: 'OKP', crv: 'Ed25519', kid: 'p', alg: 'EdDSA', x: 'AA' } as const
const SECRET = octKey('s')

async function sealedKeys() {
  const sealed = await sealKeys([PUBLIC, SECRET], { ...OWNER, random })
  if (!sealed.ok) throw new Error('the keys are not sealed')
  return sealed.value
}

test('secrets are sealed and open for their configuration; public keys stay as they are', async () => {
  const sealed = await sealedKeys()
  expect(sealed).toEqual([
    PUBLIC,
    { kty: 'oct', kid: 's', alg: 'HS256', sealed_k: expect.any(String) },
  ])
  expect(await openKeys(sealed, OWNER)).toEqual({ ok: true, value: [PUBLIC, SECRET] })
})

test('what is sealed already stays as it is', async () => {
  const sealed = await sealedKeys()
  expect(await sealKeys(sealed, { ...OWNER, random })).toEqual({ ok: true, value: sealed })
})

test.each([
  ['another configuration', { configurationId: 'other' }],
  ['another zone', { zoneId: 'other' }],
  ['another secret', { secret: '11'.repeat(32) }],
])('a secret does not open for %s', async (_name, change) => {
  const opened = await openKeys(await sealedKeys(), { ...OWNER, ...change })
  expect(opened).toMatchObject({ ok: false, error: { reason: 'not_opened' } })
})

test('a Worker without a usable secret seals nothing', async () => {
  const sealed = await sealKeys([SECRET], { ...OWNER, secret: '00', random })
  expect(sealed).toMatchObject({
    ok: false,
    error: { reason: 'not_sealed', detail: 'secret_too_short' },
  })
})
