/** A sealed value opens with the same secret and context, whole and unchanged, and in no other case. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { open, seal } from '#engines/sealing'

const secret = '5a'.repeat(32)
const context = 'test:1'
const random = (octets: number): Uint8Array<ArrayBuffer> => {
  const filled = new Uint8Array(octets)
  crypto.getRandomValues(filled)
  return filled
}
const plaintext = new Uint8Array(Buffer.from('a private key'))

async function sealed(): Promise<string> {
  const result = await seal(plaintext, { secret, context, random })
  if (!result.ok) throw new Error(result.error.reason)
  return result.value
}

describe('what was sealed', () => {
  test('opens', async () => {
    expect(await open(await sealed(), { secret, context })).toEqual({ ok: true, value: plaintext })
  })

  test('opens whatever it holds', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 3000 }), async (octets) => {
        const text = await seal(new Uint8Array(octets), { secret, context, random })
        if (!text.ok) throw new Error(text.error.reason)
        expect(await open(text.value, { secret, context })).toEqual({
          ok: true,
          value: new Uint8Array(octets),
        })
      }),
      { numRuns: 50 },
    )
  })

  test('opens with the secret as octets', async () => {
    const octets = new Uint8Array(32).fill(0x5a)
    expect(await open(await sealed(), { secret: octets, context })).toMatchObject({ ok: true })
  })

  test('opens tomorrow: the form is fixed', async () => {
    const text =
      'v1.DFlYlNtnl9M6VvJkut-s8Q.3msPzFnR5Saoez8w.kvh-FDO2dcV0koXWtcmLO_mwbvt4dHoOZIi9fOU'
    expect(await open(text, { secret, context })).toEqual({ ok: true, value: plaintext })
  })

  test('never looks the same twice', async () => {
    expect(await sealed()).not.toBe(await sealed())
  })
})

describe('it does not open', () => {
  test.each([
    { name: 'with another secret', key: { secret: '5b'.repeat(32), context } },
    { name: 'in another context', key: { secret, context: 'test:2' } },
  ])('$name', async ({ key }) => {
    expect(await open(await sealed(), key)).toEqual({
      ok: false,
      error: { reason: 'not_authentic' },
    })
  })

  test('after any character changed', async () => {
    const text = await sealed()
    for (const at of text.slice(3).matchAll(/[A-Za-z0-9_-]/g)) {
      const index = at.index + 3
      const other = text[index] === 'A' ? 'B' : 'A'
      const opened = await open(text.slice(0, index) + other + text.slice(index + 1), {
        secret,
        context,
      })
      expect(opened.ok, `character ${index}`).toBe(false)
    }
  })

  test.each([
    { text: '', reason: 'malformed' },
    { text: 'v1', reason: 'malformed' },
    { text: 'v1...', reason: 'malformed' },
    { text: 'v2.AAAA.AAAA.AAAA', reason: 'unknown_version' },
    { text: 'x'.repeat(100_000), reason: 'malformed' },
  ])('when it is %j', async ({ text, reason }) => {
    expect(await open(text, { secret, context })).toMatchObject({ ok: false, error: { reason } })
  })

  test('when a part was added, padded or cut', async () => {
    const text = await sealed()
    for (const damaged of [`${text}.`, `${text}=`, text.slice(0, -1), ` ${text}`, `${text}\n`]) {
      expect((await open(damaged, { secret, context })).ok, JSON.stringify(damaged)).toBe(false)
    }
  })
})

describe('refused', () => {
  test.each([
    { name: '31 octets', given: '5a'.repeat(31), reason: 'secret_too_short' },
    { name: '32 octets', given: '5a'.repeat(32), reason: null },
    { name: '33 octets', given: '5a'.repeat(33), reason: null },
    { name: 'no octets', given: '', reason: 'secret_too_short' },
    { name: 'half an octet more', given: `${'5a'.repeat(32)}5`, reason: 'secret_not_hexadecimal' },
    {
      name: 'a passphrase',
      given: 'correct horse battery staple',
      reason: 'secret_not_hexadecimal',
    },
  ])('a secret of $name: $reason', async ({ given, reason }) => {
    const result = await seal(plaintext, { secret: given, context, random })
    expect(result.ok ? null : result.error.reason).toBe(reason)
  })

  test.each([
    { octets: 65_535, accepted: true },
    { octets: 65_536, accepted: true },
    { octets: 65_537, accepted: false },
  ])('a plaintext of $octets octets: accepted $accepted', async ({ octets, accepted }) => {
    const result = await seal(new Uint8Array(octets), { secret, context, random })
    expect(result.ok).toBe(accepted)
    if (result.ok) expect((await open(result.value, { secret, context })).ok).toBe(true)
  })
})
