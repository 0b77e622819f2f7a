/**
 * Every bound on what a stranger can make this engine read or compute, with its unit and the abuse it stops.
 */
export type CertificateLimits = {
  /** Bytes of one DER certificate. Default 32 KiB: three times the largest leaf the edge forwards. */
  readonly certificateBytesMax: number
  /** Bytes of one PEM text (request or bundle). Default 64 KiB. */
  readonly pemBytesMax: number
  /** Elements directly inside one DER element. Default 2,048: alternative names and name constraints by the thousand. */
  readonly elementsMax: number
  /** Extensions in one certificate. Default 64. */
  readonly extensionsMax: number
  /** Attributes in one distinguished name. Default 64. */
  readonly nameAttributesMax: number
  /** Characters of one subject attribute or alternative name that we copy. Default 256. */
  readonly nameCharactersMax: number
  /** Alternative names copied from one signing request. Default 50. */
  readonly alternativeNamesMax: number
  /** Characters of a DNS name, or of the host in another name, that is compared with a constraint. Default 253 (RFC 1035). */
  readonly hostNameCharactersMax: number
  /** Characters of any name that is compared with a constraint. Default 2,048. */
  readonly comparedNameCharactersMax: number
  /** Certificate policies, or mappings between them, in one certificate. Default 128. */
  readonly policiesMax: number
  /** Certificates in one uploaded bundle. Default 32. */
  readonly bundleCertificatesMax: number
  /** Certificates a client may send beside its leaf. Default 10. */
  readonly chainCertificatesMax: number
  /** Certificates between leaf and authority on one path. Default 8. */
  readonly intermediatesMax: number
  /** Signatures checked for one leaf; the bound on path building. Default 32. */
  readonly signatureChecksMax: number
  /** RSA modulus, in bits. Below: factorable. Above: verifying costs a stranger's choice of CPU. */
  readonly rsaBitsMin: number
  readonly rsaBitsMax: number
}

export const certificateLimits: CertificateLimits = {
  certificateBytesMax: 32_768,
  pemBytesMax: 65_536,
  elementsMax: 2048,
  extensionsMax: 64,
  nameAttributesMax: 64,
  nameCharactersMax: 256,
  alternativeNamesMax: 50,
  hostNameCharactersMax: 253,
  comparedNameCharactersMax: 2048,
  policiesMax: 128,
  bundleCertificatesMax: 32,
  chainCertificatesMax: 10,
  intermediatesMax: 8,
  signatureChecksMax: 32,
  rsaBitsMin: 2048,
  rsaBitsMax: 8192,
}
