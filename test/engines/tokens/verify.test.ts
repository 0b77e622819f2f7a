/** A token is valid exactly when the named key signed it, it is in force, and nothing in it can be read in two ways. */
import { describe, expect, test } from 'vitest'
import { TOKEN_LIMITS } from '#engines/tokens'
import {
  ALGORITHM_NAMES,
  encode,
  NOW,
  NOW_MS,
  outcome,
  sign,
  signerOf,
  signText,
  verifierFor,
} from './support.ts'

const CLAIMS = { iss: 'https://issuer.example', sub: 'a', exp: NOW + 600, iat: NOW, jti: 'x' }

describe.each(ALGORITHM_NAMES)('%s', (alg) => {
  test('a good token is valid, and its claims are told', async () => {
    const signer = await signerOf(alg)
    const verifier = await verifierFor([signer.jwk], {}, 'configured')
    const verdict = await verifier.verify(await sign(signer, CLAIMS), NOW_MS)
    expect(verdict).toEqual({
      valid: true,
      header: { alg, kid: 'key-1' },
      claims: CLAIMS,
      claimsText: JSON.stringify(CLAIMS),
      expiresAt: NOW + 600,
      notBefore: null,
      issuedAt: NOW,
      jti: 'x',
    })
  })

  test('any change of the signature or the claims, or another key of that name, spoils it', async () => {
    const signer = await signerOf(alg)
    const other = await signerOf(alg, 'key-2')
    const verifier = await verifierFor([signer.jwk])
    const token = await sign(signer, CLAIMS)
    const [header = '', claims = '', signature = ''] = token.split('.')
    const octets = Buffer.from(signature, 'base64url')
    octets[7] = (octets[7] ?? 0) ^ 1
    const spoilt = [
      `${header}.${claims}.${octets.toString('base64url')}`,
      `${header}.${claims}.`,
      `${header}.${claims}.${octets.subarray(0, -1).toString('base64url')}`,
      `${header}.${claims}.${Buffer.concat([octets, Buffer.of(0)]).toString('base64url')}`,
      `${header}.${claims}.${Buffer.alloc(octets.length).toString('base64url')}`,
      `${header}.${encode({ ...CLAIMS, sub: 'b' })}.${signature}`,
      await sign(other, CLAIMS, { kid: 'key-1' }),
    ]
    for (const text of spoilt) {
      const found = outcome(await verifier.verify(text, NOW_MS))
      expect(found).toBe('signature_invalid, signature invalid')
    }
  })
})

describe('a token is plausible, whoever signed it,', () => {
  const requirements = { issuers: [CLAIMS.iss], audiences: ['api'] }
  const claims = { ...CLAIMS, aud: 'api' }
  test.each([
    ['with claims that would do', claims, true],
    ['not with those of another issuer', { ...claims, iss: 'https://other.example' }, false],
    ['not for another audience', { ...claims, aud: 'other' }, false],
    ['not when it has expired', { ...claims, exp: NOW - 60 }, false],
  ])('%s', async (_name, written, isPlausible) => {
    const verifier = await verifierFor([(await signerOf('ES256')).jwk], requirements)
    const token = await sign(await signerOf('ES256', 'stranger'), written)
    expect(verifier.isPlausible(token, NOW_MS)).toBe(isPlausible)
    expect(outcome(await verifier.verify(token, NOW_MS))).toBe('unknown_key, signature unchecked')
  })

  test('not when it is none', async () => {
    const verifier = await verifierFor([(await signerOf('ES256')).jwk])
    for (const text of ['', 'a.b', 'e30.e30', 'e30.!.e30', 'e30.W10.e30']) {
      expect(verifier.isPlausible(text, NOW_MS)).toBe(false)
    }
  })
})

