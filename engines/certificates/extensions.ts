/**
 * Reads the extensions that path validation and descriptions need (RFC 5280 §4.2.1) out of a certificate.
 * An extension that is present but not well formed makes the whole reading null: guessing at a constraint
 * is worse than refusing the certificate.
 */
import type { Certificate, Extension } from './certificate.ts'
import { derTag, readElement, readElements, readSequence, type DerElement } from './der.ts'
import { nameForms } from './general-names.ts'
import { readNameConstraints, type NameConstraints } from './name-constraints.ts'
import { readName } from './names.ts'
import {
  readCertificatePolicies,
  readInhibitAnyPolicy,
  readPolicyConstraints,
  readPolicyMappings,
  type CertificatePolicies,
  type PolicyConstraints,
  type PolicyMapping,
} from './policy-extensions.ts'
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
  /** Comparable forms of the directory names in authorityCertIssuer; null when that is absent. */
  readonly issuerNames: readonly string[] | null
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
  readonly nameConstraints: NameConstraints | null
  readonly certificatePolicies: CertificatePolicies | null
  readonly policyMappings: readonly PolicyMapping[] | null
  readonly policyConstraints: PolicyConstraints | null
  /** Certificates that may follow before anyPolicy means nothing; null when it always means something. */
  readonly inhibitAnyPolicy: number | null
}

/** The bits of KeyUsage that decide about client certificates, their issuers and revocation lists. */
type KeyUsage = {
  readonly digitalSignature: boolean
  readonly keyCertSign: boolean
  readonly cRLSign: boolean
}

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
  const read = <T>(oid: string, reader: (value: Uint8Array) => T | null): Reading<T> => {
    const extension = certificate.extensions.find((candidate) => candidate.oid === oid)
    return extension === undefined ? null : (reader(extension.value) ?? malformed)
  }
  const basicConstraints = read(extensionOid.basicConstraints, readBasicConstraints)
  const keyUsage = read(extensionOid.keyUsage, readKeyUsage)
  const extendedKeyUsage = read(extensionOid.extendedKeyUsage, readPurposes)
  const subjectKeyIdentifier = read(extensionOid.subjectKeyIdentifier, readSubjectKeyIdentifier)
  const authorityKeyIdentifier = read(
    extensionOid.authorityKeyIdentifier,
    readAuthorityKeyIdentifier,
  )
  const nameConstraints = read(extensionOid.nameConstraints, readNameConstraints)
  const certificatePolicies = read(extensionOid.certificatePolicies, readCertificatePolicies)
  const policyMappings = read(extensionOid.policyMappings, readPolicyMappings)
  const policyConstraints = read(extensionOid.policyConstraints, readPolicyConstraints)
  const inhibitAnyPolicy = read(extensionOid.inhibitAnyPolicy, readInhibitAnyPolicy)
  if (basicConstraints === malformed || keyUsage === malformed) return null
  if (extendedKeyUsage === malformed || nameConstraints === malformed) return null
  if (subjectKeyIdentifier === malformed || authorityKeyIdentifier === malformed) return null
  if (certificatePolicies === malformed || policyMappings === malformed) return null
  if (policyConstraints === malformed || inhibitAnyPolicy === malformed) return null
  return {
    basicConstraints,
    keyUsage,
    extendedKeyUsage,
    subjectKeyIdentifier,
    authorityKeyIdentifier,
    nameConstraints,
    certificatePolicies,
    policyMappings,
    policyConstraints,
    inhibitAnyPolicy,
  }
}

const malformed = 'malformed'

/** Null when absent. */
type Reading<T> = T | typeof malformed | null

/** Extensions defined as SEQUENCE SIZE (1..MAX): looked into elsewhere, but an empty one is no extension. */
function isListWhereDue({ oid, value }: Extension): boolean {
  return !listExtensions.has(oid) || (readSequence(value)?.length ?? 0) > 0
}

const listExtensions: ReadonlySet<string> = new Set([
  extensionOid.authorityInformationAccess,
  extensionOid.subjectAlternativeName,
  extensionOid.crlDistributionPoints,
])

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

/** KeyUsage ::= BIT STRING; bit 0 digitalSignature, bit 5 keyCertSign, bit 6 cRLSign (§4.2.1.3). */
function readKeyUsage(value: Uint8Array): KeyUsage | null {
  const bits = readBitString(readElement(value) ?? undefined)
  const first = bits?.octets[0]
  // "at least one of the bits MUST be set to 1" is read as: an empty list is malformed.
  if (first === undefined) return null
  return {
    digitalSignature: (first & 0x80) !== 0,
    keyCertSign: (first & 0x04) !== 0,
    cRLSign: (first & 0x02) !== 0,
  }
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
  const issuer = byTag(0xa1)
  // RFC 5280 appendix A.2: issuer and serial number "MUST both be present or both be absent".
  if ((issuer === undefined) !== (serial === null)) return null
  const issuerNames = issuer === undefined ? null : readDirectoryNames(issuer)
  return { keyIdentifier: byTag(0x80)?.content ?? null, issuerNames, serial }
}

function readDirectoryNames(names: DerElement): readonly string[] {
  return (readElements(names.content) ?? [])
    .filter(({ tag }) => nameForms[tag] === 'directory')
    .flatMap(({ content }) => readName(content)?.comparable ?? [])
}
