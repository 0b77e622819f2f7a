/** The door of the certificates engine: reading, describing, verifying, requesting and issuing X.509. */
export {
  readAuthorityBundle,
  type AuthorityBundle,
  type BundleError,
  type BundleFault,
} from './authority-bundle.ts'
export { createAuthority } from './authority.ts'
export { createSigningRequest, type CreatedSigningRequest } from './create-signing-request.ts'
export { describeVerified, type PathLink } from './describe-verified.ts'
export { readCertificate, type Certificate } from './certificate.ts'
export { type CrlFailure } from './crl/failures.ts'
export { crlLimits } from './crl/limits.ts'
export { readCrl } from './crl/list.ts'
export { readRevocationList, type ReadRevocationList } from './crl/revocation-list.ts'
export { openSerials, type SerialSet } from './crl/serials.ts'
export { describeAuthority } from './describe-authority.ts'
export { describeCertificate, type CertificateDescription } from './describe.ts'
export {
  issueClientCertificate,
  type AuthorityKeys,
  type IssuedCertificate,
  type IssueError,
} from './issue.ts'
export { type CertificatePurpose, type VerifyFailure } from './path-checks.ts'
export { decodePem, encodePem } from './pem.ts'
export { checkRevocation, type RevocationFailure } from './revocation.ts'
export { type PolicyInputs } from './policy-check.ts'
export { createServerCertificate } from './server.ts'
export { serialFrom, serialOctets } from './sign.ts'
export { readSigningRequest, type SigningRequest } from './signing-request.ts'
export { spkiSha256 } from './spki-digest.ts'
export { verifyClientCertificate, type Verdict, type VerifyInput } from './verify.ts'
