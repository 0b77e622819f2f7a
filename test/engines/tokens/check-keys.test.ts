/** Only sound keys that are for verifying come out, and of them only what verifying needs; each refusal says which and why. */
import { describe, expect, test } from 'vitest'
import { checkKeys, type KeyOrigin, TOKEN_LIMITS } from '#engines/tokens'
import { rsaWeakness } from '../../../engines/tokens/rsa-strength.ts'
import { encode, signerOf } from './support.ts'

const ORIGINS: readonly KeyOrigin[] = ['configured', 'edited', 'fetched', 'given']

const { jwk: rsa } = await signerOf('RS256', 'rsa')
const { jwk: ec } = await signerOf('ES256', 'ec')
const { jwk: okp } = await signerOf('EdDSA', 'okp')
const { jwk: oct } = await signerOf('HS256', 'oct')
const { jwk: other } = await signerOf('ES256', 'other')

const secretOf = (octets: number) => Buffer.alloc(octets, 7).toString('base64url')
const numberOf = (value: bigint) => {
  const hex = value.toString(16)
  return Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex').toString('base64url')
}
const without = (key: object, ...members: readonly string[]) =>
  Object.fromEntries(Object.entries(key).filter(([name]) => !members.includes(name)))

describe('sound keys', () => {
  test.each(ORIGINS)(
    '%s: public keys come out as they are, without members of no use',
    (origin) => {
      const more = { use: 'sig', key_ops: ['verify'], x5t: 'x', constructor: 1 }
      const given = [rsa, ec, okp].map((key) => Object.assign({}, key, more))
      expect(checkKeys(given, origin)).toEqual({
        keys: origin === 'given' ? expect.arrayContaining([rsa, ec, okp]) : [rsa, ec, okp],
        issues: [],
        notices: [],
      })
    },
  )

  test.each(['configured', 'edited', 'given'] as const)('%s: secrets', (origin) => {
    expect(checkKeys([oct], origin)).toEqual({ keys: [oct], issues: [], notices: [] })
  })

  test('an RSA key without alg is for RS256, with a notice', () => {
    const { keys, notices } = checkKeys([without(rsa, 'alg')], 'configured')
    expect(keys).toEqual([rsa])
    expect(notices).toEqual([{ code: 110_003, message: expect.stringContaining('RS256') }])
  })

  test('a key on a curve without alg is for the algorithm of the curve', () => {
    const { keys, notices } = checkKeys([without(ec, 'alg'), without(okp, 'alg')], 'configured')
    expect([keys, notices]).toEqual([[ec, okp], []])
  })

  test('fetched or given, a key without alg is left open', () => {
    for (const origin of ['fetched', 'given'] as const) {
      expect(checkKeys([without(rsa, 'alg')], origin).keys).toEqual([without(rsa, 'alg')])
    }
  })

  test('given, the alg of an RSA key is the least of its family', () => {
    const { keys } = checkKeys([{ ...rsa, alg: 'PS384' }], 'given')
    expect(keys.map(({ alg }) => alg)).toEqual(['PS384', 'PS512'])
  })

  test('a secret that is stored already need not be sent again', () => {
    const known = without(oct, 'k')
    expect(checkKeys([known], 'edited')).toEqual({ keys: [known], issues: [], notices: [] })
    expect(checkKeys([known], 'configured').issues).toMatchObject([{ pointer: '/0/k' }])
  })

  test('one key under two algorithms, and the same key twice', () => {
    const keys = [rsa, { ...rsa, alg: 'PS256' }, rsa]
    expect(checkKeys(keys, 'configured')).toMatchObject({ keys: keys.slice(0, 2), issues: [] })
  })

  test('a leading zero in a modulus is not counted', () => {
    const n = 'n' in rsa ? Buffer.from(rsa.n, 'base64url') : Buffer.of()
    const padded = { ...rsa, n: Buffer.concat([Buffer.of(0), n]).toString('base64url') }
    expect(checkKeys([padded], 'configured').issues).toEqual([])
  })
})

