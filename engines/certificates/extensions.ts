/**
 * Reads the extensions that path validation and descriptions need (RFC 5280 §4.2.1) out of a certificate.
 * An extension that is present but not well formed makes the whole reading null: guessing at a constraint
 * is worse than refusing the certificate.
 */
import type { Certificate, Extension } from './certificate.ts'
import { derTag, readElement, readSequence, type DerElement } from './der.ts'
import {
  readBitString,
  readBoolean,
  readIntegerOctets,
  readObjectIdentifier,
  readSmallInteger,
} from './der-values.ts'

type BasicConstraints = {
  readonly ca: boolean
  /** Intermediates that may follow, self-issued ones not counted; null when unlimited. */
  readonly pathLength: number | null
}

type AuthorityKeyIdentifier = {
  readonly keyIdentifier: Uint8Array | null
  /** Content octets of authorityCertSerialNumber. */
  readonly serial: Uint8Array | null
}

export type CertificateExtensions = {
  readonly basicConstraints: BasicConstraints | null
  readonly keyUsage: KeyUsage | null
  /** Purposes as object identifiers; null when the certificate does not restrict them. */
  readonly extendedKeyUsage: readonly string[] | null
  readonly subjectKeyIdentifier: Uint8Array | null
  readonly authorityKeyIdentifier: AuthorityKeyIdentifier | null
}

/** The two bits of KeyUsage that decide about client certificates and their issuers. */
type KeyUsage = { readonly digitalSignature: boolean; readonly keyCertSign: boolean }

export const extensionOid = {
  authorityInformationAccess: '1.3.6.1.5.5.7.1.1',
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAlternativeName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  inhibitAnyPolicy: '2.5.29.54',
} as const

/** Reads the known extensions, or null when one of them is malformed. */
export function readExtensions(certificate: Certificate): CertificateExtensions | null {
  if (!certificate.extensions.every(isListWhereDue)) return null
  const valueOf = (oid: string): Uint8Array | null =>
    certificate.extensions.find((extension) => extension.oid === oid)?.value ?? null
  const basicConstraints = optional(valueOf(extensionOid.basicConstraints), readBasicConstraints)
  const keyUsage = optional(valueOf(extensionOid.keyUsage), readKeyUsage)
  const extendedKeyUsage = optional(valueOf(extensionOid.extendedKeyUsage), readPurposes)
  const subjectKeyIdentifier = optional(
    valueOf(extensionOid.subjectKeyIdentifier),
    readSubjectKeyIdentifier,
  )
  const authorityKeyIdentifier = optional(
    valueOf(extensionOid.authorityKeyIdentifier),
    readAuthorityKeyIdentifier,
  )
  if (!basicConstraints || !keyUsage || !extendedKeyUsage) return null
  if (!subjectKeyIdentifier || !authorityKeyIdentifier) return null
  return {
    basicConstraints: basicConstraints.value,
    keyUsage: keyUsage.value,
    extendedKeyUsage: extendedKeyUsage.value,
    subjectKeyIdentifier: subjectKeyIdentifier.value,
    authorityKeyIdentifier: authorityKeyIdentifier.value,
  }
}

/** Extensions defined as SEQUENCE SIZE (1..MAX): looked into elsewhere, but an empty one is no extension. */
function isListWhereDue({ oid, value }: Extension): boolean {
  return !listExtensions.has(oid) || (readSequence(value)?.length ?? 0) > 0
}

const listExtensions: ReadonlySet<string> = new Set([
  extensionOid.authorityInformationAccess,
  extensionOid.subjectAlternativeName,
  extensionOid.crlDistributionPoints,
  extensionOid.certificatePolicies,
])

/** Absent is `{value: null}`; present and malformed is null. */
function optional<T>(
  value: Uint8Array | null,
  read: (value: Uint8Array) => T | null,
): { readonly value: T | null } | null {
  if (value === null) return { value: null }
  const parsed = read(value)
  return parsed === null ? null : { value: parsed }
}

/** BasicConstraints ::= SEQUENCE { cA BOOLEAN DEFAULT FALSE, pathLenConstraint INTEGER OPTIONAL }. */
function readBasicConstraints(value: Uint8Array): BasicConstraints | null {
  const parts = readSequence(value)
  if (parts === null) return null
  const hasFlag = parts[0]?.tag === derTag.boolean
  const ca = hasFlag ? readBoolean(parts[0]) : false
  const lengthElement = parts[hasFlag ? 1 : 0]
  const pathLength = lengthElement === undefined ? null : readSmallInteger(lengthElement)
  const count = (hasFlag ? 1 : 0) + (lengthElement === undefined ? 0 : 1)
  if (ca === null || parts.length !== count) return null
  return lengthElement !== undefined && pathLength === null ? null : { ca, pathLength }
}

/** KeyUsage ::= BIT STRING; bit 0 digitalSignature, bit 5 keyCertSign (§4.2.1.3). */
function readKeyUsage(value: Uint8Array): KeyUsage | null {
  const bits = readBitString(readElement(value) ?? undefined)
  const first = bits?.octets[0]
  // "at least one of the bits MUST be set to 1" is read as: an empty list is malformed.
  if (first === undefined) return null
  return { digitalSignature: (first & 0x80) !== 0, keyCertSign: (first & 0x04) !== 0 }
}

function readPurposes(value: Uint8Array): readonly string[] | null {
  const elements = readSequence(value)
  if (elements === null || elements.length === 0) return null
  const purposes = elements.map(readObjectIdentifier)
  return purposes.every((oid) => oid !== null) ? purposes : null
}

function readSubjectKeyIdentifier(value: Uint8Array): Uint8Array | null {
  const element = readElement(value)
  return element?.tag === derTag.octetString ? element.content : null
}

/** AuthorityKeyIdentifier ::= SEQUENCE { [0] keyIdentifier, [1] issuer names, [2] serial }, all optional. */
function readAuthorityKeyIdentifier(value: Uint8Array): AuthorityKeyIdentifier | null {
  const parts = readSequence(value)
  if (parts === null) return null
  const byTag = (tag: number): DerElement | undefined => parts.find((part) => part.tag === tag)
  const serialElement = byTag(0x82)
  const serial =
    serialElement === undefined
      ? null
      : readIntegerOctets({ ...serialElement, tag: derTag.integer })
  if (serialElement !== undefined && serial === null) return null
  return { keyIdentifier: byTag(0x80)?.content ?? null, serial }
}