test('many tokens at once do not disturb one another', async () => {
  const signers = await Promise.all(ALGORITHM_NAMES.map((alg) => signerOf(alg, alg)))
  const verifier = await verifierFor(
    signers.map(({ jwk }) => jwk),
    {},
    'configured',
  )
  const tokens = await Promise.all(
    Array.from({ length: 200 }, (_, serial) => {
      const signer = signers[serial % signers.length]
      if (signer === undefined) throw new Error('there are signers')
      return sign(signer, { serial, pad: 'x'.repeat((serial * 37) % 900) })
    }),
  )
  const verdicts = await Promise.all(tokens.map((token) => verifier.verify(token, NOW_MS)))
  const serials = verdicts.map((verdict) => (verdict.valid ? verdict.claims['serial'] : verdict))
  expect(serials).toEqual(tokens.map((_, serial) => serial))
})

describe('which key', () => {
  test.each([
    ['one key, the token names it', ['a'], 'a', 'valid'],
    ['one key, the token names none', ['a'], null, 'valid'],
    ['one key, the token names another', ['a'], 'b', 'unknown_key, signature unchecked'],
    ['one key without a name', [null], 'b', 'valid'],
    ['two keys, the token names one', ['b', 'a'], 'a', 'valid'],
    ['two keys, the token names none', ['a', 'b'], null, 'kid_missing, signature unchecked'],
    ['two keys, the token names a third', ['a', 'b'], 'c', 'unknown_key, signature unchecked'],
    ['names are compared as they are: case', ['a', 'b'], 'A', 'unknown_key, signature unchecked'],
    ['a path', ['a', 'b'], '../../dev/null', 'unknown_key, signature unchecked'],
    ['a name of every object', ['a', 'b'], '__proto__', 'unknown_key, signature unchecked'],
    ['an injection', ['a', 'b'], "a' or '1'='1", 'unknown_key, signature unchecked'],
  ])('%s', async (_name, kids, kid, expected) => {
    const signer = await signerOf('ES256', 'a')
    const keys = await Promise.all(
      kids.map(async (name) => {
        const { jwk } = await signerOf('ES256', name === null ? 'a' : name)
        const { kid: _kid, ...unnamed } = jwk
        return name === null ? unnamed : jwk
      }),
    )
    const verifier = await verifierFor(keys)
    const { kid: _kid, ...unnamed } = signer.jwk
    const token = await sign({ ...signer, jwk: unnamed }, CLAIMS, kid === null ? {} : { kid })
    expect(outcome(await verifier.verify(token, NOW_MS))).toBe(expected)
  })

  test('a key is for its own algorithm', async () => {
    const signer = await signerOf('PS256')
    const verifier = await verifierFor([{ ...signer.jwk, alg: 'RS256' }], {}, 'configured')
    const found = outcome(await verifier.verify(await sign(signer, CLAIMS), NOW_MS))
    expect(found).toBe('algorithm_mismatch, signature unchecked')
  })

  test('a published key without alg is for every algorithm of its type', async () => {
    const signer = await signerOf('PS384')
    const { alg: _alg, ...open } = signer.jwk
    const verifier = await verifierFor([open], {}, 'fetched')
    expect(outcome(await verifier.verify(await sign(signer, CLAIMS), NOW_MS))).toBe('valid')
  })

  test('without any key every token is refused', async () => {
    const verifier = await verifierFor([])
    const found = outcome(
      await verifier.verify(await sign(await signerOf('ES256'), CLAIMS), NOW_MS),
    )
    expect(found).toBe('keys_unavailable, signature unchecked')
  })
})

