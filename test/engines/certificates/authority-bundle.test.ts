/** An uploaded bundle becomes anchors and helpers, or is refused with the certificate that is at fault. */
import { describe, expect, test } from 'vitest'

import { decodePem, encodePem, readAuthorityBundle } from '#engines/certificates'

import { certificateLimits as limits } from '../../../engines/certificates/limits.ts'

import {
  bundle,
  make,
  oid,
  reasonOf,
  sequence,
  text,
  tlv,
  verify,
  type ExtraExtension,
  type Made,
} from './build.ts'
import { nowMs, readVector } from './support.ts'

const lax = { allowSha1: false }

describe('in a bundle', () => {
  test('whoever is issued by another one is an intermediate, all others are anchors', async () => {
    const root = await make({ subject: 'root' })
    const upper = await make({ issuer: root, subject: 'upper' })
    const lower = await make({ issuer: upper, subject: 'lower' })
    const stranger = await make({ issuer: await make(), subject: 'cross-signed' })
    const { anchors, intermediates } = bundle(join(lower, stranger, root, upper))
    expect(anchors.map(derOf)).toEqual([stranger.der, root.der])
    expect(intermediates.map(derOf)).toEqual([lower.der, upper.der])
  })

  test('an intermediate helps, but is not trusted by itself', async () => {
    const root = await make({ notAfterMs: nowMs + 1000 })
    const intermediate = await make({ issuer: root })
    const leaf = await make({ issuer: intermediate, ca: false })
    const authorities = [bundle(join(root, intermediate))]
    expect(await verify(leaf, [], { authorities })).toMatchObject({
      verified: true,
      validUntil: nowMs / 1000 + 1,
      path: [{ der: leaf.der }, { der: intermediate.der }, { der: root.der }],
    })
    const later = await verify(leaf, [], { authorities, nowMs: nowMs + 2000 })
    expect(reasonOf(later)).toBe('expired')
  })

  test('intermediates of one authority help to reach another', async () => {
    const root = await make()
    const other = await make()
    const intermediate = await make({ issuer: root })
    const helping = await make({ issuer: other, keys: intermediate.keys, subject: 'intermediate' })
    const leaf = await make({ issuer: helping, ca: false })
    const authorities = [bundle(other.pem, 'other'), bundle(join(root, intermediate), 'root')]
    const verdict = await verify(leaf, [], { authorities, chainDer: [helping.der] })
    expect(verdict).toMatchObject({ verified: true, authorityId: 'other' })
  })

  test('a root that changed its key: the new certificate signed with the old key is an intermediate', async () => {
    const old = await make({ subject: 'root' })
    const newer = await make({ subject: 'root' })
    const newWithOld = await make({ issuer: old, subject: 'root', keys: newer.keys })
    const { anchors, intermediates } = bundle(join(newer, newWithOld, old))
    expect(anchors.map(derOf)).toEqual([newer.der, old.der])
    expect(intermediates.map(derOf)).toEqual([newWithOld.der])
  })

  test('an expired certificate is read: dates are asked when clients come', async () => {
    const expired = await make({ notAfterMs: nowMs })
    const [anchor] = bundle(expired.pem).anchors
    expect(anchor?.certificate.notAfter).toBe(nowMs / 1000)
  })
})

describe('a bundle is refused', () => {
  test.each([
    {
      name: 'without certificate',
      pem: 'none',
      error: { reason: 'pem', error: { reason: 'no_block' } },
    },
    {
      name: 'with something else in it',
      pem: encodePem('PRIVATE KEY', new Uint8Array([1])),
      error: { reason: 'pem', error: { reason: 'wrong_label', label: 'PRIVATE KEY' } },
    },
  ])('$name', ({ pem, error }) => {
    expect(readAuthorityBundle('a', pem, lax)).toEqual({ ok: false, error })
  })

  test('in which two authorities sign each other and nobody is left to trust', async () => {
    const [a, b] = [await make({ subject: 'a' }), await make({ subject: 'b' })]
    const [aByB, bByA] = [
      await make({ issuer: b, subject: 'a', keys: a.keys }),
      await make({ issuer: a, subject: 'b', keys: b.keys }),
    ]
    const read = readAuthorityBundle('a', join(aByB, bByA), lax)
    expect(read).toEqual({ ok: false, error: { reason: 'no_anchor' } })
  })

  test('with every fault named by place and subject', async () => {
    const root = await make({ subject: 'root' })
    const leaf = await make({ issuer: root, ca: false, subject: 'leaf' })
    const bare = await make({ issuer: root, subject: 'bare', without: ['authority'] })
    const keyless = await make({ subject: 'keyless', without: ['subject', 'authority'] })
    const broken = encodePem('CERTIFICATE', new Uint8Array([0x30, 0]))
    const pem = [join(root, leaf, root, bare, keyless), broken].join('')
    const read = readAuthorityBundle('a', pem, lax)
    expect(read.ok ? null : read.error).toEqual({
      reason: 'faulty_certificates',
      faults: [
        { position: 2, subject: 'CN=leaf', failure: { reason: 'issuer_not_a_ca' } },
        { position: 3, subject: 'CN=root', failure: { reason: 'duplicate', of: 1 } },
        { position: 4, subject: 'CN=bare', failure: { reason: 'missing_key_identifier' } },
        { position: 5, subject: 'CN=keyless', failure: { reason: 'missing_key_identifier' } },
        { position: 6, subject: null, failure: { reason: 'malformed', detail: 'structure' } },
      ],
    })
  })

  test.each([
    { size: limits.bundleCertificatesMax, accepted: true },
    { size: limits.bundleCertificatesMax + 1, accepted: false },
  ])('with more than the most certificates: $size, $accepted', async ({ size, accepted }) => {
    const keys = (await make()).keys
    const many = await Promise.all(Array.from({ length: size }, () => make({ keys })))
    const read = readAuthorityBundle('a', join(...many), lax)
    expect(read.ok).toBe(accepted)
    if (!read.ok) expect(read.error.reason).toBe('too_many_certificates')
  })

  test.each(['rsa-sha1', 'rsa-md5'])(
    'not for the own signature of an anchor, which nobody asks: %s',
    (name) => {
      const [, root = ''] = splitPem(readVector(`signatures/${name}.pem`))
      expect(readAuthorityBundle('a', root, lax).ok).toBe(true)
    },
  )
})

