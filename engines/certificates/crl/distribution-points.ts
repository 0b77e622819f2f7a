/**
 * Distribution points: what a certificate says about where its status is found (RFC 5280 §4.2.1.13), and what a list says
 * about the certificates that it speaks of (§5.2.5). Names become texts that are equal when the names are.
 */
import { derTag, readElement, readElements, readSequence, type DerElement } from '../der.ts'
import { readBitString, readBoolean } from '../der-values.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { readName, type DistinguishedName } from '../names.ts'
import { crlLimits } from './limits.ts'

/** One point of a certificate. */
export type DistributionPoint = {
  /** Null when the point has no name. */
  readonly names: readonly string[] | null
  /** Reasons that lists of this point speak of, as `reasonBit` has them. */
  readonly reasons: number
  /** Who signs the lists when it is not the certificate's issuer; comparable names, null when absent. */
  readonly crlIssuers: readonly string[] | null
}

/** The scope of a list. */
export type IssuingDistributionPoint = {
  readonly names: readonly string[] | null
  readonly onlyUserCertificates: boolean
  readonly onlyAuthorityCertificates: boolean
  readonly onlyAttributeCertificates: boolean
  readonly isIndirect: boolean
  /** All of `allReasons` when the list does not restrict them. */
  readonly reasons: number
}

/** ReasonFlags (§4.2.1.13) bits 1 to 8; bit 0 is not used and counts for nothing. */
export const allReasons = 0b0_1111_1111

/** CRLDistributionPoints of a certificate; null when not well formed or too many. */
export function readDistributionPoints(
  value: Uint8Array,
  issuer: DistinguishedName,
): readonly DistributionPoint[] | null {
  const elements = readSequence(value)
  const max = crlLimits.distributionPointsMax
  if (elements === null || elements.length === 0 || elements.length > max) return null
  const points: DistributionPoint[] = []
  for (const element of elements) {
    const point = element.tag === derTag.sequence ? readPoint(element, issuer) : null
    if (point === null) return null
    points.push(point)
  }
  return points
}

/** IssuingDistributionPoint of a list that `issuer` has signed; null when not well formed. */
export function readIssuingDistributionPoint(
  value: Uint8Array,
  issuer: DistinguishedName,
): IssuingDistributionPoint | null {
  const parts = membersByTag(readSequence(value), [0xa0, 0x81, 0x82, 0x83, 0x84, 0x85])
  if (parts === null) return null
  const names = optional(parts.get(0xa0), (element) => readPointName(element, issuer))
  const reasons = optional(parts.get(0x83), readReasons)
  const flags = [0x81, 0x82, 0x84, 0x85].map((tag) => readFlag(parts.get(tag)))
  const [onlyUser, onlyAuthority, isIndirect, onlyAttribute] = flags
  if (names === undefined || reasons === undefined || flags.includes(null)) return null
  return {
    names,
    onlyUserCertificates: onlyUser === true,
    onlyAuthorityCertificates: onlyAuthority === true,
    onlyAttributeCertificates: onlyAttribute === true,
    isIndirect: isIndirect === true,
    reasons: reasons ?? allReasons,
  }
}

/** The directory names among GeneralNames, in their comparable form; null when not well formed. */
export function readDirectoryNames(value: Uint8Array): readonly string[] | null {
  const element = readElement(value)
  const names = element === null ? null : readGeneralNames(element.content)
  return (
    names
      ?.filter((name) => name.startsWith(DIRECTORY))
      .map((name) => name.slice(DIRECTORY.length)) ?? null
  )
}

/** A directory name, given in its comparable form, as a name of a distribution point. */
export function directoryPointName(comparable: string): string {
  return `${DIRECTORY}${comparable}`
}

const DIRECTORY = 'directory:'

