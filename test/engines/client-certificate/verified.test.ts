/** The fields of a verified certificate: there with one, missing where it does not say, and all known to the language. */
import { expect, test } from 'vitest'
import {
  readVerifiedCertificateField,
  VERIFIED_CERTIFICATE_FIELDS,
  type VerifiedCertificate,
} from '#engines/client-certificate'
import { fieldIndex } from '#engines/expressions'
import { createFieldSource, type RequestFacts } from '#engines/request-fields'

const certificate: VerifiedCertificate = {
  authorityId: 'a',
  spkiSha256: 'aa',
  issuerSpkiSha256: 'bb',
  commonName: 'sensor',
  organization: null,
  alternativeNames: { dns: ['x.example'], email: [], uri: ['spiffe://x'] },
  notBefore: 1_000,
  notAfter: 3_000,
  chainRfc9440: '',
}

const PREFIX = 'cf.portcullis.client_certificate.'

test.each([
  ['authority_id', 'a'],
  ['spki_sha256', 'aa'],
  ['issuer_spki_sha256', 'bb'],
  ['common_name', 'sensor'],
  ['organization', undefined],
  ['san_dns', ['x.example']],
  ['san_email', []],
  ['san_uri', ['spiffe://x']],
  ['age_seconds', 500],
  ['not_after_seconds', 3_000],
])('%s is %j', (name, value) => {
  expect(readVerifiedCertificateField(PREFIX + name, certificate, 1_500_999)).toEqual(value)
})

test('names that could not be read are missing, not empty', () => {
  const unread = { ...certificate, alternativeNames: null }
  expect(readVerifiedCertificateField(`${PREFIX}san_dns`, unread, 0)).toBeUndefined()
})

test.each([{ verifiedCertificate: null }, {}])('without one every field is missing: %j', (none) => {
  const facts: RequestFacts = {
    method: 'GET',
    scheme: 'https',
    host: 'api.example',
    rawPath: '/',
    path: '/',
    query: '',
    rayId: '',
    clientIp: '',
    nowMs: 0,
    cf: { tlsClientAuth: { certPresented: '1', certVerified: 'SUCCESS' } },
    operation: null,
    sessionIdentifiers: [],
    header: () => null,
    headers: () => [],
    ...none,
  }
  const source = createFieldSource(facts, { detected: new Map(), lists: new Map() })
  for (const field of VERIFIED_CERTIFICATE_FIELDS) {
    expect(fieldIndex(field), field).not.toBe(-1)
    expect(source.field(fieldIndex(field)), field).toBeUndefined()
  }
})
