/** Against jose: the same tokens are valid, whatever they hold and however they are damaged. */
import * as fc from 'fast-check'
import { jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { decodeBase64Url } from '../../../engines/tokens/base64url.ts'
import { parseJsonObject, readJsonText } from '../../../engines/tokens/strict-json.ts'
import {
  ALGORITHM_NAMES,
  NOW,
  NOW_MS,
  sign,
  type Signer,
  signerOf,
  verifierFor,
} from './support.ts'

const alg = fc.constantFrom(...ALGORITHM_NAMES)
const time = fc.oneof(fc.integer({ min: NOW - 200, max: NOW + 200 }), fc.constant(NOW - 60))
const claims = fc.record(
  {
    exp: time,
    nbf: time,
    iat: fc.integer({ min: 0, max: NOW }),
    iss: fc.constantFrom('a', 'b', 'ä'),
    aud: fc.oneof(fc.constantFrom('x', 'y'), fc.array(fc.constantFrom('x', 'y', 'z'))),
    sub: fc.string({ unit: 'grapheme' }),
    more: fc.jsonValue({ maxDepth: 3 }),
  },
  { requiredKeys: [] },
)

/** How a token is damaged: nothing, one character, a cut, or parts of another. */
const damage = fc.oneof(
  fc.constant({ kind: 'none' as const }),
  fc.record({
    kind: fc.constant('replaced' as const),
    at: fc.nat(),
    by: fc.constantFrom('A', 'z', '_', '-', '.', '=', '+', ' ', '\n', 'é'),
  }),
  fc.record({ kind: fc.constant('cut' as const), at: fc.nat() }),
  fc.record({
    kind: fc.constant('longer' as const),
    by: fc.constantFrom('A', 'AA', '=', '.', '.A'),
  }),
)

test('jose and this engine agree', async () => {
  const accepted = { both: 0 }
  await fc.assert(
    fc.asyncProperty(alg, claims, damage, async (name, content, harm) => {
      const signer = await signerOf(name)
      const token = damaged(await sign(signer, content), harm)
      const requirements = { issuers: ['a', 'ä'], audiences: ['x', 'y'] }
      const verifier = await verifierFor([signer.jwk], requirements, 'configured')
      const verdict = await verifier.verify(token, NOW_MS)
      const isAccepted = await isAcceptedByJose(signer, token)
      if (verdict.valid && isAccepted) accepted.both += 1
      // jose's decoder lets padding, white space and stray bits pass; RFC 7515 does not.
      const isSpeltOtherwise = !verdict.valid && verdict.reason === 'malformed'
      expect(verdict.valid || (isSpeltOtherwise && harm.kind !== 'none' && isAccepted)).toBe(
        isAccepted,
      )
    }),
    { numRuns: 400 },
  )
  expect(accepted.both).toBeGreaterThan(5)
})

test('JSON: what is taken is what JSON.parse reads, and everything it reads without doubles is taken', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 5 })), (object) => {
      const text = JSON.stringify(object)
      const parsed = parseJsonObject(readJsonText(Buffer.from(text)))
      expect(parsed).toEqual({ ok: true, value: JSON.parse(text) })
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (octets) => {
      const parsed = parseJsonObject(readJsonText(octets))
      return !parsed.ok || typeof JSON.parse(Buffer.from(octets).toString()) === 'object'
    }),
  )
})

test('base64url: an encoder and the decoder agree, and no other text decodes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 70 }), (octets) => {
      const text = Buffer.from(octets).toString('base64url')
      expect(decodeBase64Url(text)).toEqual(new Uint8Array(octets))
    }),
  )
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('A', 'B', 'f', '-', '_', '=', '+', ' ') }),
      (text) => {
        const octets = decodeBase64Url(text)
        return octets === null || Buffer.from(octets).toString('base64url') === text
      },
    ),
  )
})

function damaged(
  token: string,
  harm: typeof damage extends fc.Arbitrary<infer T> ? T : never,
): string {
  switch (harm.kind) {
    case 'none':
      return token
    case 'replaced': {
      const at = harm.at % token.length
      return token.slice(0, at) + harm.by + token.slice(at + 1)
    }
    case 'cut':
      return token.slice(0, harm.at % token.length)
    case 'longer':
      return token + harm.by
  }
}

async function isAcceptedByJose({ alg: name, jwk }: Signer, token: string): Promise<boolean> {
  try {
    await jwtVerify(
      token,
      { ...jwk },
      {
        algorithms: [name],
        issuer: ['a', 'ä'],
        audience: ['x', 'y'],
        clockTolerance: 60,
        currentDate: new Date(NOW_MS),
      },
    )
    return true
  } catch {
    return false
  }
}