/** DistributionPoint ::= SEQUENCE { [0] distributionPoint, [1] reasons, [2] cRLIssuer }, all optional. */
function readPoint(element: DerElement, issuer: DistinguishedName): DistributionPoint | null {
  const parts = membersByTag(readElements(element.content), [0xa0, 0x81, 0xa2])
  if (parts === null) return null
  const crlIssuers = optional(parts.get(0xa2), ({ der }) => readDirectoryNames(der))
  // A relative name starts at the issuer of the list, which is one of the names given, or else the certificate's issuer.
  const base = optional(parts.get(0xa2), firstDirectoryName)
  const names = optional(parts.get(0xa0), (each) => readPointName(each, base ?? issuer))
  const reasons = optional(parts.get(0x81), readReasons)
  if (names === undefined || reasons === undefined || crlIssuers === undefined) return null
  // "a DistributionPoint MUST NOT consist of only the reasons field".
  if (names === null && crlIssuers === null) return null
  return { names, reasons: reasons ?? allReasons, crlIssuers }
}

/** Members in the order of `tags`, none twice; null otherwise. */
function membersByTag(
  elements: readonly DerElement[] | null,
  tags: readonly number[],
): ReadonlyMap<number, DerElement> | null {
  if (elements === null) return null
  const places = elements.map(({ tag }) => tags.indexOf(tag))
  const isOrdered = places.every((place, index) => place > (places[index - 1] ?? -1))
  return isOrdered ? new Map(elements.map((element) => [element.tag, element])) : null
}

/** Absent is null; present and not well formed is undefined. */
function optional<T>(
  element: DerElement | undefined,
  read: (element: DerElement) => T | null,
): T | null | undefined {
  return element === undefined ? null : (read(element) ?? undefined)
}

/** DistributionPointName ::= CHOICE { [0] fullName GeneralNames, [1] nameRelativeToCRLIssuer RDN }. */
function readPointName(element: DerElement, issuer: DistinguishedName): readonly string[] | null {
  const choice = readElement(element.content)
  if (choice?.tag === 0xa0) return readGeneralNames(choice.content)
  const name = choice?.tag === 0xa1 ? relativeName(choice.content, issuer) : null
  return name === null ? null : [directoryPointName(name.comparable)]
}

function readGeneralNames(content: Uint8Array): readonly string[] | null {
  const elements = readElements(content)
  const max = crlLimits.distributionPointsMax
  if (elements === null || elements.length === 0 || elements.length > max) return null
  const names: string[] = []
  for (const element of elements) {
    const directory = element.tag === 0xa4 ? readName(element.content) : null
    if (element.tag === 0xa4 && directory === null) return null
    names.push(
      directory === null ? bytesToHex(element.der) : directoryPointName(directory.comparable),
    )
  }
  return names
}

function firstDirectoryName(names: DerElement): DistinguishedName | null {
  const directory = readElements(names.content)?.find(({ tag }) => tag === 0xa4)
  return directory === undefined ? null : readName(directory.content)
}

/** The issuer's name with one more RelativeDistinguishedName, given as the content of its SET. */
function relativeName(set: Uint8Array, issuer: DistinguishedName): DistinguishedName | null {
  const outer = readElement(issuer.der)
  if (outer === null) return null
  const last = encodeElement(derTag.set, set)
  const content = new Uint8Array(outer.content.length + last.length)
  content.set(outer.content)
  content.set(last, outer.content.length)
  return readName(encodeElement(derTag.sequence, content))
}

function encodeElement(tag: number, content: Uint8Array): Uint8Array {
  const { length } = content
  const octets =
    length < 0x80 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Uint8Array.from([tag, ...octets, ...content])
}

/** ReasonFlags ::= BIT STRING of at most 9 bits; bit 1 becomes the highest of eight. */
function readReasons({ content, der }: DerElement): number | null {
  const bits = readBitString({ tag: derTag.bitString, content, der })
  if (bits === null || bits.octets.length > 2) return null
  return (((bits.octets[0] ?? 0) << 1) & 0xff) | ((bits.octets[1] ?? 0) >> 7)
}

/** BOOLEAN DEFAULT FALSE. */
function readFlag(element: DerElement | undefined): boolean | null {
  return element === undefined ? false : readBoolean({ ...element, tag: derTag.boolean })
}
