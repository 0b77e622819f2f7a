/**
 * Reads an uploaded PEM bundle into trust anchors and intermediates that help to reach them. A certificate
 * whose issuer is in the bundle is only an intermediate; every other one is trusted by itself. Refuses a
 * bundle in which any certificate could never be on a path, and says which one; a date is no such reason.
 */
import { err, ok, type Result } from '#engines/result'

import { sameBytes } from './certificate.ts'
import { extensionOid } from './extensions.ts'
import {
  inspectCertificate,
  isCritical,
  isSelfIssued,
  type InspectedCertificate,
} from './inspect.ts'
import { certificateLimits } from './limits.ts'
import { formatRfc2253 } from './names.ts'
import { refuseAsIssued, refuseAsIssuer, type VerifyFailure } from './path-checks.ts'
import { decodePem, type PemError } from './pem.ts'
import { refuseSignatureAlgorithm } from './signatures.ts'

/** An authority that was inspected once, when it was configured. */
export type AuthorityBundle = {
  readonly authorityId: string
  /** Whether certificates under this authority may be signed with SHA-1. */
  readonly allowSha1: boolean
  /** At least one. */
  readonly anchors: readonly InspectedCertificate[]
  /** Not trusted by themselves. */
  readonly intermediates: readonly InspectedCertificate[]
}

export type BundleOptions = { readonly allowSha1: boolean }

export type BundleFault = {
  /** Which certificate of the bundle, counted from 1. */
  readonly position: number
  /** RFC 2253; null when the certificate cannot be read. */
  readonly subject: string | null
  readonly failure: VerifyFailure | { readonly reason: 'duplicate'; readonly of: number }
}

export type BundleError =
  | { readonly reason: 'pem'; readonly error: PemError }
  | { readonly reason: 'too_many_certificates'; readonly certificatesMax: number }
  /** Every certificate is issued by another one of the bundle, so there is nothing to trust. */
  | { readonly reason: 'no_anchor' }
  | { readonly reason: 'faulty_certificates'; readonly faults: readonly BundleFault[] }

/** Reads the certificates of one authority; a refused bundle never reaches verification. */
export function readAuthorityBundle(
  authorityId: string,
  pem: string,
  { allowSha1 }: BundleOptions,
): Result<AuthorityBundle, BundleError> {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  if (!blocks.ok) return err({ reason: 'pem', error: blocks.error })
  const { bundleCertificatesMax } = certificateLimits
  if (blocks.value.length > bundleCertificatesMax) {
    return err({ reason: 'too_many_certificates', certificatesMax: bundleCertificatesMax })
  }
  const members = blocks.value.map((der) => ({ der, inspected: inspectCertificate(der) }))
  const readable = members.flatMap(({ inspected }) => (inspected.ok ? [inspected.value] : []))
  const faults = members.flatMap(({ der, inspected }, index): readonly BundleFault[] => {
    const position = index + 1
    if (!inspected.ok) return [{ position, subject: null, failure: inspected.error }]
    const subject = formatRfc2253(inspected.value.certificate.subject)
    const first = members.findIndex((member) => sameBytes(member.der, der))
    if (first < index) {
      return [{ position, subject, failure: { reason: 'duplicate', of: first + 1 } }]
    }
    const failure = findFailure(inspected.value, readable, allowSha1)
    return failure === null ? [] : [{ position, subject, failure }]
  })
  if (faults.length > 0) return err({ reason: 'faulty_certificates', faults })
  const anchors = readable.filter((candidate) => !isIssuedWithin(candidate, readable))
  if (anchors.length === 0) return err({ reason: 'no_anchor' })
  const intermediates = readable.filter((candidate) => !anchors.includes(candidate))
  return ok({ authorityId, allowSha1, anchors, intermediates })
}

function findFailure(
  candidate: InspectedCertificate,
  bundle: readonly InspectedCertificate[],
  allowSha1: boolean,
): VerifyFailure | null {
  const refusal = refuseAsIssuer(candidate)
  if (refusal !== null) return refusal
  if (!isIssuedWithin(candidate, bundle)) return refuseAsAnchor(candidate)
  // The signature of an anchor is never asked; that of an intermediate is.
  return (
    refuseAsIssued(candidate) ??
    refuseSignatureAlgorithm(candidate.certificate.signatureAlgorithm, allowSha1)
  )
}

/**
 * §6.1.1 (d): an anchor is a name and a key, so who signed it does not matter. But when it says so it must
 * say it right (§4.2.1.1): one that names itself as issuer and another key is not what it was taken for.
 */
function refuseAsAnchor(anchor: InspectedCertificate): VerifyFailure | null {
  const { certificate, extensions } = anchor
  const { authorityKeyIdentifier: authority } = extensions
  // §4.2.1.9: critical, or a reader that knows no constraints takes the authority for a client. An intermediate
  // whose issuer was careless is let through: its clients did not choose it.
  if (!isCritical(certificate, extensionOid.basicConstraints)) {
    return { reason: 'malformed', detail: 'basicConstraints not critical' }
  }
  if (authority === null) return null
  const refusal = refuseAsIssued(anchor)
  if (refusal !== null || !isSelfIssued(certificate)) return refusal
  const namesItself =
    isOwnKey(anchor) &&
    (authority.serial === null || sameBytes(authority.serial, certificate.serial)) &&
    (authority.issuerNames?.includes(certificate.issuer.comparable) ?? true)
  return namesItself ? null : { reason: 'malformed', detail: 'authority key identifier' }
}

/** By name and key identifier; whether the signature holds is asked on every path. */
function isIssuedWithin(
  candidate: InspectedCertificate,
  bundle: readonly InspectedCertificate[],
): boolean {
  const { certificate, extensions } = candidate
  const key = extensions.authorityKeyIdentifier?.keyIdentifier ?? null
  if (isSelfIssued(certificate) && (key === null || isOwnKey(candidate))) return false
  return bundle.some(
    (issuer) =>
      issuer !== candidate &&
      issuer.certificate.subject.comparable === certificate.issuer.comparable &&
      hasKeyIdentifier(issuer, key),
  )
}

function isOwnKey(candidate: InspectedCertificate): boolean {
  return hasKeyIdentifier(
    candidate,
    candidate.extensions.authorityKeyIdentifier?.keyIdentifier ?? null,
  )
}

/** A certificate that does not say which key it wants accepts every one of the right name. */
function hasKeyIdentifier({ extensions }: InspectedCertificate, key: Uint8Array | null): boolean {
  const own = extensions.subjectKeyIdentifier
  return key === null || (own !== null && sameBytes(own, key))
}
