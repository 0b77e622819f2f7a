/** Which signatures hold: every algorithm we name, made by OpenSSL, and none of the others. */
import { describe, expect, test } from 'vitest'

import { decodePem, encodePem, verifyClientCertificate } from '#engines/certificates'

import { readAlgorithm, readPublicKeyInfo } from '../../../engines/certificates/certificate.ts'
import { readElement } from '../../../engines/certificates/der.ts'
import { verifySignature } from '../../../engines/certificates/signatures.ts'

import { bundle, oid, reasonOf, sequence, tlv } from './build.ts'
import { nowMs, readVector } from './support.ts'

/** When the vectors of `signatures/` are valid: OpenSSL dated them the day they were made. */
const signedMs = nowMs + 365 * 86_400_000

/** Null: verified. */
const verdicts = [
  { name: 'rsa-sha256', reason: null },
  { name: 'rsa-sha384', reason: null },
  { name: 'rsa-sha512', reason: null },
  { name: 'pss-sha256', reason: null },
  { name: 'pss-sha384', reason: null },
  { name: 'pss-sha512', reason: null },
  { name: 'pss-salt-0', reason: null },
  { name: 'pss-key', reason: null },
  { name: 'ecdsa-p256-sha256', reason: null },
  { name: 'ecdsa-p384-sha384', reason: null },
  { name: 'ecdsa-p521-sha512', reason: null },
  { name: 'ed25519', reason: null },
  { name: 'rsa-md5', reason: 'weak_signature' },
  { name: 'rsa-sha1', reason: 'weak_signature' },
  { name: 'ecdsa-p256-sha1', reason: 'weak_signature' },
  { name: 'pss-sha1', reason: 'weak_signature' },
  { name: 'pss-mask-sha1', reason: 'malformed' },
]

describe.each(verdicts)('$name', ({ name, reason }) => {
  test(`${reason}`, async () => {
    expect(reasonOf(await verdictOn(name))).toBe(reason)
  })

  test('not after one bit of the signature changed', async () => {
    const verdict = await verdictOn(name, { flip: true })
    expect(verdict.verified).toBe(false)
  })
})

test.each([
  { name: 'rsa-sha1', reason: null },
  { name: 'ecdsa-p256-sha1', reason: null },
  { name: 'rsa-md5', reason: 'weak_signature' },
  { name: 'pss-sha1', reason: 'weak_signature' },
  { name: 'rsa-sha256', reason: null },
])('under an authority that tolerates SHA-1, $name: $reason', async ({ name, reason }) => {
  expect(reasonOf(await verdictOn(name, { allowSha1: true }))).toBe(reason)
  const flipped = await verdictOn(name, { allowSha1: true, flip: true })
  expect(flipped.verified).toBe(false)
})

test('what one authority tolerates, another does not', async () => {
  const [leafDer, authority] = pairOf('rsa-sha1')
  const [, tolerant] = pairOf('rsa-sha256')
  const verdict = await verifyClientCertificate({
    leafDer,
    chainDer: [],
    authorities: [bundle(authority, 'strict'), bundle(tolerant, 'tolerant', true)],
    nowMs: signedMs,
  })
  expect(verdict).toEqual({
    verified: false,
    failure: { reason: 'weak_signature', name: 'SHA1WithRSA' },
  })
})

test.each([
  { name: 'ed448', algorithm: '1.3.101.113' },
  { name: 'dsa-sha256', algorithm: '1.2.840.10040.4.1' },
  { name: 'ecdsa-secp256k1-sha256', algorithm: '1.3.132.0.10' },
])('an authority with a key of $name is refused by name', ({ name, algorithm }) => {
  const [, authority] = pairOf(name)
  expect(() => bundle(authority)).toThrow(`{"reason":"unsupported_algorithm","oid":"${algorithm}"}`)
})

test.each(['ed448', 'dsa-sha256'])(
  'a leaf signed with %s has no way to any authority',
  async (name) => {
    const [leafDer] = pairOf(name)
    const [, authority] = pairOf('ed25519')
    const authorities = [bundle(authority)]
    expect(
      reasonOf(
        await verifyClientCertificate({ leafDer, chainDer: [], authorities, nowMs: signedMs }),
      ),
    ).toBe('unknown_issuer')
  },
)

