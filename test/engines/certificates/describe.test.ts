/** Descriptions are OpenSSL's byte for byte: rules compare these strings. */
import { describe, expect, test } from 'vitest'

import { describeCertificate } from '#engines/certificates'

import { make, type Made } from './build.ts'
import { certificateDer, listVectors, readVector } from './support.ts'

type OpenSslRow = Readonly<
  Record<
    | 'file'
    | 'subject_rfc2253'
    | 'issuer_rfc2253'
    | 'subject_legacy'
    | 'issuer_legacy'
    | 'serial'
    | 'subject_key_identifier'
    | 'authority_key_identifier'
    | 'sha1'
    | 'sha256'
    | 'not_before'
    | 'not_after',
    string
  >
>

const rows: readonly OpenSslRow[] = JSON.parse(readVector('certificates/openssl.json'))
const vector = (file: string): Uint8Array<ArrayBuffer> =>
  certificateDer(readVector(`certificates/${file}`))

describe('a description agrees with OpenSSL', () => {
  test('for every certificate of the vectors', () => {
    expect(rows.map(({ file }) => file)).toEqual(listVectors('certificates/'))
  })

  test.each(rows)('$file', async (row) => {
    const described = await describeCertificate({ leafDer: vector(row.file), chainDer: [] })
    expect(described).toMatchObject({
      ok: true,
      value: {
        certSubjectDN: row.subject_rfc2253,
        certSubjectDNRFC2253: row.subject_rfc2253,
        certSubjectDNLegacy: row.subject_legacy,
        certIssuerDN: row.issuer_rfc2253,
        certIssuerDNRFC2253: row.issuer_rfc2253,
        certIssuerDNLegacy: row.issuer_legacy,
        // Ours keeps the sign octet, as Cloudflare's example 00936EACBE07F201DF does.
        certSerial: `${/^[89A-F]/.test(row.serial) ? '00' : ''}${row.serial}`,
        certSKI: row.subject_key_identifier,
        certFingerprintSHA1: row.sha1,
        certFingerprintSHA256: row.sha256,
        certNotBefore: row.not_before,
        certNotAfter: row.not_after,
      },
    })
  })
})

describe('the issuer', () => {
  const issuerSerial = '02489002934BDFEA34'
  const issuerSki = rows.find(({ file }) => file === 'ca.pem')?.subject_key_identifier

  test.each([
    { name: 'by key identifier alone', file: 'plain.pem', chain: [], serial: '', ski: issuerSki },
    {
      name: 'by the issuer that was sent',
      file: 'plain.pem',
      chain: ['ca.pem'],
      serial: issuerSerial,
      ski: issuerSki,
    },
    {
      name: 'by issuer and serial in the leaf',
      file: 'unicode.pem',
      chain: [],
      serial: issuerSerial,
      ski: issuerSki,
    },
    { name: 'unknown', file: 'version1.pem', chain: [], serial: '', ski: '' },
  ])('is named $name', async ({ file, chain, serial, ski }) => {
    const described = await describeCertificate({
      leafDer: vector(file),
      chainDer: chain.map(vector),
    })
    expect(described).toMatchObject({
      value: { certIssuerSerial: serial, certIssuerSKI: ski },
    })
  })
})

test('an issuer that only bears the name is not described, wherever it stands in the chain', async () => {
  const issuer = await make({ subject: 'issuer', serial: Uint8Array.of(5) })
  const namesake = await make({ subject: 'issuer', issuer, serial: Uint8Array.of(6) })
  const leaf = await make({ issuer, ca: false })
  const serialWith = async (...chain: readonly Made[]) => {
    const chainDer = chain.map(({ der }) => der)
    const described = await describeCertificate({ leafDer: new Uint8Array(leaf.der), chainDer })
    return described.ok ? described.value.certIssuerSerial : null
  }
  expect(await serialWith(namesake)).toBe('')
  expect(await serialWith(namesake, issuer)).toBe('05')
})

describe('the RFC 9440 members', () => {
  test('hold the leaf, and the chain without leaf and root', async () => {
    const leafDer = vector('plain.pem')
    const chainDer = ['plain.pem', 'several.pem', 'unicode.pem', 'ca.pem'].map(vector)
    const described = await describeCertificate({ leafDer, chainDer })
    const base64 = (file: string): string => Buffer.from(vector(file)).toString('base64')
    expect(described).toMatchObject({
      value: {
        certRFC9440: `:${base64('plain.pem')}:`,
        certRFC9440TooLarge: false,
        certChainRFC9440: `:${base64('several.pem')}:, :${base64('unicode.pem')}:`,
        certChainRFC9440TooLarge: false,
      },
    })
  })

  // One member is ':' + base64 + ':' and between two stands ', '.
  const memberCharacters = Math.ceil(vector('several.pem').length / 3) * 4 + 4
  const fitting = Math.floor((16 * 1024 + 2) / memberCharacters)

  test.each([
    { name: 'the largest chain that fits', members: fitting, tooLarge: false },
    { name: 'one certificate more', members: fitting + 1, tooLarge: true },
  ])('say whether they were left out: $name', async ({ members, tooLarge }) => {
    const described = await describeCertificate({
      leafDer: vector('plain.pem'),
      chainDer: Array.from({ length: members }, () => vector('several.pem')),
    })
    expect(described).toMatchObject({ value: { certChainRFC9440TooLarge: tooLarge } })
    const chain = described.ok ? described.value.certChainRFC9440 : null
    expect(chain === '').toBe(tooLarge)
  })
})

test.each([
  { name: 'too large', der: new Uint8Array(32_769), reason: 'too_large' },
  { name: 'empty', der: new Uint8Array(), reason: 'malformed' },
  { name: 'cut short', der: vector('plain.pem').slice(0, -1), reason: 'malformed' },
  {
    name: 'followed by an octet',
    der: new Uint8Array([...vector('plain.pem'), 0]),
    reason: 'malformed',
  },
])('a certificate that is $name has no description', async ({ der, reason }) => {
  const described = await describeCertificate({ leafDer: der, chainDer: [] })
  expect(described).toMatchObject({ ok: false, error: { reason } })
})
