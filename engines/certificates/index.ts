/** The door of the certificates engine: reading, describing, verifying, requesting and issuing X.509. */
export { createAuthority } from './authority.ts'
export { describeCertificate, type CertificateDescription } from './describe.ts'
export {
  issueClientCertificate,
  type AuthorityKeys,
  type IssuedCertificate,
  type IssueError,
} from './issue.ts'
export { type CertificatePurpose } from './path-checks.ts'
export { decodePem, encodePem } from './pem.ts'
export { createServerCertificate } from './server.ts'
export { serialFrom, serialOctets } from './sign.ts'
export { readSigningRequest, type SigningRequest } from './signing-request.ts'
export {
  readAuthority,
  verifyClientCertificate,
  type AuthorityCertificate,
  type Verdict,
  type VerifyInput,
} from './verify.ts'
