/** What we issue is what was asked for, nothing more, and reads the same elsewhere. */
import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from 'vitest'

import { describeCertificate, issueClientCertificate } from '#engines/certificates'

import {
  certificateDer,
  issue,
  makeAuthority,
  nowMs,
  randomOctets,
  readRequest,
} from './support.ts'

describe('the authority', () => {
  test('is a self-signed CA without anything below its leaves', async () => {
    const { certificate } = await makeAuthority()
    const parsed = new X509Certificate(certificate)
    expect(parsed.ca).toBe(true)
    expect(parsed.verify(parsed.publicKey)).toBe(true)
    expect(parsed.subject).toBe('O=Portcullis\nCN=Test CA')
    expect(parsed.validToDate.getTime() - parsed.validFromDate.getTime()).toBe(3650 * 86_400_000)
  })

  test('has a positive serial number whatever the randomness', async () => {
    const { certificate } = await makeAuthority()
    expect(new X509Certificate(certificate).serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/)
  })
})

describe('an issued certificate', () => {
  test('is signed by the authority, for clients only, with the names asked for', async () => {
    const authority = await makeAuthority()
    const issued = await issue(authority)
    const parsed = new X509Certificate(issued.certificate)
    const ca = new X509Certificate(authority.certificate)
    expect(parsed.verify(ca.publicKey)).toBe(true)
    expect(parsed.checkIssued(ca)).toBe(true)
    expect(parsed.ca).toBe(false)
    expect(parsed.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2'])
    expect(parsed.subjectAltName).toBe(
      'DNS:sensor-1.example.com, email:ops@example.com, IP Address:192.0.2.7',
    )
  })

  test('is described with the wire members of Cloudflare', async () => {
    const issued = await issue(await makeAuthority())
    const parsed = new X509Certificate(issued.certificate)
    expect(issued).toEqual({
      certificate: expect.stringMatching(/^-----BEGIN CERTIFICATE-----\n/),
      serial_number: String(0x010203),
      fingerprint_sha256: parsed.fingerprint256.replaceAll(':', '').toLowerCase(),
      ski: expect.stringMatching(/^[0-9a-f]{40}$/),
      signature: 'ECDSAWithSHA256',
      issued_on: '2026-11-22T00:00:00Z',
      expires_on: '2027-11-22T00:00:00Z',
      validity_days: 365,
      common_name: 'sensor-1.example.com',
      organization: 'Example, Inc.',
      organizational_unit: 'Sensors',
      country: 'US',
      state: 'Texas',
      location: 'Austin',
    })
  })

  test('carries issuer, subject and key identifiers that match', async () => {
    const authority = await makeAuthority()
    const issued = await issue(authority)
    const [leaf, ca] = await Promise.all(
      [issued.certificate, authority.certificate].map((pem) =>
        describeCertificate({ leafDer: certificateDer(pem), chainDer: [] }),
      ),
    )
    if (!leaf?.ok || !ca?.ok) throw new Error('cannot be described')
    expect(leaf.value.certIssuerDN).toBe(ca.value.certSubjectDN)
    expect(leaf.value.certIssuerSKI).toBe(ca.value.certSKI)
    expect(leaf.value.certSKI).toBe(issued.ski.toUpperCase())
  })

  test.each([
    'cfssl-rsa-2048.pem',
    'openssl-ecdsa-p384.pem',
    'openssl-ecdsa-p521.pem',
    'openssl-ed25519.pem',
    'openssl-rsa-3072-sha384.pem',
    'openssl-ecdsa-p256-names.pem',
  ])('keeps subject and key of %s octet for octet', async (file) => {
    const request = await readRequest(file)
    const authority = await makeAuthority()
    const serial = randomOctets(8).map((octet, index) => (index === 0 ? 1 : octet))
    const input = { request, authority, validityDays: 1, nowMs, serial }
    const issued = await issueClientCertificate(input)
    if (!issued.ok) throw new Error(issued.error.reason)
    const der = Buffer.from(certificateDer(issued.value.certificate))
    expect(der.includes(request.subject.der)).toBe(true)
    expect(der.includes(request.publicKey.der)).toBe(true)
  })
})

describe('issuing is refused', () => {
  test.each([
    { days: 0, reason: 'validity_out_of_range' },
    { days: 1, reason: null },
    { days: 1.5, reason: 'validity_out_of_range' },
    { days: 5475, reason: null },
    { days: 5476, reason: 'validity_out_of_range' },
  ])('validity of $days days: $reason', async ({ days, reason }) => {
    const authority = await makeAuthority(7300)
    const input = { request: await readRequest(), authority, serial: new Uint8Array([1]), nowMs }
    const issued = await issueClientCertificate({ ...input, validityDays: days })
    expect(issued.ok ? null : issued.error.reason).toBe(reason)
  })

  test.each([
    { name: 'empty', serial: [], accepted: false },
    { name: 'zero', serial: [0, 0], accepted: false },
    { name: 'negative', serial: [0x80], accepted: false },
    { name: '20 octets', serial: Array.from({ length: 20 }, () => 1), accepted: true },
    { name: '21 octets', serial: Array.from({ length: 21 }, () => 1), accepted: false },
  ])('serial number $name: accepted $accepted', async ({ serial, accepted }) => {
    const authority = await makeAuthority()
    const request = await readRequest()
    const input = { request, authority, validityDays: 1, nowMs, serial: new Uint8Array(serial) }
    expect((await issueClientCertificate(input)).ok).toBe(accepted)
  })

  test.each([
    { days: 10, reason: null },
    { days: 11, reason: 'outlives_authority' },
  ])('$days days under an authority of ten: $reason', async ({ days, reason }) => {
    const authority = await makeAuthority(10)
    const input = { request: await readRequest(), authority, serial: new Uint8Array([1]), nowMs }
    const issued = await issueClientCertificate({ ...input, validityDays: days })
    expect(issued.ok ? null : issued.error.reason).toBe(reason)
  })

  test('by an authority that is not one', async () => {
    const [authority, other] = await Promise.all([makeAuthority(), makeAuthority()])
    const leaf = await issue(authority)
    const request = await readRequest()
    const serial = new Uint8Array([1])
    const broken = [
      { ...authority, certificate: 'none' },
      { ...authority, certificate: leaf.certificate },
      { ...authority, privateKeyPkcs8: new Uint8Array([1, 2, 3]) },
      { ...authority, privateKeyPkcs8: other.privateKeyPkcs8 },
    ]
    for (const unusable of broken) {
      const input = { request, authority: unusable, validityDays: 1, nowMs, serial }
      const error = { reason: 'authority_unusable' }
      expect(await issueClientCertificate(input)).toMatchObject({ ok: false, error })
    }
  })
})
