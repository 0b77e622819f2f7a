/**
 * Reads one X.509 certificate (RFC 5280 §4.1) into plain data, without judging whether it can be trusted.
 * Refuses what is too large, not DER, has members in a wrong order, or carries an extension twice:
 * a certificate that two readers would understand differently is not worth a decision.
 */
import { bytesToHex } from '@noble/hashes/utils.js'
import { err, ok, type Result } from '#engines/result'

import { derTag, readElements, readSequence, type DerElement } from './der.ts'
import {
  readBitString,
  readBoolean,
  readIntegerOctets,
  readObjectIdentifier,
  readTime,
} from './der-values.ts'
import { certificateLimits } from './limits.ts'
import { readName, type DistinguishedName } from './names.ts'

export type AlgorithmIdentifier = {
  readonly oid: string
  /** The parameters element, null when absent. */
  readonly parameters: DerElement | null
  readonly der: Uint8Array
}

export type Extension = {
  readonly oid: string
  readonly critical: boolean
  /** Content of the OCTET STRING: the extension's own DER. */
  readonly value: Uint8Array
}

/** SubjectPublicKeyInfo, whole and in parts. */
export type PublicKeyInfo = {
  readonly der: Uint8Array
  readonly algorithm: AlgorithmIdentifier
  readonly key: Uint8Array
}

export type Certificate = {
  readonly der: Uint8Array
  /** What the issuer signed. */
  readonly tbs: Uint8Array
  readonly version: 1 | 2 | 3
  /** Content octets of the serial number, sign included. */
  readonly serial: Uint8Array
  readonly issuer: DistinguishedName
  readonly subject: DistinguishedName
  /** Seconds since 1970, both ends included. */
  readonly notBefore: number
  readonly notAfter: number
  readonly publicKey: PublicKeyInfo
  readonly extensions: readonly Extension[]
  readonly signatureAlgorithm: AlgorithmIdentifier
  readonly signature: Uint8Array
}

export type CertificateError =
  | { readonly reason: 'too_large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly reason: 'malformed'; readonly detail: CertificatePart }

/** The part in which reading stopped. */
type CertificatePart = 'structure' | 'algorithm' | 'names' | 'validity' | 'key' | 'extensions'

/** Reads one DER certificate; nothing may follow it. */
export function readCertificate(der: Uint8Array): Result<Certificate, CertificateError> {
  const bytesMax = certificateLimits.certificateBytesMax
  if (der.length > bytesMax) return err({ reason: 'too_large', bytes: der.length, bytesMax })
  const [tbs, outerAlgorithm, signatureElement, ...rest] = readSequence(der) ?? []
  const fields = tbs?.tag === derTag.sequence ? readElements(tbs.content) : null
  const signature = readBitString(signatureElement)
  if (tbs === undefined || fields === null || signature === null || rest.length > 0) {
    return malformed('structure')
  }
  const members = splitFields(fields)
  if (members === null || signature.unusedBits !== 0) return malformed('structure')

  const signatureAlgorithm = readAlgorithm(outerAlgorithm)
  // RFC 5280 §4.1.1.2: the algorithm inside the signature "MUST contain the same" identifier as outside.
  if (signatureAlgorithm === null || !sameBytes(signatureAlgorithm.der, members.algorithm.der)) {
    return malformed('algorithm')
  }
  const issuer = readName(members.issuer.der)
  const subject = readName(members.subject.der)
  if (issuer === null || subject === null) return malformed('names')
  const [notBefore, notAfter, ...moreTimes] = readSequence(members.validity.der) ?? []
  const validity = { notBefore: readTime(notBefore), notAfter: readTime(notAfter) }
  if (validity.notBefore === null || validity.notAfter === null || moreTimes.length > 0) {
    return malformed('validity')
  }
  const publicKey = readPublicKeyInfo(members.publicKey)
  if (publicKey === null) return malformed('key')
  const extensions =
    members.extensions === null ? [] : readExtensionList(members.extensions.content)
  if (extensions === null || (extensions.length > 0 && members.version !== 3)) {
    return malformed('extensions')
  }
  return ok({
    der,
    tbs: tbs.der,
    version: members.version,
    serial: members.serial,
    issuer,
    subject,
    notBefore: validity.notBefore,
    notAfter: validity.notAfter,
    publicKey,
    extensions,
    signatureAlgorithm,
    signature: signature.octets,
  })
}

/** SubjectPublicKeyInfo ::= SEQUENCE { algorithm, subjectPublicKey BIT STRING }, or null. */
export function readPublicKeyInfo(element: DerElement): PublicKeyInfo | null {
  const [algorithmElement, keyElement, ...rest] = readSequence(element.der) ?? []
  const algorithm = readAlgorithm(algorithmElement)
  const key = readBitString(keyElement)
  if (algorithm === null || key === null || key.unusedBits !== 0 || rest.length > 0) return null
  return { der: element.der, algorithm, key: key.octets }
}

/** AlgorithmIdentifier ::= SEQUENCE { algorithm, parameters ANY OPTIONAL }, or null. */
export function readAlgorithm(element: DerElement | undefined): AlgorithmIdentifier | null {
  const [identifier, parameters, ...rest] = element ? (readSequence(element.der) ?? []) : []
  const oid = readObjectIdentifier(identifier)
  if (element === undefined || oid === null || rest.length > 0) return null
  return { oid, parameters: parameters ?? null, der: element.der }
}

/** The serial number as people and management APIs write it. RFC 5280 §4.1.2.2 knows no negative one, but they exist. */
export function decimalSerial({ serial }: Certificate): string {
  return BigInt.asIntN(serial.length * 8, BigInt(`0x${bytesToHex(serial)}`)).toString()
}

/** Whether two byte strings are equal. Not for secrets: it stops at the first difference. */
export function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index])
}

