/**
 * Every bound on a revocation list, with its unit and the abuse it stops. Apart from those of certificates, because a list
 * is a thousand times larger than anything else that is read here.
 */
export type CrlLimits = {
  /** Bytes of one DER list. Default 32 MiB: what a Worker of 128 MiB can hold, check and pack. */
  readonly listBytesMax: number
  /** Bytes of the same list in PEM: four characters for three octets, and line ends. */
  readonly pemBytesMax: number
  /** Revoked certificates on one list. Default 1,000,000. */
  readonly entriesMax: number
  /** Octets of one serial number; RFC 5280 §4.1.2.2 allows 20, and stranger ones are in use. Default 64. */
  readonly serialOctetsMax: number
  /** Octets of a CRL number. Default 21: 20 as in RFC 5280 §5.2.3 and the sign. */
  readonly numberOctetsMax: number
  /** Distribution points of one certificate, and names in one of them. Default 32: each is compared with each. */
  readonly distributionPointsMax: number
  /** Base64 characters of one part of a packed list. Default 700,000: a stored document ends at 2 MB. */
  readonly partCharactersMax: number
  /** Signatures checked to learn the status of one path. Default 64. */
  readonly signatureChecksMax: number
  /** Issuers of lists whose own path is asked about while another one's is. Default 4. */
  readonly issuerDepthMax: number
}

export const crlLimits: CrlLimits = {
  listBytesMax: 32 * 1024 * 1024,
  pemBytesMax: 45 * 1024 * 1024,
  entriesMax: 1_000_000,
  serialOctetsMax: 64,
  numberOctetsMax: 21,
  distributionPointsMax: 32,
  partCharactersMax: 700_000,
  signatureChecksMax: 64,
  issuerDepthMax: 4,
}
