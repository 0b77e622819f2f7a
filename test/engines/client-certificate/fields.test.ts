/** Each field mirrors one member, with the type the rules language gives it, and tolerates every absence. */
import { describe, expect, test } from 'vitest'

import { CLIENT_CERTIFICATE_FIELDS, readClientCertificateField } from '#engines/client-certificate'

const prefix = 'cf.tls_client_auth.cert_'

describe('booleans', () => {
  test.each([
    { field: 'presented', member: 'certPresented', value: '1', expected: true },
    { field: 'presented', member: 'certPresented', value: '0', expected: false },
    { field: 'presented', member: 'certPresented', value: 1, expected: false },
    { field: 'verified', member: 'certVerified', value: 'SUCCESS', expected: true },
    { field: 'verified', member: 'certVerified', value: 'NONE', expected: false },
    { field: 'verified', member: 'certVerified', value: 'FAILED:x', expected: false },
    { field: 'verified', member: 'certVerified', value: true, expected: false },
    { field: 'revoked', member: 'certRevoked', value: '1', expected: true },
    { field: 'revoked', member: 'certRevoked', value: '0', expected: false },
    { field: 'rfc9440_too_large', member: 'certRFC9440TooLarge', value: true, expected: true },
    { field: 'rfc9440_too_large', member: 'certRFC9440TooLarge', value: 'true', expected: false },
    {
      field: 'chain_rfc9440_too_large',
      member: 'certChainRFC9440TooLarge',
      value: true,
      expected: true,
    },
  ])('$field of $value is $expected', ({ field, member, value, expected }) => {
    expect(readClientCertificateField(prefix + field, { [member]: value })).toBe(expected)
  })
})

test('strings are handed on as they are', () => {
  const auth = { certSubjectDN: 'CN=a', certIssuerSKI: 'A5', certNotAfter: 7 }
  expect(readClientCertificateField(`${prefix}subject_dn`, auth)).toBe('CN=a')
  expect(readClientCertificateField(`${prefix}issuer_ski`, auth)).toBe('A5')
  expect(readClientCertificateField(`${prefix}not_after`, auth)).toBe('')
})

test.each([undefined, null, 'text', {}])(
  'without a certificate (%j) every field has its default',
  (auth) => {
    expect(CLIENT_CERTIFICATE_FIELDS).toHaveLength(21)
    for (const field of CLIENT_CERTIFICATE_FIELDS) {
      const value = readClientCertificateField(field, auth)
      expect(value === '' || value === false, field).toBe(true)
    }
  },
)

test('a member of the prototype is no member', () => {
  const auth = Object.create({ certVerified: 'SUCCESS' })
  expect(readClientCertificateField(`${prefix}verified`, auth)).toBe(false)
})

test('other names are not ours', () => {
  expect(readClientCertificateField('cf.tls_version', {})).toBeUndefined()
})
