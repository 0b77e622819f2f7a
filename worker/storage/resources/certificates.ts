/** Authorities, certificates and revocation lists, in the shapes that the management API prints. */

/** `id` names the account's managed authority; there is one. */
export type CertificateAuthority = {
  readonly id: string
  readonly name: string
  readonly certificate: string
}

/** The authority's private key, sealed under the Worker's secret (engines/sealing). */
export type AuthorityKey = { readonly id: string; readonly sealed_private_key: string }

export type HostnameAssociation = {
  readonly certificate_authority_id: string
  readonly hostnames: readonly string[]
}

export type ClientCertificate = {
  readonly id: string
  readonly certificate: string
  readonly certificate_authority: { readonly id: string; readonly name: string }
  readonly common_name: string | null
  readonly country: string | null
  readonly csr: string
  readonly expires_on: string
  readonly fingerprint_sha256: string
  readonly issued_on: string
  readonly location: string | null
  readonly organization: string | null
  readonly organizational_unit: string | null
  readonly serial_number: string
  readonly signature: string
  readonly ski: string
  readonly state: string | null
  readonly status: 'active' | 'pending_reactivation' | 'pending_revocation' | 'revoked'
  readonly validity_days: number
}

/** An authority that the operator brought; what clients of associated hostnames may chain to. */
export type MtlsCertificate = {
  readonly id: string
  readonly ca: true
  /** PEM: authorities, and intermediates that help to reach them. */
  readonly certificates: string
  readonly expires_on: string
  readonly issuer: string
  readonly name: string
  readonly serial_number: string
  readonly signature: string
  readonly type: 'custom'
  readonly uploaded_on: string
  /** Whether certificates under this authority may be signed with SHA-1. */
  readonly allow_sha1: boolean
  readonly revocation: RevocationSettings
}

/** Where the revocation lists of an authority come from, and what holds when they are out of date. */
export type RevocationSettings = {
  /** Fetched on schedule; lists may also be uploaded. */
  readonly crl_urls: readonly string[]
  /** What becomes of its clients once the newest list is past its `next_update`. */
  readonly on_stale: 'refuse' | 'accept'
}

/** One revocation list in force, without its serial numbers, which are kept in parts. */
export type RevocationList = {
  readonly id: string
  readonly mtls_certificate_id: string
  /** Whose certificates it speaks of: SHA-256 of the issuer's SubjectPublicKeyInfo, lower-case hex. */
  readonly issuer_spki_sha256: string
  readonly issuer: string
  /** Of the names of its distribution point, lower-case hex; null for a list that has none. */
  readonly point_sha256: string | null
  readonly crl_number: string | null
  readonly this_update: string
  readonly next_update: string | null
  readonly entries: number
  /** How many documents of `revocation_list_part` hold its serial numbers, numbered from 0. */
  readonly parts: number
  /** Of all of these together. */
  readonly characters: number
  /** Of its DER, lower-case hex: the same list fetched again changes nothing. */
  readonly sha256: string
  /** Where it was fetched from; null for an uploaded one. */
  readonly url: string | null
  readonly received_at: string
}

/** Some of the serial numbers of a list, sorted, as the certificates engine packs them (base64); the document `<list id>/<number>`. */
export type RevocationListPart = {
  readonly revocation_list_id: string
  readonly number: number
  readonly serials: string
}

/** The outcome of the last fetch of a revocation list, by URL. */
export type RevocationFetch = {
  /** `<mtls certificate id>/<digest of the URL>`. */
  readonly id: string
  readonly mtls_certificate_id: string
  readonly url: string
  /** Null before the first. */
  readonly attempted_at: string | null
  readonly succeeded_at: string | null
  readonly next_attempt_at: string
  readonly failure: string | null
}

/** What was announced as expiring, and at how many days before. */
export type ExpiryNotice = {
  /** `<resource>@<date of expiry>/<days before>`. */
  readonly id: string
  /** `<kind>/<id>`: of a client certificate, an authority of either kind or a revocation list. */
  readonly resource: string
  readonly days_before: number
  readonly announced_at: string
}
