/** Bounds on the certificate a client presents, as the edge hands it on; the encoded sizes are Cloudflare's. */
export type ClientCertificateLimits = {
  /** Characters of the leaf with its colons. Default 10 KiB. */
  readonly leafCharactersMax: number
  /** Characters of the whole chain list. Default 16 KiB. */
  readonly chainCharactersMax: number
  /** Certificates in the chain. Default 10, what path validation accepts. */
  readonly chainCertificatesMax: number
}

export const clientCertificateLimits: ClientCertificateLimits = {
  leafCharactersMax: 10 * 1024,
  chainCharactersMax: 16 * 1024,
  chainCertificatesMax: 10,
}