test('basic constraints must be critical in an anchor, and need not be in an intermediate', async () => {
  const value = sequence(tlv(0x01, [0xff]))
  const careless = { ca: false, extensions: [{ oid: '2.5.29.19', critical: false, value }] }
  const root = await make()
  const intermediate = await make({ ...careless, issuer: root })
  const leaf = await make({ issuer: intermediate, ca: false })
  const authorities = [bundle(join(root, intermediate))]
  expect(reasonOf(await verify(leaf, [], { authorities }))).toBeNull()
  const read = readAuthorityBundle('a', (await make(careless)).pem, lax)
  const failure = { reason: 'malformed', detail: 'basicConstraints not critical' }
  expect(read).toMatchObject({ error: { faults: [{ position: 1, failure }] } })
})

describe('an anchor that names itself as issuer must name its own key', () => {
  const keyIdentifier = tlv(0x80, [1, 2, 3])
  const issuerOf = (commonName: string): Uint8Array =>
    tlv(0xa1, tlv(0xa4, sequence(tlv(0x31, sequence(oid('2.5.4.3'), text(0x0c, commonName))))))
  const serial = (value: number): Uint8Array => tlv(0x82, [value])
  test.each([
    { name: 'nothing', parts: null, failure: null },
    {
      name: 'itself by issuer and serial number',
      parts: [issuerOf('root'), serial(1)],
      own: true,
      failure: null,
    },
    { name: 'another key', parts: [keyIdentifier], failure: 'malformed' },
    {
      name: 'another serial number',
      parts: [issuerOf('root'), serial(2)],
      own: true,
      failure: 'malformed',
    },
    {
      name: 'another issuer',
      parts: [issuerOf('stranger'), serial(1)],
      own: true,
      failure: 'malformed',
    },
    {
      name: 'an issuer without serial number',
      parts: [issuerOf('root')],
      own: true,
      failure: 'malformed',
    },
    { name: 'a serial number without issuer', parts: [serial(1)], own: true, failure: 'malformed' },
    { name: 'no key', parts: [issuerOf('root'), serial(1)], failure: 'missing_key_identifier' },
  ])('$name: $failure', async ({ parts, own, failure }) => {
    const { keys } = await make()
    const ownKey = await keyIdentifierOf(keys.publicKeyDer)
    const value = parts === null ? null : sequence(...(own === true ? [ownKey] : []), ...parts)
    const extensions: readonly ExtraExtension[] =
      value === null ? [] : [{ oid: '2.5.29.35', critical: false, value }]
    const root = await make({ subject: 'root', keys, without: ['authority'], extensions })
    const read = readAuthorityBundle('a', root.pem, lax)
    const faults = !read.ok && read.error.reason === 'faulty_certificates' ? read.error.faults : []
    expect(faults.map((fault) => fault.failure.reason)).toEqual(failure === null ? [] : [failure])
  })
})

/** [0] keyIdentifier as RFC 5280 §4.2.1.2 (1) makes it. */
async function keyIdentifierOf(publicKeyDer: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  // A P-256 key ends with its point, 65 octets.
  const digest = await crypto.subtle.digest('SHA-1', publicKeyDer.slice(-65))
  return tlv(0x80, new Uint8Array(digest))
}

function join(...certificates: readonly Made[]): string {
  return certificates.map(({ pem }) => pem).join('')
}

function splitPem(pem: string): readonly string[] {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  return blocks.ok ? blocks.value.map((der) => encodePem('CERTIFICATE', der)) : []
}

function derOf({
  certificate,
}: {
  readonly certificate: { readonly der: Uint8Array }
}): Uint8Array {
  return certificate.der
}
