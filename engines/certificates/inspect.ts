/**
 * What can be said about one certificate on its own, before any chain: it reads, its extensions read, its
 * key is strong enough, and nothing in it is critical that we do not process. Trust, time and purpose come
 * later (verify). A constraint we cannot enforce yet is refused, marked critical or not.
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
  | { readonly reason: 'unprocessed_constraint'; readonly oid: string }

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
  const fault = findFault(inspected) ?? findUnprocessed(certificate) ?? findWeakKey(certificate)
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
    { detail: 'serial number', present: serial.length > 20 || serial.every((o) => o === 0) },
    { detail: 'empty issuer', present: issuer.relativeNames.length === 0 },
    { detail: 'empty subject of a CA', present: isCa && subject.relativeNames.length === 0 },
    // §4.2.1.9: without cA, "the keyCertSign bit in the key usage extension MUST NOT be asserted".
    {
      detail: 'keyCertSign without CA',
      present: !isCa && extensions.keyUsage?.keyCertSign === true,
    },
    // §4.2.1.9: critical in every CA certificate; §4.2.1.1 and §4.2.1.2: never critical.
    {
      detail: 'basicConstraints not critical',
      present: isCa && !isCritical(certificate, extensionOid.basicConstraints),
    },
    {
      detail: 'critical key identifier',
      present:
        isCritical(certificate, extensionOid.subjectKeyIdentifier) ||
        isCritical(certificate, extensionOid.authorityKeyIdentifier),
    },
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

function isCritical(certificate: Certificate, oid: string): boolean {
  return certificate.extensions.some((extension) => extension.oid === oid && extension.critical)
}

function findUnprocessed({ extensions }: Certificate): InspectionError | null {
  const constraint = extensions.find(({ oid }) => unprocessedConstraints.has(oid))
  if (constraint !== undefined) return { reason: 'unprocessed_constraint', oid: constraint.oid }
  const unknown = extensions.find(({ oid, critical }) => critical && !processedExtensions.has(oid))
  return unknown === undefined ? null : { reason: 'unknown_critical_extension', oid: unknown.oid }
}

/** Policies alone restrict nothing unless a policy is asked for, so reading past them is processing them. */
const processedExtensions: ReadonlySet<string> = new Set([
  extensionOid.basicConstraints,
  extensionOid.keyUsage,
  extensionOid.extendedKeyUsage,
  extensionOid.subjectAlternativeName,
  extensionOid.certificatePolicies,
])

/** These narrow what an issuer may sign; not enforcing one would accept what it forbids. */
const unprocessedConstraints: ReadonlySet<string> = new Set([
  extensionOid.nameConstraints,
  extensionOid.policyConstraints,
  extensionOid.policyMappings,
  extensionOid.inhibitAnyPolicy,
])

function findWeakKey({ publicKey }: Certificate): InspectionError | null {
  const key = classifyPublicKey(publicKey)
  return key.ok ? null : key.error
}
