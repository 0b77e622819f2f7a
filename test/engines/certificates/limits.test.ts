/** Each bound on certificates holds exactly: below and at it things are read, above it they are refused. */
import { describe, expect, test } from 'vitest'

import { readAuthorityBundle, verifyClientCertificate } from '#engines/certificates'

import { readAlternativeNames } from '../../../engines/certificates/alternative-names.ts'
import { readCertificate, readExtensionList } from '../../../engines/certificates/certificate.ts'
import { readElement } from '../../../engines/certificates/der.ts'
import { certificateLimits as limits } from '../../../engines/certificates/limits.ts'
import { readName } from '../../../engines/certificates/names.ts'
import { encodePem } from '../../../engines/certificates/pem.ts'
import { classifyPublicKey } from '../../../engines/certificates/public-keys.ts'
import { generateSigningKeys, signCertificate } from '../../../engines/certificates/sign.ts'
import { loadX509 } from '../../../engines/certificates/x509.ts'

import { certificateDer, issue, makeAuthority, nowMs } from './support.ts'

/** Below, at and above `bound`. */
function around(bound: number) {
  return [bound - 1, bound, bound + 1].map((size) => ({ size, accepted: size <= bound }))
}

test.each(around(limits.nameAttributesMax))(
  '$size attributes in a name: $accepted',
  ({ size, accepted }) => {
    const attribute = encode(0x31, encode(0x30, [...oid(0x55, 4, 3), ...encode(0x0c, [0x61])]))
    const name = readName(encode(0x30, repeat(size, attribute)))
    expect(name !== null).toBe(accepted)
  },
)

test.each(around(limits.extensionsMax))('$size extensions: $accepted', ({ size, accepted }) => {
  const extensions = Array.from({ length: size }, (_, index) =>
    encode(0x30, [...oid(0x55, 1, index), ...encode(0x04, [])]),
  )
  expect(
    readExtensionList(
      encode(
        0x30,
        extensions.flatMap((der) => Array.from(der)),
      ),
    ) !== null,
  ).toBe(accepted)
})

test('the same extension twice is refused', () => {
  const extension = encode(0x30, [...oid(0x55, 1, 1), ...encode(0x04, [])])
  expect(readExtensionList(encode(0x30, repeat(2, extension)))).toBeNull()
})

test.each(around(limits.alternativeNamesMax))(
  '$size alternative names: $accepted',
  ({ size, accepted }) => {
    expect(readAlternativeNames(encode(0x30, repeat(size, encode(0x82, [0x61])))) !== null).toBe(
      accepted,
    )
  },
)

test.each(around(limits.nameCharactersMax))(
  'a name of $size characters: $accepted',
  ({ size, accepted }) => {
    const names = encode(0x30, encode(0x82, repeat(size, [0x61])))
    expect(readAlternativeNames(names) !== null).toBe(accepted)
  },
)

test.each([
  { name: 'a zero octet', content: [0x61, 0x00, 0x62] },
  { name: 'a space', content: [0x61, 0x20] },
  { name: 'an octet above ASCII', content: [0xe9] },
  { name: 'nothing', content: [] },
])('an alternative name with $name is refused', ({ content }) => {
  expect(readAlternativeNames(encode(0x30, encode(0x82, content)))).toBeNull()
})

test.each([
  { bits: 2040, reason: 'weak_key' },
  { bits: 2048, reason: null },
  { bits: 2056, reason: null },
  { bits: 8184, reason: null },
  { bits: 8192, reason: null },
  { bits: 8200, reason: 'weak_key' },
])('an RSA key of $bits bits: $reason', ({ bits, reason }) => {
  const modulus = encode(0x02, [0, 0x80, ...repeat(bits / 8 - 1, [1])])
  const key = new Uint8Array(encode(0x30, [...modulus, ...encode(0x02, [1, 0, 1])]))
  const parameters = readElement(encode(0x05, []))
  const algorithm = { oid: '1.2.840.113549.1.1.1', parameters, der: new Uint8Array() }
  const result = classifyPublicKey({ der: key, algorithm, key })
  expect(result.ok ? null : result.error.reason).toBe(reason)
})

