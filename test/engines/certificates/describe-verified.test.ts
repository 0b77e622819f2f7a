/** What is kept of a verified path agrees with Node's reading of the same certificates. */
import { createHash, X509Certificate } from 'node:crypto'
import { expect, test } from 'vitest'
import { describeVerified, readCertificate } from '#engines/certificates'
import { certificateLimits } from '../../../engines/certificates/limits.ts'
import { makeTestAuthority, makeTestLeaf, type TestAuthority } from '../../support/authorities.ts'

const root = await makeTestAuthority({ name: 'root' })
const issuer = await makeTestAuthority({ name: 'issuer', issuer: root })

async function describeLeaf(name: string, options: Parameters<typeof makeTestLeaf>[2] = {}) {
  const leaf = await makeTestLeaf(issuer, name, options)
  const path = [leaf.pem, issuer.pem, root.pem].map(derOf).map((der) => {
    const read = readCertificate(der)
    if (!read.ok) throw new Error(read.error.reason)
    return read.value
  })
  return { leaf, ...(await describeVerified({ authorityId: 'a', path })) }
}

function derOf(pem: string): Uint8Array {
  return new Uint8Array(new X509Certificate(pem).raw)
}

function spki(pem: string): string {
  const key = new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })
  return createHash('sha256').update(key).digest('hex')
}

function serialHex({ certificate }: TestAuthority): string {
  return certificate.serialNumber.toLowerCase()
}

test('keys, names and dates', async () => {
  const notBefore = new Date('2026-01-02T03:04:05Z')
  const { leaf, certificate } = await describeLeaf('sensor', {
    organization: 'Testers',
    notBefore,
    alternativeNames: [
      { type: 'dns', value: 'A.Example' },
      { type: 'email', value: 'Ops@Example.com' },
      { type: 'url', value: 'spiffe://Example/a' },
      { type: 'dns', value: '*.b.example' },
      { type: 'ip', value: '192.0.2.7' },
    ],
  })
  expect(certificate).toMatchObject({
    authorityId: 'a',
    spkiSha256: spki(leaf.pem),
    issuerSpkiSha256: spki(issuer.pem),
    commonName: 'sensor',
    organization: 'Testers',
    alternativeNames: {
      dns: ['a.example', '*.b.example'],
      email: ['Ops@Example.com'],
      uri: ['spiffe://Example/a'],
    },
    notBefore: notBefore.getTime() / 1000,
  })
})

test('each certificate below the anchor by its issuer’s key and its number', async () => {
  const { leaf, links } = await describeLeaf('sensor')
  const named = links.map(({ issuerSpkiSha256, serial }) => ({
    issuer: issuerSpkiSha256,
    serial: Buffer.from(serial).toString('hex'),
  }))
  expect(named).toEqual([
    { issuer: spki(issuer.pem), serial: leaf.serial },
    { issuer: spki(root.pem), serial: serialHex(issuer) },
  ])
})

test('the chain is what lies between leaf and anchor', async () => {
  const { certificate } = await describeLeaf('sensor')
  expect(certificate.chainRfc9440).toBe(`:${Buffer.from(derOf(issuer.pem)).toString('base64')}:`)
})

test.each([
  { count: 0, read: true },
  { count: certificateLimits.elementsMax, read: true },
  { count: certificateLimits.elementsMax + 1, read: false },
])('$count alternative names are read: $read', async ({ count, read }) => {
  const alternativeNames = Array.from({ length: count }, (_, index) => ({
    type: 'dns' as const,
    value: `${index.toString(36)}.x`,
  }))
  const { certificate } = await describeLeaf('sensor', count === 0 ? {} : { alternativeNames })
  expect(certificate.alternativeNames?.dns.length).toBe(read ? count : undefined)
})

test.each([
  ['two common names', 'a, CN=b', null],
  ['two in one', 'a+CN=b', null],
  ['one with what looks like another', 'a\\, CN\\=b', 'a, CN=b'],
])('%s', async (_name, subject, commonName) => {
  expect((await describeLeaf(subject)).certificate.commonName).toBe(commonName)
})
