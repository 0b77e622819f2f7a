/** The light door to client certificates: what the data plane needs before anything is verified. */
export { CLIENT_CERTIFICATE_FIELDS, readClientCertificateField } from './fields.ts'
export { parseRfc9440, parseRfc9440Chain } from './rfc9440.ts'
