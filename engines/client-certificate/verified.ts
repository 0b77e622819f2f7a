/**
 * What policies ask of a client certificate beyond Cloudflare's fields: the fields `cf.portcullis.client_certificate.*`. They
 * speak of verified certificates only, so that no rule can mistake what a stranger wrote into a certificate of his own for a
 * fact; without a verified one they are missing, and every comparison with them is false.
 */
import type { Value } from '#engines/expressions'

/** A verified certificate as far as policies look at it. */
export type VerifiedCertificate = {
  /** The managed authority or the uploaded one that it chains to. */
  readonly authorityId: string
  /** SHA-256 of the SubjectPublicKeyInfo, lower-case hexadecimal: of the client, and of whoever signed its certificate. */
  readonly spkiSha256: string
  readonly issuerSpkiSha256: string
  /** Null when the subject has none, or several of which a policy could pick the wrong one. */
  readonly commonName: string | null
  readonly organization: string | null
  /** Null when the certificate has more names than are read. */
  readonly alternativeNames: AlternativeNames | null
  /** Seconds since 1970. */
  readonly notBefore: number
  readonly notAfter: number
  /** Client-Cert-Chain (RFC 9440): the intermediates of the verified path; '' when there are none, or too many for a header. */
  readonly chainRfc9440: string
}

/** Subject alternative names in their order; DNS names in lower case. */
type AlternativeNames = {
  readonly dns: readonly string[]
  readonly email: readonly string[]
  readonly uri: readonly string[]
}

type FactReader = (certificate: VerifiedCertificate, nowMs: number) => Value | null | undefined

const PREFIX = 'cf.portcullis.client_certificate.'

const readers: Readonly<Record<string, FactReader>> = {
  authority_id: ({ authorityId }) => authorityId,
  spki_sha256: ({ spkiSha256 }) => spkiSha256,
  issuer_spki_sha256: ({ issuerSpkiSha256 }) => issuerSpkiSha256,
  common_name: ({ commonName }) => commonName,
  organization: ({ organization }) => organization,
  san_dns: ({ alternativeNames }) => alternativeNames?.dns,
  san_email: ({ alternativeNames }) => alternativeNames?.email,
  san_uri: ({ alternativeNames }) => alternativeNames?.uri,
  age_seconds: ({ notBefore }, nowMs) => Math.floor(nowMs / 1000) - notBefore,
  not_after_seconds: ({ notAfter }) => notAfter,
}

/** Every field name that is read from a verified certificate. */
export const VERIFIED_CERTIFICATE_FIELDS: readonly string[] = Object.keys(readers).map(
  (name) => PREFIX + name,
)

/** The value of one of VERIFIED_CERTIFICATE_FIELDS; undefined when the certificate does not say. */
export function readVerifiedCertificateField(
  field: string,
  certificate: VerifiedCertificate,
  nowMs: number,
): Value | undefined {
  return readers[field.slice(PREFIX.length)]?.(certificate, nowMs) ?? undefined
}
