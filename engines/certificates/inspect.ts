/**
 * What can be said about one certificate on its own, before any chain: it reads, its extensions read, its
 * key is strong enough, and nothing in it is critical that we do not process. Trust, time and purpose come
 * later (verify).
 */
import { err, ok, type Result } from '#engines/result'

import { readCertificate, type Certificate, type CertificateError } from './certificate.ts'
import { extensionOid, readExtensions, type CertificateExtensions } from './extensions.ts'
import { classifyPublicKey, type KeyError } from './public-keys.ts'

export type InspectedCertificate = {
  readonly certificate: Certificate
  readonly extensions: CertificateExtensions
}

/** Why one certificate is refused whatever its chain. */
export type InspectionError =
  | CertificateError
  | KeyError
  | { readonly reason: 'malformed'; readonly detail: string }
  | { readonly reason: 'unknown_critical_extension'; readonly oid: string }

/** Reads and inspects one DER certificate. */
export function inspectCertificate(der: Uint8Array): Result<InspectedCertificate, InspectionError> {
  const read = readCertificate(der)
  return read.ok ? inspect(read.value) : read
}

/** Inspects a certificate that was already read. */
export function inspect(certificate: Certificate): Result<InspectedCertificate, InspectionError> {
  const extensions = readExtensions(certificate)
  if (extensions === null) return err({ reason: 'malformed', detail: 'extensions' })
  const inspected = { certificate, extensions }
  const fault = findFault(inspected) ?? findUnprocessed(inspected) ?? findWeakKey(certificate)
  return fault === null ? ok(inspected) : err(fault)
}

/** Whether issuer and subject are the same name (RFC 5280 §3.2), which says nothing about who signed. */
export function isSelfIssued({ issuer, subject }: Certificate): boolean {
  return issuer.comparable === subject.comparable
}

/** Contradictions that RFC 5280 forbids an issuer to write. */
function findFault({ certificate, extensions }: InspectedCertificate): InspectionError | null {
  const { serial, issuer, subject } = certificate
  const isCa = extensions.basicConstraints?.ca === true
  const faults: readonly { readonly detail: string; readonly present: boolean }[] = [
    // §4.1.2.2: positive, at most 20 octets. Negative ones exist and "SHOULD" be handled.
    { detail: 'serial number', present: isForbiddenSerial(serial) },
    { detail: 'empty issuer', present: issuer.relativeNames.length === 0 },
    { detail: 'empty subject of a CA', present: isCa && subject.relativeNames.length === 0 },
    // §4.2.1.9: without cA, "the keyCertSign bit in the key usage extension MUST NOT be asserted".
    {
      detail: 'keyCertSign without CA',
      present: !isCa && extensions.keyUsage?.keyCertSign === true,
    },
    // §4.2.1.1 and §4.2.1.2: never critical.
    {
      detail: 'critical key identifier',
      present:
        isCritical(certificate, extensionOid.subjectKeyIdentifier) ||
        isCritical(certificate, extensionOid.authorityKeyIdentifier),
    },
    // §4.2.1.10: only in a CA certificate.
    {
      detail: 'name constraints without CA',
      present: !isCa && extensions.nameConstraints !== null,
    },
    // §4.2.1.10, .11 and .14: critical, or nobody need mind them.
    { detail: 'constraint not critical', present: !areConstraintsCritical(certificate) },
    // §4.2.1.6: with an empty subject the alternative name is the identity, and is critical.
    {
      detail: 'no name',
      present:
        subject.relativeNames.length === 0 &&
        !isCritical(certificate, extensionOid.subjectAlternativeName),
    },
  ]
  const fault = faults.find(({ present }) => present)
  return fault === undefined ? null : { reason: 'malformed', detail: fault.detail }
}

/** Many issuers draw 20 random octets, of which DER makes 21 when the first bit is set: that octet is not counted. */
function isForbiddenSerial(serial: Uint8Array): boolean {
  const octets = serial[0] === 0 ? serial.length - 1 : serial.length
  return octets === 0 || octets > 20
}

/** RFC 3280 left it to the issuer whether constraints on policies are critical, and certificates with policies still do. */
function areConstraintsCritical(certificate: Certificate): boolean {
  const hasPolicies = isPresent(certificate, extensionOid.certificatePolicies)
  const constraints = hasPolicies
    ? [extensionOid.nameConstraints]
    : [extensionOid.nameConstraints, extensionOid.policyConstraints, extensionOid.inhibitAnyPolicy]
  return constraints.every((oid) => !isPresent(certificate, oid) || isCritical(certificate, oid))
}

function isPresent(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.some((extension) => extension.oid === oid)
}

/** Whether the certificate has this extension and whoever does not know it must refuse the certificate. */
export function isCritical(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.some((extension) => extension.oid === oid && extension.critical)
}

function findUnprocessed({
  certificate,
  extensions,
}: InspectedCertificate): InspectionError | null {
  const unprocessed = certificate.extensions.find(
    ({ oid, critical }) =>
      critical &&
      (!processedExtensions.has(oid) ||
        // §4.2.1.4: whoever processes a critical policy must understand its qualifiers.
        (oid === extensionOid.certificatePolicies &&
          extensions.certificatePolicies?.hasUnknownQualifier === true)),
  )
  return unprocessed === undefined
    ? null
    : { reason: 'unknown_critical_extension', oid: unprocessed.oid }
}

const processedExtensions: ReadonlySet<string> = new Set([
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extendedKeyUsage,
  extensionOid.subjectAlternativeName,
  extensionOid.nameConstraints,
  extensionOid.certificatePolicies,
  extensionOid.policyMappings,
  extensionOid.policyConstraints,
  extensionOid.inhibitAnyPolicy,
])

function findWeakKey({ publicKey }: Certificate): InspectionError | null {
  const key = classifyPublicKey(publicKey)
  return key.ok ? null : key.error
}