/** Each for a key of its own: which member, and what is said. */
const WRONG: readonly (readonly [string, unknown, string, string])[] = [
  ['no object', 'key', '/0', 'object'],
  ['null', null, '/0', 'object'],
  ['a private RSA key', { ...rsa, d: 'AQAB' }, '/0', 'private'],
  ['a private key on a curve', { ...ec, d: 'AQAB' }, '/0', 'private'],
  ['a private key by a part', { ...rsa, p: 'AQAB' }, '/0', 'private'],
  ['no kid', without(ec, 'kid'), '/0/kid', 'required'],
  ['an empty kid', { ...ec, kid: '' }, '/0/kid', 'required'],
  ['a kid that is no text', { ...ec, kid: 7 }, '/0/kid', 'required'],
  ['no modulus', without(rsa, 'n'), '/0/n', 'base64url'],
  ['a modulus in plain base64', { ...rsa, n: 'ab+/' }, '/0/n', 'base64url'],
  ['a padded exponent', { ...rsa, e: 'AQAB=' }, '/0/e', 'base64url'],
  ['2047 bits', { ...rsa, n: numberOf(2n ** 2046n + 1n) }, '/0/n', '2047 bits'],
  ['1024 bits', { ...rsa, n: numberOf(2n ** 1023n + 1n) }, '/0/n', '1024 bits'],
  ['8193 bits', { ...rsa, n: numberOf(2n ** 8192n + 1n) }, '/0/n', '8193 bits'],
  ['an even modulus', { ...rsa, n: numberOf(2n ** 2047n) }, '/0/n', 'even'],
  ['exponent 1', { ...rsa, e: numberOf(1n) }, '/0/n', 'exponent'],
  ['exponent 0', { ...rsa, e: 'AA' }, '/0/n', 'exponent'],
  ['an even exponent', { ...rsa, e: numberOf(65_538n) }, '/0/n', 'exponent'],
  ['a huge exponent', { ...rsa, e: numberOf(2n ** 40n + 1n) }, '/0/n', 'exponent'],
  ['the fingerprint of ROCA', { ...rsa, n: numberOf(rocaModulus()) }, '/0/n', 'ROCA'],
  ['a point beside the curve', { ...ec, y: 'x' in ec ? ec.x : '' }, '/0/x', 'not on P-256'],
  ['a short coordinate', { ...ec, x: 'AQAB' }, '/0/x', '32 octets'],
  ['the point 0, 0', { ...ec, x: secret0(32), y: secret0(32) }, '/0/x', 'not on P-256'],
  ['a short Ed25519 key', { ...okp, x: 'AQAB' }, '/0/x', '32 octets'],
  ['a secret in plain base64', { ...oct, k: `${'+'.repeat(43)}8` }, '/0/k', 'base64url'],
  ['a padded secret', { ...oct, k: `${secretOf(32)}=` }, '/0/k', 'base64url'],
  ['31 octets for HS256', { ...oct, k: secretOf(31) }, '/0/k', 'shorter'],
  ['47 octets for HS384', { ...oct, alg: 'HS384', k: secretOf(47) }, '/0/k', 'too short'],
  ['63 octets for HS512', { ...oct, alg: 'HS512', k: secretOf(63) }, '/0/k', 'too short'],
  ['a huge secret', { ...oct, k: secretOf(TOKEN_LIMITS.secretBytesMax + 1) }, '/0/k', 'at most'],
  ['a secret without alg', without(oct, 'alg'), '/0/alg', 'required'],
]

/** What cannot verify: left out everywhere. */
const UNSUPPORTED: readonly (readonly [string, object])[] = [
  ['for encryption', { ...ec, use: 'enc' }],
  ['key_ops without verify', { ...ec, key_ops: ['encrypt'] }],
  ['key_ops that are no list', { ...ec, key_ops: 'verify' }],
  ['another type', { kty: 'XYZ', kid: 'a' }],
  ['no type', { kid: 'a' }],
  ['another curve', { kty: 'EC', kid: 'a', crv: 'secp256k1', x: ec.kid, y: ec.kid }],
  ['Ed448', { kty: 'OKP', kid: 'a', crv: 'Ed448', x: 'AQAB' }],
  ['X25519', { ...okp, crv: 'X25519' }],
  ['an algorithm of another curve', { ...ec, alg: 'ES384' }],
  ['an algorithm of another type', { ...rsa, alg: 'ES256' }],
  ['a public key for HS256', { ...rsa, alg: 'HS256' }],
  ['a secret for wrapping keys', { ...oct, alg: 'A256KW' }],
  ['none', { ...rsa, alg: 'none' }],
]

describe('keys that are wrong', () => {
  test.each(WRONG)('configured: %s', (_name, key, pointer, words) => {
    const { keys, issues } = checkKeys([key], 'configured')
    expect(keys).toEqual([])
    expect(issues).toEqual([{ pointer, message: expect.stringContaining(words) }])
  })

  test('fetched: they are left out, and the others stay', () => {
    for (const [name, key] of WRONG) {
      const kidOptional = name === 'no kid'
      const { keys, issues, notices } = checkKeys([key, other], 'fetched')
      expect([name, keys.length, issues]).toEqual([name, kidOptional ? 2 : 1, []])
      expect([name, notices.length]).toEqual([name, kidOptional ? 0 : 1])
    }
  })

  test('secrets in a published set are none', () => {
    expect(checkKeys([oct, ec], 'fetched')).toMatchObject({ keys: [ec], issues: [] })
  })

  test('given: of a private key the public half counts', () => {
    const keys = [{ ...ec, d: 'AQAB', key_ops: ['sign'] }]
    expect(checkKeys(keys, 'given')).toEqual({ keys: [ec], issues: [], notices: [] })
  })

  test('given: secrets and public keys do not go together', () => {
    expect(checkKeys([ec, oct], 'given').issues).toMatchObject([{ pointer: '' }])
    expect(checkKeys([ec, oct], 'configured').issues).toEqual([])
  })
})