test.each(around(limits.certificateBytesMax))(
  'a certificate of $size octets is too large: not $accepted',
  ({ size, accepted }) => {
    const read = readCertificate(new Uint8Array(size))
    expect(read).toMatchObject({
      ok: false,
      error: { reason: accepted ? 'malformed' : 'too_large' },
    })
  },
)

test.each(around(limits.intermediatesMax))(
  '$size intermediates: $accepted',
  async ({ size, accepted }) => {
    const chain = await makeChain(size)
    const root = readAuthorityBundle('root', encodePem('CERTIFICATE', chain.root), {
      allowSha1: false,
    })
    if (!root.ok) throw new Error(root.error.reason)
    const verdict = await verifyClientCertificate({
      leafDer: chain.leaf,
      chainDer: chain.intermediates,
      authorities: [root.value],
      nowMs,
    })
    expect(verdict.verified ? null : verdict.failure.reason).toBe(accepted ? null : 'path_too_long')
  },
)

describe('signature checks', () => {
  test.each([
    { size: limits.signatureChecksMax - 1, reason: 'bad_signature' },
    { size: limits.signatureChecksMax, reason: 'bad_signature' },
    { size: limits.signatureChecksMax + 1, reason: 'search_exhausted' },
  ])('$size authorities of one name, none the right one: $reason', async ({ size, reason }) => {
    const namesakes = await Promise.all(Array.from({ length: size }, () => makeAuthority()))
    const verdict = await verifyClientCertificate({
      leafDer: certificateDer((await issue(await makeAuthority())).certificate),
      chainDer: [],
      authorities: namesakes.flatMap(({ certificate }) => {
        const read = readAuthorityBundle('namesake', certificate, { allowSha1: false })
        return read.ok ? [read.value] : []
      }),
      nowMs,
    })
    expect(verdict.verified ? null : verdict.failure.reason).toBe(reason)
  })
})

/** A root, that many intermediates and a leaf, each signed by the one before. */
async function makeChain(intermediates: number) {
  const x509 = await loadX509()
  const made: Uint8Array[] = []
  let issuer = { name: 'level 0', keys: await generateSigningKeys() }
  for (let level = 0; level <= intermediates + 1; level += 1) {
    const keys = level === 0 ? issuer.keys : await generateSigningKeys()
    const name = `level ${level}`
    const publicKey = new x509.PublicKey(keys.publicKeyDer)
    const issuerKey = new x509.PublicKey(issuer.keys.publicKeyDer)
    const contents = {
      subjectDer: new Uint8Array(new x509.Name([{ CN: [name] }]).toArrayBuffer()),
      issuerDer: new Uint8Array(new x509.Name([{ CN: [issuer.name] }]).toArrayBuffer()),
      publicKeyDer: keys.publicKeyDer,
      serial: new Uint8Array([level + 1]),
      notBefore: nowMs / 1000,
      notAfter: nowMs / 1000 + 3600,
      extensions: [
        new x509.BasicConstraintsExtension(level <= intermediates, undefined, true),
        await x509.SubjectKeyIdentifierExtension.create(publicKey, false, crypto),
        await x509.AuthorityKeyIdentifierExtension.create(issuerKey, false, crypto),
      ],
    }
    const { der } = await signCertificate(x509, contents, issuer.keys.privateKey)
    made.push(der)
    issuer = { name, keys }
  }
  const [root, ...rest] = made
  const leaf = rest.at(-1)
  if (root === undefined || leaf === undefined) throw new Error('a chain has two ends')
  return { root, leaf, intermediates: rest.slice(0, -1) }
}

function encode(tag: number, content: ArrayLike<number>): Uint8Array {
  const octets = Array.from(content)
  const { length } = octets
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return new Uint8Array([tag, ...header, ...octets])
}

function oid(...octets: readonly number[]): readonly number[] {
  return [...encode(0x06, octets)]
}

function repeat(count: number, octets: ArrayLike<number>): readonly number[] {
  return Array.from({ length: count }, () => Array.from(octets)).flat()
}
