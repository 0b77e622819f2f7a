/**
 * Issues a client certificate for a verified request. The issuer decides what it is good for: client
 * authentication only, never a CA, never longer than its authority. Refuses rather than shortens, so that
 * what was asked for and what was issued never differ silently.
 */
import { err, ok, type Result } from '#engines/result'

import { formatRfc3339 } from './calendar.ts'
import { decimalSerial, readCertificate, type Certificate } from './certificate.ts'
import { readExtensions } from './extensions.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { firstAttribute, type DistinguishedName } from './names.ts'
import { decodePem, encodePem } from './pem.ts'
import { signatureName, verifySignature } from './signatures.ts'
import { signCertificate, signingAlgorithm } from './sign.ts'
import type { SigningRequest } from './signing-request.ts'
import { loadX509, type X509 } from './x509.ts'

/** An authority as it is stored: PEM certificate and unsealed PKCS#8 key (ECDSA P-256). */
export type AuthorityKeys = {
  readonly certificate: string
  readonly privateKeyPkcs8: Uint8Array<ArrayBuffer>
}

export type IssueInput = {
  readonly request: SigningRequest
  readonly authority: AuthorityKeys
  /** 1 to 5475, Cloudflare's range (15 years). */
  readonly validityDays: number
  readonly nowMs: number
  /** 1 to 20 octets, positive and unique under this authority; see serialFrom. */
  readonly serial: Uint8Array
}

/** The certificate's own members of Cloudflare's client certificate resource. */
export type IssuedCertificate = {
  /** PEM. */
  readonly certificate: string
  /** Decimal. */
  readonly serial_number: string
  /** Lower-case hexadecimal. */
  readonly fingerprint_sha256: string
  readonly ski: string
  readonly signature: string
  /** RFC 3339, whole seconds. */
  readonly issued_on: string
  readonly expires_on: string
  readonly validity_days: number
  readonly common_name: string
  readonly organization: string
  readonly organizational_unit: string
  readonly country: string
  readonly state: string
  readonly location: string
}

export type IssueError =
  | { readonly reason: 'validity_out_of_range'; readonly daysMin: number; readonly daysMax: number }
  | { readonly reason: 'outlives_authority'; readonly daysMax: number }
  | { readonly reason: 'serial_out_of_range' }
  | { readonly reason: 'authority_unusable'; readonly detail: string }

const validityDaysMax = 5475
const secondsPerDay = 86_400

/**
 * Issues one certificate, valid from `nowMs` (to the second): a validity that began earlier would say that
 * the key was trusted before anyone asked. A verifier whose clock is behind must wait that long.
 */
export async function issueClientCertificate(
  input: IssueInput,
): Promise<Result<IssuedCertificate, IssueError>> {
  const { validityDays, serial } = input
  if (!Number.isInteger(validityDays) || validityDays < 1 || validityDays > validityDaysMax) {
    return err({ reason: 'validity_out_of_range', daysMin: 1, daysMax: validityDaysMax })
  }
  // RFC 5280 §4.1.2.2: positive, at most 20 octets with the sign bit.
  const positive = serial.some((octet) => octet !== 0) && (serial[0] ?? 0x80) < 0x80
  if (!positive || serial.length > 20) return err({ reason: 'serial_out_of_range' })
  const opened = await openAuthority(input.authority)
  if (!opened.ok) return opened
  const authority = opened.value
  const notBefore = Math.floor(input.nowMs / 1000)
  const notAfter = notBefore + validityDays * secondsPerDay
  if (notBefore < authority.certificate.notBefore) return unusable('not valid yet')
  const daysMax = Math.floor((authority.certificate.notAfter - notBefore) / secondsPerDay)
  if (validityDays > daysMax) return err({ reason: 'outlives_authority', daysMax })
  const issued = await build(input, authority, { notBefore, notAfter })
  const { tbs: signed, signature, signatureAlgorithm: algorithm } = issued
  const verified = await verifySignature(
    { algorithm, signed, signature },
    authority.certificate.publicKey,
  )
  if (!verified.ok) return unusable('its key is not the one in its certificate')
  return ok(await describeIssued(issued, validityDays))
}