type CertificateFields = {
  readonly version: 1 | 2 | 3
  readonly serial: Uint8Array
  readonly algorithm: DerElement
  readonly issuer: DerElement
  readonly validity: DerElement
  readonly subject: DerElement
  readonly publicKey: DerElement
  readonly extensions: DerElement | null
}

/** Context tags of TBSCertificate: [0] version, [1] and [2] unique identifiers, [3] extensions. */
const fieldTag = { version: 0xa0, issuerUniqueId: 0x81, subjectUniqueId: 0x82, extensions: 0xa3 }

function splitFields(fields: readonly DerElement[]): CertificateFields | null {
  const explicitVersion = fields[0]?.tag === fieldTag.version
  const version = explicitVersion ? readVersion(fields[0]) : 1
  const [serialElement, algorithm, issuer, validity, subject, publicKey, ...optional] =
    explicitVersion ? fields.slice(1) : fields
  const serial = readIntegerOctets(serialElement)
  if (version === null || serial === null || publicKey === undefined) return null
  if (!algorithm || !issuer || !validity || !subject) return null
  const tags = optional.map((element) => element.tag)
  const ordered = tags.every((tag, index) => optionalTags.has(tag) && tag > (tags[index - 1] ?? 0))
  if (!ordered) return null
  const extensions = optional.find((element) => element.tag === fieldTag.extensions) ?? null
  // §4.1.2.8: unique identifiers came with version 2; of extensions, readCertificate takes care.
  if (version === 1 && optional.length > (extensions === null ? 0 : 1)) return null
  return { version, serial, algorithm, issuer, validity, subject, publicKey, extensions }
}

/** In DER order, which is also ascending. */
const optionalTags = new Set([
  fieldTag.issuerUniqueId,
  fieldTag.subjectUniqueId,
  fieldTag.extensions,
])

/** Version 1 is the default, and DER forbids writing a default (X.690 §11.5). */
function readVersion(element: DerElement | undefined): 2 | 3 | null {
  const [inner, ...rest] = (element && readElements(element.content)) ?? []
  const octets = readIntegerOctets(inner)
  if (octets === null || octets.length !== 1 || rest.length > 0) return null
  return octets[0] === 2 ? 3 : octets[0] === 1 ? 2 : null
}

/** Extensions ::= SEQUENCE SIZE (1..MAX) OF Extension, or null. */
export function readExtensionList(der: Uint8Array): readonly Extension[] | null {
  const members = readSequence(der)
  if (members === null || members.length === 0) return null
  if (members.length > certificateLimits.extensionsMax) return null
  const extensions: Extension[] = []
  for (const member of members) {
    const extension = readExtension(member)
    // RFC 5280 §4.2: "A certificate MUST NOT include more than one instance of a particular extension."
    if (extension === null || extensions.some(({ oid }) => oid === extension.oid)) return null
    extensions.push(extension)
  }
  return extensions
}

/** Extension ::= SEQUENCE { extnID, critical BOOLEAN DEFAULT FALSE, extnValue OCTET STRING }. */
function readExtension(element: DerElement): Extension | null {
  const parts = readSequence(element.der) ?? []
  const oid = readObjectIdentifier(parts[0])
  const hasCritical = parts[1]?.tag === derTag.boolean
  // An explicit FALSE is not DER but widespread, and means the same to every reader.
  const critical = hasCritical ? readBoolean(parts[1]) : false
  const value = parts[hasCritical ? 2 : 1]
  if (oid === null || critical === null || value?.tag !== derTag.octetString) return null
  return parts.length === (hasCritical ? 3 : 2) ? { oid, critical, value: value.content } : null
}

function malformed(detail: CertificatePart): Result<never, CertificateError> {
  return err({ reason: 'malformed', detail })
}
