import { expect, test } from 'vitest'
import { createKeyedHash, type SessionIdentity } from '#engines/sessions'

const secret = new Uint8Array(32).fill(7)
const IDENTITY: SessionIdentity = { type: 'header', name: 'authorization', value: 'Bearer abc' }

test('the hash is stable, and 16 bytes in hex', async () => {
  const hash = await createKeyedHash({ secret, context: 'zone' })
  const first = await hash(IDENTITY)
  expect(first).toMatch(/^[0-9a-f]{32}$/)
  const again = await createKeyedHash({ secret: Uint8Array.from(secret), context: 'zone' })
  expect(await again(IDENTITY)).toBe(first)
})

test('it depends on the secret, the zone, and every part of the identifier', async () => {
  const other = new Uint8Array(32).fill(8)
  const hashes = await Promise.all([
    hashed({ secret, context: 'zone' }, IDENTITY),
    hashed({ secret: other, context: 'zone' }, IDENTITY),
    hashed({ secret, context: 'other' }, IDENTITY),
    hashed({ secret, context: 'zone' }, { ...IDENTITY, type: 'cookie' }),
    hashed({ secret, context: 'zone' }, { ...IDENTITY, name: 'authorizationB' }),
    hashed({ secret, context: 'zone' }, { ...IDENTITY, value: 'earer abc' }),
  ])
  expect(new Set(hashes).size).toBe(hashes.length)
})

async function hashed(key: Parameters<typeof createKeyedHash>[0], identity: SessionIdentity) {
  const hash = await createKeyedHash(key)
  return hash(identity)
}
