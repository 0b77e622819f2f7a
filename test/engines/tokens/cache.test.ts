/** A cache gives back what was put in, for that very text only, and never holds more than its bounds. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { createTokenCache, type ValidToken } from '#engines/tokens'

const verdictOf = (jti: string): ValidToken => ({
  valid: true,
  header: { alg: 'ES256', kid: null },
  claims: {},
  claimsText: '{}',
  expiresAt: null,
  notBefore: null,
  issuedAt: null,
  jti,
})

test('a text is found as it is, and no other', () => {
  const cache = createTokenCache()
  const verdict = verdictOf('a')
  cache.set('a.b.c', verdict)
  expect(cache.get(['a', 'b', 'c'].join('.'))).toBe(verdict)
  expect(cache.get('a.b.C')).toBeUndefined()
  expect(cache.get('a.b.c ')).toBeUndefined()
})

test('cleared, it knows nothing', () => {
  const cache = createTokenCache()
  cache.set('a', verdictOf('a'))
  cache.clear()
  expect(cache.get('a')).toBeUndefined()
})

test('what is asked for stays, what is not goes', () => {
  const cache = createTokenCache({ entriesMax: 8, charactersMax: 1000 })
  for (let index = 0; index < 50; index++) {
    cache.set(`token-${index}`, verdictOf(`${index}`))
    cache.set('asked for', cache.get('asked for') ?? verdictOf('asked for'))
  }
  expect(cache.get('asked for')?.jti).toBe('asked for')
  expect(cache.get('token-49')?.jti).toBe('49')
  expect(cache.get('token-0')).toBeUndefined()
})

test('a token longer than half the bound is not kept', () => {
  const cache = createTokenCache({ entriesMax: 8, charactersMax: 10 })
  cache.set('12345', verdictOf('at'))
  cache.set('123456', verdictOf('above'))
  expect([cache.get('12345')?.jti, cache.get('123456')]).toEqual(['at', undefined])
})

test('a token keeps nothing of the header that it stood in', () => {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect !== 'function') throw new Error('there is no gc')
  const cache = createTokenCache()
  collect()
  const before = process.memoryUsage().heapUsed
  for (let n = 0; n < 300; n++) {
    const cookies = Buffer.from(`other=${'x'.repeat(100_000)}; token=${'t'.repeat(100)}${n}`)
    const [token = ''] = cookies.toString('latin1').split('token=').slice(1)
    cache.set(token, verdictOf(`${n}`))
  }
  collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5_000_000)
  expect(cache.get(`${'t'.repeat(100)}299`)?.jti).toBe('299')
})

test('the bounds hold whatever is put in and asked for', () => {
  const step = fc.record({ size: fc.integer({ min: 1, max: 40 }), isRead: fc.boolean() })
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 200 }),
      fc.integer({ min: 2, max: 20 }),
      fc.integer({ min: 2, max: 300 }),
      (steps, entriesMax, charactersMax) => {
        const cache = createTokenCache({ entriesMax, charactersMax })
        const texts = steps.map(({ size }, index) => `${index}`.padStart(size, 'x'))
        for (const [index, { isRead }] of steps.entries()) {
          const text = texts[index] ?? ''
          cache.set(text, verdictOf(text))
          if (isRead) cache.get(texts[index >> 1] ?? '')
        }
        // Asking from the newest on moves what is found to the young, and cannot bring back anything.
        const held = texts.toReversed().filter((text) => cache.get(text)?.jti === text)
        const characters = held.reduce((sum, { length }) => sum + length, 0)
        return held.length <= entriesMax && characters <= charactersMax
      },
    ),
  )
})