type OpenedAuthority = {
  readonly certificate: Certificate
  readonly keyIdentifier: Uint8Array
  readonly signingKey: CryptoKey
}

async function openAuthority(
  authority: AuthorityKeys,
): Promise<Result<OpenedAuthority, IssueError>> {
  const blocks = decodePem(authority.certificate, ['CERTIFICATE'])
  const [der] = blocks.ok ? blocks.value : []
  const certificate = der === undefined ? null : readCertificate(der)
  if (certificate === null || !certificate.ok) return unusable('its certificate cannot be read')
  const extensions = readExtensions(certificate.value)
  const keyIdentifier = extensions?.subjectKeyIdentifier ?? null
  if (extensions?.basicConstraints?.ca !== true || keyIdentifier === null) {
    return unusable('its certificate is not a CA with a key identifier')
  }
  const signingKey = await importSigningKey(authority.privateKeyPkcs8)
  if (signingKey === null) return unusable('its key is not an ECDSA P-256 key')
  return ok({ certificate: certificate.value, keyIdentifier, signingKey })
}

async function importSigningKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('pkcs8', pkcs8, signingAlgorithm, false, ['sign'])
  } catch {
    // WebCrypto throws for a key of another kind; the caller names that.
    return null
  }
}

async function build(
  { request, serial }: IssueInput,
  authority: OpenedAuthority,
  validity: { readonly notBefore: number; readonly notAfter: number },
): Promise<Certificate> {
  const x509 = await loadX509()
  const publicKeyDer = new Uint8Array(request.publicKey.der)
  return signCertificate(
    x509,
    {
      subjectDer: new Uint8Array(request.subject.der),
      issuerDer: new Uint8Array(authority.certificate.subject.der),
      publicKeyDer,
      serial,
      ...validity,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        new x509.AuthorityKeyIdentifierExtension(bytesToHex(authority.keyIdentifier)),
        await x509.SubjectKeyIdentifierExtension.create(
          new x509.PublicKey(publicKeyDer),
          false,
          crypto,
        ),
        ...alternativeNameExtensions(x509, request),
      ],
    },
    authority.signingKey,
  )
}

function alternativeNameExtensions(
  x509: X509,
  { alternativeNames }: SigningRequest,
): readonly InstanceType<X509['Extension']>[] {
  if (alternativeNames.length === 0) return []
  return [new x509.SubjectAlternativeNameExtension([...alternativeNames])]
}

async function describeIssued(
  certificate: Certificate,
  validityDays: number,
): Promise<IssuedCertificate> {
  const fingerprint = await crypto.subtle.digest('SHA-256', new Uint8Array(certificate.der))
  const keyIdentifier = readExtensions(certificate)?.subjectKeyIdentifier ?? new Uint8Array()
  return {
    certificate: encodePem('CERTIFICATE', certificate.der),
    serial_number: decimalSerial(certificate),
    fingerprint_sha256: bytesToHex(new Uint8Array(fingerprint)),
    ski: bytesToHex(keyIdentifier),
    signature: signatureName(certificate.signatureAlgorithm),
    issued_on: formatRfc3339(certificate.notBefore),
    expires_on: formatRfc3339(certificate.notAfter),
    validity_days: validityDays,
    ...subjectFields(certificate.subject),
  }
}

type SubjectFields = Pick<
  IssuedCertificate,
  'common_name' | 'organization' | 'organizational_unit' | 'country' | 'state' | 'location'
>

/** The first value of each attribute, '' when there is none. */
function subjectFields(subject: DistinguishedName): SubjectFields {
  const first = (oid: string): string => firstAttribute(subject, oid) ?? ''
  return {
    common_name: first('2.5.4.3'),
    organization: first('2.5.4.10'),
    organizational_unit: first('2.5.4.11'),
    country: first('2.5.4.6'),
    state: first('2.5.4.8'),
    location: first('2.5.4.7'),
  }
}

function unusable(detail: string): Result<never, IssueError> {
  return err({ reason: 'authority_unusable', detail })
}