describe('a key that is marked for PSS', () => {
  const sha256 = '2.16.840.1.101.3.4.2.1'
  const sha384 = '2.16.840.1.101.3.4.2.2'
  const hash = (name: string): Uint8Array => sequence(oid(name), tlv(0x05))
  /** RSASSA-PSS with one hash throughout. */
  const pss = (name: string, salt: number): Uint8Array =>
    sequence(
      oid('1.2.840.113549.1.1.10'),
      sequence(
        tlv(0xa0, hash(name)),
        tlv(0xa1, sequence(oid('1.2.840.113549.1.1.8'), hash(name))),
        tlv(0xa2, tlv(0x02, [salt])),
      ),
    )
  const publicExponent = new Uint8Array([1, 0, 1])
  const pkcs1 = sequence(oid('1.2.840.113549.1.1.11'), tlv(0x05))

  test.each([
    { name: 'its hash and salt', key: pss(sha256, 32), reason: null },
    { name: 'a longer salt than it asks for', key: pss(sha256, 20), reason: null },
    { name: 'a shorter salt', key: pss(sha256, 33), reason: 'bad_signature' },
    { name: 'another hash', key: pss(sha384, 32), reason: 'bad_signature' },
    {
      name: 'any hash when it names none',
      key: sequence(oid('1.2.840.113549.1.1.10')),
      reason: null,
    },
    {
      name: 'no PKCS #1 signature',
      key: pss(sha256, 32),
      algorithm: pkcs1,
      reason: 'bad_signature',
    },
  ])('takes $name: $reason', async ({ key, algorithm, reason }) => {
    const pair = await crypto.subtle.generateKey(
      { name: 'RSA-PSS', modulusLength: 2048, hash: 'SHA-256', publicExponent },
      true,
      ['sign', 'verify'],
    )
    if (!('privateKey' in pair)) throw new Error('an RSA key must come as a pair')
    const exported = await crypto.subtle.exportKey('spki', pair.publicKey)
    if (!(exported instanceof ArrayBuffer)) throw new Error('spki must export as octets')
    const spki = readElement(new Uint8Array(exported))
    const signed = new Uint8Array([1, 2, 3])
    const made = await crypto.subtle.sign(
      { name: 'RSA-PSS', saltLength: 32 },
      pair.privateKey,
      signed,
    )
    const info = spki === null ? null : readPublicKeyInfo(spki)
    const marked = readAlgorithm(readElement(key) ?? undefined)
    const signedWith = readAlgorithm(readElement(algorithm ?? pss(sha256, 32)) ?? undefined)
    if (info === null || marked === null || signedWith === null) throw new Error('not DER')
    const checked = await verifySignature(
      { algorithm: signedWith, signed, signature: new Uint8Array(made) },
      { ...info, algorithm: marked },
    )
    expect(checked.ok ? null : checked.error.reason).toBe(reason)
  })
})

type Wish = { readonly allowSha1?: boolean; readonly flip?: boolean }

async function verdictOn(name: string, { allowSha1 = false, flip = false }: Wish = {}) {
  const [der, authority] = pairOf(name)
  const last = der.length - 1
  const leafDer = flip ? der.map((octet, at) => (at === last ? octet ^ 1 : octet)) : der
  const authorities = [bundle(authority, name, allowSha1)]
  return verifyClientCertificate({ leafDer, chainDer: [], authorities, nowMs: signedMs })
}

/** Leaf as DER and authority as PEM. */
function pairOf(name: string): readonly [Uint8Array, string] {
  const blocks = decodePem(readVector(`signatures/${name}.pem`), ['CERTIFICATE'])
  const [leaf, authority] = blocks.ok ? blocks.value : []
  if (leaf === undefined || authority === undefined) throw new Error(`${name} holds no pair`)
  return [leaf, encodePem('CERTIFICATE', authority)]
}
