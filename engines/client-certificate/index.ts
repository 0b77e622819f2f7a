/** The light door to client certificates: what the data plane needs before anything is verified. */
export { CLIENT_CERTIFICATE_FIELDS, readClientCertificateField } from './fields.ts'
export { formatRfc9440Chain, parseRfc9440, parseRfc9440Chain } from './rfc9440.ts'
export {
  readVerifiedCertificateField,
  VERIFIED_CERTIFICATE_FIELDS,
  type VerifiedCertificate,
} from './verified.ts'