describe('headers that lie', () => {
  const SIGNATURE = encode('x'.repeat(32))

  test.each([
    ['no algorithm', { alg: 'none', kid: 'key-1' }, 'unsupported_algorithm'],
    ['no algorithm, in capitals', { alg: 'NONE', kid: 'key-1' }, 'unsupported_algorithm'],
    ['a secret made of the public key', { alg: 'HS256', kid: 'key-1' }, 'algorithm_mismatch'],
    ['another type of key', { alg: 'ES256', kid: 'key-1' }, 'algorithm_mismatch'],
    ['an algorithm in small letters', { alg: 'rs256', kid: 'key-1' }, 'unsupported_algorithm'],
    ['an algorithm that is no text', { alg: ['RS256'], kid: 'key-1' }, 'malformed'],
    ['no alg at all', { kid: 'key-1' }, 'malformed'],
    ['a kid that is no text', { alg: 'RS256', kid: 1 }, 'malformed'],
    ['a kid that is null', { alg: 'RS256', kid: null }, 'malformed'],
    ['an extension', { alg: 'RS256', kid: 'key-1', crit: ['exp'], exp: 1 }, 'crit_not_understood'],
    [
      'an empty list of extensions',
      { alg: 'RS256', kid: 'key-1', crit: [] },
      'crit_not_understood',
    ],
    ['an unencoded payload', { alg: 'RS256', crit: ['b64'], b64: false }, 'b64_false'],
    ['the same without crit', { alg: 'RS256', kid: 'key-1', b64: false }, 'b64_false'],
    ['an encrypted token', { alg: 'RSA-OAEP', enc: 'A256GCM', kid: 'key-1' }, 'encrypted'],
    ['a key of its own', { alg: 'RS256', kid: 'key-9', jwk: { kty: 'RSA' } }, 'unknown_key'],
  ])('%s', async (_name, header, reason) => {
    const rsa = await signerOf('RS256')
    const other = await signerOf('RS256', 'key-2')
    const verifier = await verifierFor([rsa.jwk, other.jwk])
    const token = `${encode(header)}.${encode(CLAIMS)}.${SIGNATURE}`
    expect(outcome(await verifier.verify(token, NOW_MS))).toBe(`${reason}, signature unchecked`)
  })

  test('a secret that is the text of the public key signs nothing', async () => {
    const { jwk } = await signerOf('RS256')
    const secret = new TextEncoder().encode(JSON.stringify(jwk))
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const privateKey = await crypto.subtle.importKey('raw', secret, algorithm, false, ['sign'])
    const header = JSON.stringify({ alg: 'HS256', kid: 'key-1' })
    const token = await signText({ alg: 'HS256', privateKey, jwk }, header, JSON.stringify(CLAIMS))
    const { alg: _alg, ...open } = jwk
    for (const key of [jwk, open]) {
      const found = outcome(await (await verifierFor([key])).verify(token, NOW_MS))
      expect(found).toBe('algorithm_mismatch, signature unchecked')
    }
  })
})

describe('texts that are no tokens', () => {
  test.each([
    ['nothing', '', 'malformed'],
    ['one part', 'a', 'malformed'],
    ['two parts', 'a.b', 'malformed'],
    ['four parts', 'HEADER.e30.AA.AA', 'malformed'],
    ['five parts', 'HEADER.e30.AA.AA.AA', 'encrypted'],
    ['two tokens in one header', 'HEADER.e30.AA, Bearer HEADER.e30.AA', 'malformed'],
    ['six parts', 'HEADER.e30.AA.AA.AA.AA', 'malformed'],
    ['no header', '.e30.AA', 'not_json'],
    ['a header that is no JSON', 'AAAA.e30.AA', 'not_json'],
    ['padding', 'HEADER.e30=.AA', 'malformed'],
    ['white space', 'HEADER.e3 0.AA', 'malformed'],
    ['a line break at the end', 'HEADER.e30.AA\n', 'malformed'],
    ['plain base64', 'HEADER.e30.A+AA', 'malformed'],
    ['stray bits in the claims', 'HEADER.e31.AA', 'malformed'],
    ['stray bits in the signature', 'HEADER.e30.AB', 'malformed'],
    ['a signature that no octets have', 'HEADER.e30.A', 'malformed'],
    ['a letter that looks like one', 'HEADER.е30.AA', 'malformed'],
    ['JSON serialization', '{"payload":"e30","protected":"HEADER","signature":"AA"}', 'malformed'],
  ])('%s', async (_name, text, reason) => {
    const { jwk } = await signerOf('HS256')
    const token = text.replace('HEADER', encode({ alg: 'HS256', kid: 'key-1' }))
    const found = outcome(await (await verifierFor([jwk])).verify(token, NOW_MS))
    expect(found).toBe(`${reason}, signature unchecked`)
  })
})

