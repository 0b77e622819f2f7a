/**
 * What the origin is told about a verified client certificate: the headers of Cloudflare's managed transform "TLS client auth
 * headers", and the certificate itself with the chain that was verified (RFC 9440). Of an unverified one it only learns that
 * there was one, and whether it was revoked.
 */
import { fieldIndex } from '#engines/expressions'
import { memberOf, textOf } from '#engines/request-fields'
import { CERT_REVOKED, CERT_VERIFIED } from './detectors/client-certificate.ts'
import type { Exchange } from './exchange.ts'

/** Header → member of `request.cf.tlsClientAuth`. */
const FACTS = {
  'cf-cert-issuer-dn': 'certIssuerDN',
  'cf-cert-subject-dn': 'certSubjectDN',
  'cf-cert-issuer-dn-rfc2253': 'certIssuerDNRFC2253',
  'cf-cert-subject-dn-rfc2253': 'certSubjectDNRFC2253',
  'cf-cert-issuer-dn-legacy': 'certIssuerDNLegacy',
  'cf-cert-subject-dn-legacy': 'certSubjectDNLegacy',
  'cf-cert-serial': 'certSerial',
  'cf-cert-issuer-serial': 'certIssuerSerial',
  'cf-cert-fingerprint-sha256': 'certFingerprintSHA256',
  'cf-cert-fingerprint-sha1': 'certFingerprintSHA1',
  'cf-cert-not-before': 'certNotBefore',
  'cf-cert-not-after': 'certNotAfter',
  'cf-cert-ski': 'certSKI',
  'cf-cert-issuer-ski': 'certIssuerSKI',
} as const

/** Every header of this kind; a client's own are removed before any is set. */
export const CERTIFICATE_HEADERS: readonly string[] = [
  'client-cert',
  'client-cert-chain',
  'cf-cert-presented',
  'cf-cert-verified',
  'cf-cert-revoked',
  ...Object.keys(FACTS),
]

const VERIFIED_INDEX = fieldIndex(CERT_VERIFIED)
const REVOKED_INDEX = fieldIndex(CERT_REVOKED)

/** After the client certificate detector has run. */
export function certificateHeaders(exchange: Exchange): ReadonlyMap<string, string> {
  const { cf, detected, verifiedCertificate } = exchange
  const certificate = cf['tlsClientAuth']
  const headers = new Map([
    ['cf-cert-presented', String(memberOf(certificate, 'certPresented') === '1')],
    ['cf-cert-verified', String(detected.get(VERIFIED_INDEX) === true)],
    ['cf-cert-revoked', String(detected.get(REVOKED_INDEX) === true)],
  ])
  if (verifiedCertificate === null) return headers
  for (const [header, member] of Object.entries(FACTS)) {
    headers.set(header, headerSafe(textOf(certificate, member)))
  }
  headers.set('client-cert', textOf(certificate, 'certRFC9440'))
  const { chainRfc9440 } = verifiedCertificate
  // §2.3: sent together with Client-Cert only, and nothing is to be said of an empty chain.
  if (chainRfc9440 !== '') headers.set('client-cert-chain', chainRfc9440)
  return headers
}

/** A subject may hold any character; a header field holds visible ASCII (RFC 9110 §5.5). Others are percent-encoded. */
function headerSafe(value: string): string {
  return value.replaceAll(/[^\u0020-\u007e]/gu, (character) =>
    encodeURIComponent(character.toWellFormed()),
  )
}
