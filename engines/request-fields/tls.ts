/**
 * Fields about the TLS connection and the client's certificate: what it says of itself, which is for a detector to believe,
 * and what is asked of it only once it was verified.
 */
import {
  CLIENT_CERTIFICATE_FIELDS,
  readClientCertificateField,
  readVerifiedCertificateField,
  VERIFIED_CERTIFICATE_FIELDS,
} from '#engines/client-certificate'
import type { FieldReader } from './field-source.ts'
import { tlsFingerprintOf } from './tls-fingerprint.ts'

/** What the edge says of `cert_verified` and `cert_revoked` never counts: the detector fills them, or they are missing. */
const JUDGED = new Set(['cf.tls_client_auth.cert_verified', 'cf.tls_client_auth.cert_revoked'])

export const TLS_FIELDS: { readonly [field: string]: FieldReader } = {
  'cf.tls_version': text('tlsVersion'),
  'cf.tls_cipher': text('tlsCipher'),
  'cf.tls_ciphers_sha1': text('tlsClientCiphersSha1'),
  'cf.tls_client_extensions_sha1': text('tlsClientExtensionsSha1'),
  'cf.tls_client_extensions_sha1_le': text('tlsClientExtensionsSha1Le'),
  'cf.tls_client_random': text('tlsClientRandom'),
  'cf.tls_client_hello_length'(x) {
    const length = Number(x.cf['tlsClientHelloLength'] ?? Number.NaN)
    return Number.isInteger(length) ? length : undefined
  },
  'cf.portcullis.tls_fingerprint': (x) => tlsFingerprintOf(x.cf) ?? undefined,
  ...presentedFields(),
  ...verifiedFields(),
}

function presentedFields(): { readonly [field: string]: FieldReader } {
  const told = CLIENT_CERTIFICATE_FIELDS.filter((field) => !JUDGED.has(field))
  return Object.fromEntries(
    told.map((field): [string, FieldReader] => [
      field,
      (x) => readClientCertificateField(field, x.cf['tlsClientAuth']),
    ]),
  )
}

function verifiedFields(): { readonly [field: string]: FieldReader } {
  return Object.fromEntries(
    VERIFIED_CERTIFICATE_FIELDS.map((field): [string, FieldReader] => [
      field,
      ({ verifiedCertificate, nowMs }) =>
        verifiedCertificate
          ? readVerifiedCertificateField(field, verifiedCertificate, nowMs)
          : undefined,
    ]),
  )
}

function text(member: string): FieldReader {
  return (x) => {
    const value = x.cf[member]
    return typeof value === 'string' ? value : undefined
  }
}