describe('JSON that can be read in two ways', () => {
  test.each([
    ['a member twice', '{"sub":"a","sub":"b"}', 'duplicate_member'],
    ['a member twice, once escaped', String.raw`{"sub":"a","s\u0075b":"b"}`, 'duplicate_member'],
    ['a member twice, deep inside', '{"a":[{"b":1,"b":1}]}', 'duplicate_member'],
    ['a list', '[]', 'not_json'],
    ['a text', '"a"', 'not_json'],
    ['null', 'null', 'not_json'],
    ['something behind it', '{} {}', 'not_json'],
    ['a comma at the end', '{"a":1,}', 'not_json'],
    ['a number that is none', '{"exp":1e999}', 'not_json'],
    ['a byte order mark', '\ufeff{}', 'not_json'],
    ['colons and quotes in texts', String.raw`{"a:b\"":"\":\\","c":"::"}`, 'valid'],
    ['a member named __proto__', '{"__proto__":{"exp":1}}', 'valid'],
    ['white space around it', ' { "a" : 1 } ', 'valid'],
  ])('claims: %s', async (_name, claims, reason) => {
    const signer = await signerOf('HS256')
    const token = await signText(signer, '{"alg":"HS256","kid":"key-1"}', claims)
    const found = outcome(await (await verifierFor([signer.jwk])).verify(token, NOW_MS))
    expect(found).toBe(reason === 'valid' ? 'valid' : `${reason}, signature valid`)
  })

  test.each([
    ['alg twice', '{"alg":"none","kid":"key-1","alg":"HS256"}', 'duplicate_member'],
    ['kid twice', '{"alg":"HS256","kid":"key-2","kid":"key-1"}', 'duplicate_member'],
  ])('header: %s', async (_name, header, reason) => {
    const signer = await signerOf('HS256')
    const token = await signText(signer, header, '{}')
    const found = outcome(await (await verifierFor([signer.jwk])).verify(token, NOW_MS))
    expect(found).toBe(`${reason}, signature unchecked`)
  })

  test('claims that are not UTF-8', async () => {
    const signer = await signerOf('HS256')
    const input = `${encode('{"alg":"HS256"}')}.${Buffer.from('7b2261223a22ff227d', 'hex').toString('base64url')}`
    const signature = await crypto.subtle.sign('HMAC', signer.privateKey, Buffer.from(input))
    const token = `${input}.${Buffer.from(signature).toString('base64url')}`
    const found = outcome(await (await verifierFor([signer.jwk])).verify(token, NOW_MS))
    expect(found).toBe('not_json, signature valid')
  })
})

