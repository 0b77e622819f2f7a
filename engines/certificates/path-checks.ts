/**
 * The checks of one certificate in its place on a path: time, right to issue, purpose. Each answers with
 * the reason for refusing, or null; none looks at another certificate or at a signature.
 */
import type { Certificate } from './certificate.ts'
import type { NameForm } from './general-names.ts'
import type { InspectedCertificate, InspectionError } from './inspect.ts'
import type { SignatureError } from './signatures.ts'

export type CertificatePurpose = 'clientAuth' | 'serverAuth' | 'any'

/** Every reason for which a client certificate is not verified. */
export type VerifyFailure =
  | InspectionError
  | SignatureError
  | { readonly reason: 'malformed'; readonly detail?: string }
  | { readonly reason: 'expired'; readonly notAfter: number }
  | { readonly reason: 'not_yet_valid'; readonly notBefore: number }
  | { readonly reason: 'self_signed' }
  | { readonly reason: 'unknown_issuer' }
  | { readonly reason: 'not_a_client_certificate'; readonly detail: string }
  | { readonly reason: 'issuer_not_a_ca' }
  | {
      readonly reason: 'name_not_permitted'
      readonly form: NameForm | 'other'
      readonly detail: string
    }
  | { readonly reason: 'policy_not_permitted' }
  | { readonly reason: 'path_too_long' }
  | { readonly reason: 'chain_too_long'; readonly certificatesMax: number }
  | { readonly reason: 'missing_key_identifier' }
  | { readonly reason: 'search_exhausted'; readonly signatureChecksMax: number }

/** Whether a certificate may be relied on as the issuer of others. */
export function refuseAsIssuer({ extensions }: InspectedCertificate): VerifyFailure | null {
  const isCa = extensions.basicConstraints?.ca === true
  // §4.2.1.3: a key usage, when there is one, must allow signing certificates.
  if (!isCa || extensions.keyUsage?.keyCertSign === false) return { reason: 'issuer_not_a_ca' }
  // §4.2.1.2: a subject key identifier "MUST appear in all conforming CA certificates".
  return extensions.subjectKeyIdentifier === null ? { reason: 'missing_key_identifier' } : null
}

/** Whether a certificate names its issuer's key, as every one that is not a root must (§4.2.1.1). */
export function refuseAsIssued({ extensions }: InspectedCertificate): VerifyFailure | null {
  const keyIdentifier = extensions.authorityKeyIdentifier?.keyIdentifier ?? null
  return keyIdentifier === null ? { reason: 'missing_key_identifier' } : null
}

/** §4.1.2.5: valid from notBefore to notAfter, both included, in whole seconds as they are written. */
export function refuseTime(
  { notBefore, notAfter }: Certificate,
  nowMs: number,
): VerifyFailure | null {
  const now = Math.floor(nowMs / 1000)
  if (now < notBefore) return { reason: 'not_yet_valid', notBefore }
  return now > notAfter ? { reason: 'expired', notAfter } : null
}

/** Whether a leaf says that it may be used for the purpose; one that says nothing may. */
export function refuseLeafPurpose(
  leaf: InspectedCertificate,
  purpose: CertificatePurpose,
): VerifyFailure | null {
  const { basicConstraints, extendedKeyUsage, keyUsage } = leaf.extensions
  // An authority may present itself as a client, but not one that says of itself that it may not sign.
  if (basicConstraints?.ca === true && keyUsage?.keyCertSign === false) {
    return { reason: 'not_a_client_certificate', detail: 'authority that may not sign' }
  }
  // anyExtendedKeyUsage is not enough for a leaf: §4.2.1.12 lets us require the purpose itself, as OpenSSL does.
  const explicit = purpose === 'any' || (extendedKeyUsage?.includes(purposeOids[purpose]) ?? true)
  if (!explicit) return { reason: 'not_a_client_certificate', detail: 'extended key usage' }
  const mute = purpose === 'clientAuth' && keyUsage?.digitalSignature === false
  return mute ? { reason: 'not_a_client_certificate', detail: 'key usage' } : null
}

/** An issuer that restricts purposes restricts what it issues (as OpenSSL and browsers read §4.2.1.12). */
export function refuseIssuerPurpose(
  { extensions }: InspectedCertificate,
  purpose: CertificatePurpose,
): VerifyFailure | null {
  const purposes = extensions.extendedKeyUsage
  if (purpose === 'any' || purposes === null) return null
  const allowed = purposes.includes(purposeOids[purpose]) || purposes.includes(anyPurposeOid)
  return allowed ? null : { reason: 'not_a_client_certificate', detail: 'purposes of an issuer' }
}

const purposeOids = { clientAuth: '1.3.6.1.5.5.7.3.2', serverAuth: '1.3.6.1.5.5.7.3.1' } as const
const anyPurposeOid = '2.5.29.37.0'
