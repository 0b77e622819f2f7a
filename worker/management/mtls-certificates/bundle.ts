/**
 * The PEM of an authority as the certificates engine reads it, and what is wrong with it in words for whoever uploads it.
 */
import {
  type AuthorityBundle,
  type BundleError,
  type BundleFault,
  describeAuthority,
  readAuthorityBundle,
} from '#engines/certificates'
import { ok, type Result } from '#engines/result'
import type { CertificateAuthority, MtlsCertificate } from '../../storage/resources/certificates.ts'
import { type Problem, type Problems } from '../envelope.ts'

type Description = Pick<MtlsCertificate, 'issuer' | 'serial_number' | 'signature' | 'expires_on'>

export type NewBundle = {
  readonly bundle: AuthorityBundle
  /** The first anchor's; but the whole bundle expires when its first certificate does. */
  readonly description: Description
}

/** An authority that is to be stored: it must be usable, and valid still. */
export function readNewBundle(
  pem: string,
  { allowSha1, nowMs }: { readonly allowSha1: boolean; readonly nowMs: number },
): Result<NewBundle, Problems> {
  const read = readAuthorityBundle('', pem, { allowSha1 })
  if (!read.ok) return refusing(messagesOf(read.error))
  const described = certificatesOf(read.value).map(describeAuthority)
  const expired = described.filter(({ expires_on }) => Date.parse(expires_on) <= nowMs)
  if (expired.length > 0) {
    return refusing(
      expired.map(
        ({ serial_number, expires_on }) =>
          `The certificate with the serial number ${serial_number} expired on ${expires_on}.`,
      ),
    )
  }
  const expires_on = described.map((each) => each.expires_on).reduce((a, b) => (a < b ? a : b))
  const [first] = described
  if (first === undefined) throw new Error('a bundle has at least one certificate')
  return ok({ bundle: read.value, description: { ...first, expires_on } })
}

/** `null` when this release refuses what an earlier one stored; its clients are refused as well. */
export function readStoredBundle({
  id,
  certificates,
  allow_sha1,
}: MtlsCertificate): AuthorityBundle | null {
  const read = readAuthorityBundle(id, certificates, { allowSha1: allow_sha1 })
  return read.ok ? read.value : null
}

/** `null` likewise. */
export function readManagedBundle({
  id,
  certificate,
}: CertificateAuthority): AuthorityBundle | null {
  const read = readAuthorityBundle(id, certificate, { allowSha1: false })
  return read.ok ? read.value : null
}

/** Anchors first. */
export function certificatesOf({ anchors, intermediates }: AuthorityBundle) {
  return [...anchors, ...intermediates].map(({ certificate }) => certificate)
}

/** What makes two anchors the same: RFC 5280 §6.1.1 (d) knows them by name and key alone. */
export function anchorKeys({ anchors }: AuthorityBundle): readonly string[] {
  return anchors.map(
    ({ certificate }) => `${certificate.subject.comparable} ${certificate.publicKey.der.join()}`,
  )
}

/** The anchors as they were sent. */
export function anchorTexts({ anchors }: AuthorityBundle): readonly string[] {
  return anchors.map(({ certificate }) => certificate.der.join())
}

function refusing(messages: readonly string[]): { readonly ok: false; readonly error: Problems } {
  const error = messages.map((message): Problem => ({
    error: 'invalid_certificate',
    message,
    pointer: '/certificates',
  }))
  return { ok: false, error }
}

function messagesOf(error: BundleError): readonly string[] {
  switch (error.reason) {
    case 'pem':
      return [`This is not PEM with certificates: ${words(error.error.reason)}.`]
    case 'too_many_certificates':
      return [`There may be at most ${error.certificatesMax} certificates.`]
    case 'no_anchor':
      return ['Every certificate is issued by another one of them, so none is an authority.']
    case 'faulty_certificates':
      return error.faults.map(messageOf)
  }
}

function messageOf({ position, subject, failure }: BundleFault): string {
  const which =
    subject === null ? `Certificate ${position}` : `Certificate ${position} (${subject})`
  if (failure.reason === 'duplicate') return `${which} is the same as certificate ${failure.of}.`
  const detail = 'detail' in failure ? `, ${failure.detail}` : ''
  return `${which} cannot be used: ${words(failure.reason)}${detail}.`
}

function words(reason: string): string {
  return reason.replaceAll('_', ' ')
}
