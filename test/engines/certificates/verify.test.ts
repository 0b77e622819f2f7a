/** Only a certificate with an unbroken path to a trusted authority is verified, at the right time, for clients. */
import { describe, expect, test } from 'vitest'

import {
  readAuthorityBundle,
  verifyClientCertificate,
  type AuthorityBundle,
  type CertificatePurpose,
} from '#engines/certificates'

import {
  certificateDer,
  certificatePem,
  fromBase64,
  issue,
  makeAuthority,
  nowMs,
  readVector,
} from './support.ts'

type PathVector = {
  readonly id: string
  readonly purpose: CertificatePurpose
  readonly now_ms: number
  readonly anchors: readonly string[]
  readonly leaf: string
  readonly chain: readonly string[]
  readonly reason: string | null
}

const vectors: readonly PathVector[] = JSON.parse(readVector('paths.json'))

function trust(pems: readonly string[]): readonly AuthorityBundle[] {
  return pems.flatMap((pem, index) => {
    const authority = readAuthorityBundle(`authority-${index}`, pem, { allowSha1: false })
    return authority.ok ? [authority.value] : []
  })
}

function verifyVector(vector: PathVector) {
  return verifyClientCertificate({
    leafDer: fromBase64(vector.leaf),
    chainDer: vector.chain.map(fromBase64),
    authorities: trust(vector.anchors.map(certificatePem)),
    nowMs: vector.now_ms,
    purpose: vector.purpose,
  })
}

test.each(vectors)('$id: $reason', async (vector) => {
  const verdict = await verifyVector(vector)
  expect(verdict.verified ? null : verdict.failure.reason).toBe(vector.reason)
})

describe('a certificate we issued', () => {
  test('is verified under its authority, and until the first on the path expires', async () => {
    const authority = await makeAuthority()
    const { certificate, serial_number } = await issue(authority)
    const leafDer = certificateDer(certificate)
    const verdict = await verifyClientCertificate({
      leafDer,
      chainDer: [],
      authorities: trust([(await makeAuthority()).certificate, authority.certificate]),
      nowMs,
    })
    expect(verdict).toMatchObject({
      verified: true,
      authorityId: 'authority-1',
      serialNumber: serial_number,
      validUntil: nowMs / 1000 + 365 * 86_400,
      path: [{ der: leafDer }, { der: certificateDer(authority.certificate) }],
    })
  })

  test.each([
    { name: 'a millisecond before', offsetMs: -1, reason: 'not_yet_valid' },
    { name: 'at its first second', offsetMs: 0, reason: null },
    { name: 'at its last second', offsetMs: 365 * 86_400_000, reason: null },
    { name: 'within its last second', offsetMs: 365 * 86_400_000 + 999, reason: null },
    { name: 'a second after', offsetMs: 365 * 86_400_000 + 1000, reason: 'expired' },
  ])('in time: $name', async ({ offsetMs, reason }) => {
    const authority = await makeAuthority()
    const { certificate } = await issue(authority)
    const verdict = await verifyClientCertificate({
      leafDer: certificateDer(certificate),
      chainDer: [],
      authorities: trust([authority.certificate]),
      nowMs: nowMs + offsetMs,
    })
    expect(verdict.verified ? null : verdict.failure.reason).toBe(reason)
  })

  test.each([
    { name: 'no authority', trusted: 'none', purpose: 'clientAuth', reason: 'unknown_issuer' },
    // Same name, other key: the signature decides.
    { name: 'a namesake', trusted: 'namesake', purpose: 'clientAuth', reason: 'bad_signature' },
    {
      name: 'as a server',
      trusted: 'own',
      purpose: 'serverAuth',
      reason: 'not_a_client_certificate',
    },
    { name: 'for any purpose', trusted: 'own', purpose: 'any', reason: null },
  ] as const)('$name: $reason', async ({ trusted, purpose, reason }) => {
    const authority = await makeAuthority()
    const namesake = await makeAuthority()
    const { certificate } = await issue(authority)
    const pems = { none: [], namesake: [namesake.certificate], own: [authority.certificate] }
    const verdict = await verifyClientCertificate({
      leafDer: certificateDer(certificate),
      chainDer: [],
      authorities: trust(pems[trusted]),
      nowMs,
      purpose,
    })
    expect(verdict.verified ? null : verdict.failure.reason).toBe(reason)
  })

  test('is not verified after any octet of it changed', async () => {
    const authority = await makeAuthority()
    const der = certificateDer((await issue(authority)).certificate)
    const authorities = trust([authority.certificate])
    for (let at = 0; at < der.length; at += 7) {
      const leafDer = der.map((octet, index) => (index === at ? octet ^ 0x10 : octet))
      const verdict = await verifyClientCertificate({ leafDer, chainDer: [], authorities, nowMs })
      expect(verdict.verified, `octet ${at}`).toBe(false)
    }
  })
})

test('an authority that presents itself as a client is refused as self-signed', async () => {
  const { certificate } = await makeAuthority()
  const verdict = await verifyClientCertificate({
    leafDer: certificateDer(certificate),
    chainDer: [],
    authorities: trust([certificate]),
    nowMs,
    purpose: 'any',
  })
  expect(verdict).toEqual({ verified: false, failure: { reason: 'self_signed' } })
})

test.each([
  { count: 9, reason: null },
  { count: 10, reason: null },
  { count: 11, reason: 'chain_too_long' },
])('$count certificates beside the leaf: $reason', async ({ count, reason }) => {
  const authority = await makeAuthority()
  const leafDer = certificateDer((await issue(authority)).certificate)
  const chainDer = Array.from({ length: count }, () => certificateDer(authority.certificate))
  const authorities = trust([authority.certificate])
  const verdict = await verifyClientCertificate({ leafDer, chainDer, authorities, nowMs })
  expect(verdict.verified ? null : verdict.failure.reason).toBe(reason)
})
