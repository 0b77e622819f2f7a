/** Writes an uploaded authority down as the members of Cloudflare's mTLS certificate resource; whether it is to be trusted is judged elsewhere. */
import { formatRfc3339 } from './calendar.ts'
import { decimalSerial, type Certificate } from './certificate.ts'
import { formatRfc2253 } from './names.ts'
import { signatureName } from './signatures.ts'

export type AuthorityDescription = {
  /** RFC 2253 form. */
  readonly issuer: string
  /** Decimal. */
  readonly serial_number: string
  /** Such as `ECDSAWithSHA256`. */
  readonly signature: string
  /** RFC 3339, whole seconds. */
  readonly expires_on: string
}

/** What one certificate says about itself. */
export function describeAuthority(certificate: Certificate): AuthorityDescription {
  return {
    issuer: formatRfc2253(certificate.issuer),
    serial_number: decimalSerial(certificate),
    signature: signatureName(certificate.signatureAlgorithm),
    expires_on: formatRfc3339(certificate.notAfter),
  }
}