describe('bounds', () => {
  const nested = (depth: number) => '{"a":'.repeat(depth - 1) + '{}' + '}'.repeat(depth - 1)
  const wide = (members: number) =>
    JSON.stringify(Object.fromEntries(Array.from({ length: members }, (_, i) => [`m${i}`, 0])))

  test.each([
    ['depth below', nested(TOKEN_LIMITS.depthMax - 1), 'valid'],
    ['depth at', nested(TOKEN_LIMITS.depthMax), 'valid'],
    ['depth above', nested(TOKEN_LIMITS.depthMax + 1), 'too_deep, signature valid'],
    ['members below', wide(TOKEN_LIMITS.membersMax - 1), 'valid'],
    ['members at', wide(TOKEN_LIMITS.membersMax), 'valid'],
    ['members above', wide(TOKEN_LIMITS.membersMax + 1), 'too_many_members, signature valid'],
  ])('%s', async (_name, claims, expected) => {
    const signer = await signerOf('HS256')
    const token = await signText(signer, '{"alg":"HS256"}', claims)
    const found = outcome(await (await verifierFor([signer.jwk])).verify(token, NOW_MS))
    expect(found).toBe(expected)
  })

  test.each([
    ['below', -1, 'valid'],
    ['at', 0, 'valid'],
    ['above', 1, 'too_large, signature unchecked'],
  ])('a token %s the bound', async (_name, more, expected) => {
    const signer = await signerOf('HS256')
    // The header and a space or two make up for what base64 cannot hit.
    const tokens = await Promise.all(
      Array.from({ length: 12 }, (_, index) => {
        const header = `{"alg":"HS256"${' '.repeat(index % 3)}}`
        const room = TOKEN_LIMITS.tokenCharactersMax + more - encode(header).length - 45
        const claims = `{${' '.repeat(Math.floor((room * 3) / 4) - 2 - Math.floor(index / 3))}}`
        return signText(signer, header, claims)
      }),
    )
    const token = tokens.find(({ length }) => length === TOKEN_LIMITS.tokenCharactersMax + more)
    const verifier = await verifierFor([signer.jwk])
    expect(outcome(await verifier.verify(token ?? '', NOW_MS))).toBe(expected)
  })

  test('a header above the bound', async () => {
    const signer = await signerOf('HS256')
    const header = JSON.stringify({ alg: 'HS256', x: 'x'.repeat(TOKEN_LIMITS.headerCharactersMax) })
    const token = await signText(signer, header, '{}')
    const found = outcome(await (await verifierFor([signer.jwk])).verify(token, NOW_MS))
    expect(found).toBe('too_large, signature unchecked')
  })
})

describe('times', () => {
  test.each([
    ['exp to come', { exp: NOW + 1 }, {}, 'valid'],
    ['exp over, within the skew', { exp: NOW - 59 }, {}, 'valid'],
    ['exp over at the end of the skew', { exp: NOW - 60 }, {}, 'expired, signature valid'],
    [
      'no skew: over at the second',
      { exp: NOW },
      { clock_skew_seconds: 0 },
      'expired, signature valid',
    ],
    ['no skew: just before', { exp: NOW + 0.5 }, { clock_skew_seconds: 0 }, 'valid'],
    ['nbf at the end of the skew', { nbf: NOW + 60 }, {}, 'valid'],
    ['nbf beyond the skew', { nbf: NOW + 61 }, {}, 'not_yet_valid, signature valid'],
    ['iat to come', { iat: NOW + 9999 }, {}, 'valid'],
    ['exp as text', { exp: `${NOW + 1}` }, {}, 'claims_malformed, signature valid'],
    ['exp null', { exp: null }, {}, 'claims_malformed, signature valid'],
    ['nbf as text', { nbf: '0' }, {}, 'claims_malformed, signature valid'],
    ['iat as an object', { iat: {} }, {}, 'claims_malformed, signature valid'],
    ['negative exp', { exp: -1 }, {}, 'expired, signature valid'],
    ['no exp', {}, {}, 'valid'],
    [
      'no exp, and one is required',
      {},
      { require_expiry: true },
      'expiry_missing, signature valid',
    ],
  ])('%s', async (_name, claims, requirements, expected) => {
    const signer = await signerOf('HS256')
    const verifier = await verifierFor([signer.jwk], requirements)
    const token = await signText(signer, '{"alg":"HS256"}', JSON.stringify(claims))
    expect(outcome(await verifier.verify(token, NOW_MS))).toBe(expected)
  })

  test('a token that was valid is asked its times again', async () => {
    const signer = await signerOf('HS256')
    const verifier = await verifierFor([signer.jwk])
    const verdict = await verifier.verify(await sign(signer, { exp: NOW, nbf: NOW - 9 }), NOW_MS)
    if (!verdict.valid) throw new Error(verdict.reason)
    expect(verifier.recheck(verdict, NOW_MS + 59_999)).toBe(verdict)
    expect(outcome(verifier.recheck(verdict, NOW_MS + 60_000))).toBe('expired, signature valid')
    expect(outcome(verifier.recheck(verdict, NOW_MS - 70_000))).toBe(
      'not_yet_valid, signature valid',
    )
  })
})