describe('keys that cannot verify', () => {
  test.each(UNSUPPORTED)('%s', (_name, key) => {
    for (const origin of ['configured', 'given'] as const) {
      const { keys, issues, notices } = checkKeys([key], origin)
      expect([keys, issues]).toEqual([
        [],
        [{ pointer: '', message: 'none of the keys can be used' }],
      ])
      expect(notices).toEqual([{ message: expect.stringContaining('key 0 is left out') }])
    }
    expect(checkKeys([key, other], 'configured')).toMatchObject({ keys: [other], issues: [] })
  })
})

describe('names', () => {
  const namesake = { ...other, kid: 'ec' }

  test('configured: two keys of one name and algorithm are refused, each', () => {
    const { issues } = checkKeys([ec, rsa, namesake], 'configured')
    expect(issues.map(({ pointer }) => pointer)).toEqual(['/0/kid', '/2/kid'])
  })

  test('fetched: neither is used', () => {
    const { keys, notices } = checkKeys([ec, rsa, namesake], 'fetched')
    expect([keys, notices.length]).toEqual([[rsa], 2])
  })

  test('fetched: a key without alg may be meant by any', () => {
    const keys = [rsa, without({ ...(rsa as object), n: numberOf(2n ** 2047n + 9n) }, 'alg')]
    expect(checkKeys(keys, 'fetched').keys).toEqual([])
  })

  test('one name for two types of key', () => {
    expect(checkKeys([rsa, { ...ec, kid: 'rsa' }], 'configured').issues).toEqual([])
  })

  test.each([
    ['below', -1, 0],
    ['at', 0, 0],
    ['above', 1, 1],
  ])('a kid %s the bound', (_name, more, issues) => {
    const kid = 'k'.repeat(TOKEN_LIMITS.kidCharactersMax + more)
    expect(checkKeys([{ ...ec, kid }], 'configured').issues).toHaveLength(issues)
  })
})

describe('how many', () => {
  test.each([
    ['configured', 'configuredKeysMax'],
    ['edited', 'configuredKeysMax'],
    ['fetched', 'fetchedKeysMax'],
  ] as const)('%s', (origin, limit) => {
    for (const [more, issues] of [
      [-1, 0],
      [0, 0],
      [1, 1],
    ] as const) {
      const keys = Array.from({ length: TOKEN_LIMITS[limit] + more }, (_, i) => ({
        ...ec,
        kid: `${i}`,
      }))
      const checked = checkKeys(keys, origin)
      expect(checked.issues).toHaveLength(issues)
      expect(checked.keys).toHaveLength(issues === 0 ? keys.length : 0)
    }
  })

  test('ten thousand keys are not looked at', () => {
    const keys = Array.from({ length: 10_000 }, () => rsa)
    expect(checkKeys(keys, 'fetched').issues).toEqual([
      { pointer: '', message: 'there are more than 100 keys' },
    ])
  })

  test.each([[null], [undefined], ['keys'], [{ keys: [] }]])('no list: %j', (keys) => {
    expect(checkKeys(keys, 'configured').issues).toMatchObject([{ pointer: '' }])
  })

  test('no keys at all', () => {
    expect(checkKeys([], 'configured')).toEqual({ keys: [], issues: [], notices: [] })
  })
})

test('sound moduli have no fingerprint', async () => {
  for (const kid of ['a', 'b', 'c']) {
    const { jwk } = await signerOf('RS256', kid)
    if (!('n' in jwk)) throw new Error('an RSA key has a modulus')
    const [n, e] = [Buffer.from(jwk.n, 'base64url'), Buffer.of(1, 0, 1)]
    expect(rsaWeakness(n, e)).toBeNull()
  }
})

function secret0(octets: number): string {
  return encode('\0'.repeat(octets))
}

/** A power of 65537 modulo the primorial, as the broken library made its primes. */
function rocaModulus(): bigint {
  const primes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n, 37n, 41n, 43n, 47n, 53n, 59n, 61n]
  primes.push(67n, 71n, 73n, 79n, 83n, 89n, 97n, 101n, 103n, 107n, 109n, 113n, 127n, 131n, 137n)
  primes.push(139n, 149n, 151n, 157n, 163n, 167n)
  const primorial = primes.reduce((product, prime) => product * prime, 2n)
  return (65_537n ** 9n % primorial) + primorial * (2n ** 2047n / primorial + 2n)
}
