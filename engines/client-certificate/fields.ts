/**
 * The fields `cf.tls_client_auth.*` of the rules language, read from `request.cf.tlsClientAuth`.
 * Booleans are real ones here, as the rules language has them, where Workers say '1' and '0'. When the
 * object or a member is absent, or of another type, a field has the value it has without a certificate.
 */

/** The value of one field; undefined for a name that is not in CLIENT_CERTIFICATE_FIELDS. */
export function readClientCertificateField(
  field: string,
  tlsClientAuth: unknown,
): string | boolean | undefined {
  const row = rows[field]
  if (row === undefined) return undefined
  const member: unknown =
    typeof tlsClientAuth === 'object' && tlsClientAuth !== null
      ? Object.getOwnPropertyDescriptor(tlsClientAuth, row.member)?.value
      : undefined
  if (row.trueWhen !== undefined) return member === row.trueWhen
  return typeof member === 'string' ? member : ''
}

type FieldRow = {
  readonly member: string
  /** For booleans: the one member value that means true. */
  readonly trueWhen?: string | boolean
}

const rows: Readonly<Record<string, FieldRow>> = {
  'cf.tls_client_auth.cert_presented': { member: 'certPresented', trueWhen: '1' },
  'cf.tls_client_auth.cert_verified': { member: 'certVerified', trueWhen: 'SUCCESS' },
  'cf.tls_client_auth.cert_revoked': { member: 'certRevoked', trueWhen: '1' },
  'cf.tls_client_auth.cert_issuer_dn': { member: 'certIssuerDN' },
  'cf.tls_client_auth.cert_subject_dn': { member: 'certSubjectDN' },
  'cf.tls_client_auth.cert_issuer_dn_rfc2253': { member: 'certIssuerDNRFC2253' },
  'cf.tls_client_auth.cert_subject_dn_rfc2253': { member: 'certSubjectDNRFC2253' },
  'cf.tls_client_auth.cert_issuer_dn_legacy': { member: 'certIssuerDNLegacy' },
  'cf.tls_client_auth.cert_subject_dn_legacy': { member: 'certSubjectDNLegacy' },
  'cf.tls_client_auth.cert_serial': { member: 'certSerial' },
  'cf.tls_client_auth.cert_issuer_serial': { member: 'certIssuerSerial' },
  'cf.tls_client_auth.cert_ski': { member: 'certSKI' },
  'cf.tls_client_auth.cert_issuer_ski': { member: 'certIssuerSKI' },
  'cf.tls_client_auth.cert_fingerprint_sha1': { member: 'certFingerprintSHA1' },
  'cf.tls_client_auth.cert_fingerprint_sha256': { member: 'certFingerprintSHA256' },
  'cf.tls_client_auth.cert_not_before': { member: 'certNotBefore' },
  'cf.tls_client_auth.cert_not_after': { member: 'certNotAfter' },
  'cf.tls_client_auth.cert_rfc9440': { member: 'certRFC9440' },
  'cf.tls_client_auth.cert_rfc9440_too_large': { member: 'certRFC9440TooLarge', trueWhen: true },
  'cf.tls_client_auth.cert_chain_rfc9440': { member: 'certChainRFC9440' },
  'cf.tls_client_auth.cert_chain_rfc9440_too_large': {
    member: 'certChainRFC9440TooLarge',
    trueWhen: true,
  },
}

/** Every field name this table fills. */
export const CLIENT_CERTIFICATE_FIELDS: readonly string[] = Object.keys(rows)
