/**
 * Distinguished names: read once into attributes, then written in the forms operators compare against.
 * The written forms are OpenSSL's byte for byte, because nginx, Cloudflare and existing rules use them.
 * Refuses a name that is not DER, empties inside it and more attributes than a name can need.
 */
import { derTag, readElements, readSequence } from './der.ts'
import { readObjectIdentifier } from './der-values.ts'
import { bytesToHex } from '@noble/hashes/utils.js'
import { certificateLimits } from './limits.ts'

export type NameAttribute = {
  readonly oid: string
  /** Tag of the value: which string type it is. */
  readonly tag: number
  readonly content: Uint8Array
  readonly der: Uint8Array
}

export type DistinguishedName = {
  readonly der: Uint8Array
  /** In the order of the encoding; each inner list is one RelativeDistinguishedName. */
  readonly relativeNames: readonly (readonly NameAttribute[])[]
  /** Equal for two names that RFC 5280 §7.1 calls the same: case, string type and inner spaces aside. */
  readonly comparable: string
}

/** Reads a DER Name, or null. */
export function readName(der: Uint8Array): DistinguishedName | null {
  const sets = readSequence(der)
  if (sets === null) return null
  const relativeNames: NameAttribute[][] = []
  let count = 0
  for (const set of sets) {
    const members = set.tag === derTag.set ? readElements(set.content) : null
    if (members === null || members.length === 0) return null
    count += members.length
    if (count > certificateLimits.nameAttributesMax) return null
    const attributes: NameAttribute[] = []
    for (const member of members) {
      const attribute = readAttribute(member.der)
      if (attribute === null) return null
      attributes.push(attribute)
    }
    relativeNames.push(attributes)
  }
  return { der, relativeNames, comparable: relativeNames.map(comparableSet).join('\n') }
}

/** RFC 2253 as OpenSSL's `-nameopt RFC2253`: last attribute first, non-ASCII as `\C3\A9`. */
export function formatRfc2253(name: DistinguishedName): string {
  return name.relativeNames
    .toReversed()
    .map((attributes) => attributes.toReversed().map(formatAttribute).join('+'))
    .join(',')
}

/** The slash form of OpenSSL's X509_NAME_oneline (`-nameopt compat`): `/C=US/O=Example/CN=a`. */
export function formatLegacy(name: DistinguishedName): string {
  return name.relativeNames
    .map((attributes) => `/${attributes.map(formatLegacyAttribute).join('+')}`)
    .join('')
}

/** The text of the first attribute of this type, or null when absent or not a string. */
export function firstAttribute(name: DistinguishedName, oid: string): string | null {
  const attribute = name.relativeNames.flat().find((candidate) => candidate.oid === oid)
  return attribute === undefined ? null : attributeText(attribute)
}

/** The value as text whatever string type carries it, or null when it is no string or badly encoded. */
export function attributeText({ tag, content }: NameAttribute): string | null {
  const encoding = stringEncodings[tag]
  if (encoding === undefined) return null
  try {
    return decoders[encoding](content)
  } catch {
    // TextDecoder in fatal mode throws on bytes that are not in the encoding: not a string for us.
    return null
  }
}

function readAttribute(der: Uint8Array): NameAttribute | null {
  const [type, value, ...rest] = readSequence(der) ?? []
  const oid = readObjectIdentifier(type)
  if (oid === null || value === undefined || rest.length > 0) return null
  return { oid, tag: value.tag, content: value.content, der: value.der }
}

/** Members of a set have no order of their own, so they are sorted. */
function comparableSet(attributes: readonly NameAttribute[]): string {
  return attributes
    .map((attribute) => {
      const text = attributeText(attribute)
      const value = text === null ? `#${bytesToHex(attribute.der)}` : JSON.stringify(fold(text))
      return `${attribute.oid}=${value}`
    })
    .toSorted()
    .join('+')
}

function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim().replaceAll(/\s+/g, ' ')
}

/** An unknown type or a value that is no string is shown as `#` and its DER (RFC 2253 §2.4). */
function formatAttribute(attribute: NameAttribute): string {
  const name = attributeNames[attribute.oid]
  const text = name === undefined ? null : attributeText(attribute)
  return `${name ?? attribute.oid}=${text === null ? `#${bytesToHex(attribute.der).toUpperCase()}` : escapeRfc2253(text)}`
}

function escapeRfc2253(text: string): string {
  const bytes = new TextEncoder().encode(text)
  return Array.from(bytes, (byte, index) => {
    if (byte < 0x20 || byte > 0x7e) return `\\${hexOctet(byte)}`
    const character = String.fromCharCode(byte)
    const atEdge =
      (index === 0 && (character === '#' || character === ' ')) ||
      (index === bytes.length - 1 && character === ' ')
    return atEdge || rfc2253Specials.has(character) ? `\\${character}` : character
  }).join('')
}

const rfc2253Specials = new Set([',', '+', '"', '\\', '<', '>', ';'])

/** Octets as they are, whatever their encoding; the separators are escaped so that no value can forge one. */
function formatLegacyAttribute({ oid, tag, content }: NameAttribute): string {
  const octets = tag === derTag.bitString ? content.subarray(1) : content
  const text = Array.from(octets, (octet) => {
    if (octet < 0x20 || octet > 0x7e) return `\\x${hexOctet(octet)}`
    const character = String.fromCharCode(octet)
    return character === '/' || character === '+' ? `\\${character}` : character
  }).join('')
  return `${attributeNames[oid] ?? oid}=${text}`
}

function hexOctet(byte: number): string {
  return byte.toString(16).toUpperCase().padStart(2, '0')
}

type StringEncoding = 'latin1' | 'utf8' | 'utf16' | 'utf32'

/** T.61 is read as Latin-1, as every implementation in use does. */
const stringEncodings: Readonly<Record<number, StringEncoding>> = {
  [derTag.utf8String]: 'utf8',
  [derTag.numericString]: 'latin1',
  [derTag.printableString]: 'latin1',
  [derTag.teletexString]: 'latin1',
  [derTag.ia5String]: 'latin1',
  [derTag.visibleString]: 'latin1',
  [derTag.utcTime]: 'latin1',
  [derTag.generalizedTime]: 'latin1',
  [derTag.universalString]: 'utf32',
  [derTag.bmpString]: 'utf16',
}

const decoders: Readonly<Record<StringEncoding, (content: Uint8Array) => string | null>> = {
  latin1: (content) => Array.from(content, (byte) => String.fromCharCode(byte)).join(''),
  utf8: (content) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content),
  utf16: (content) => decodeWide(content, 2),
  utf32: (content) => decodeWide(content, 4),
}

/** BMPString and UniversalString: big-endian units of a fixed width, each one code point. */
function decodeWide(content: Uint8Array, width: number): string | null {
  if (content.length % width !== 0) return null
  let text = ''
  for (let at = 0; at < content.length; at += width) {
    let point = 0
    for (const byte of content.subarray(at, at + width)) point = point * 256 + byte
    if (point > 0x10ffff || (point >= 0xd800 && point <= 0xdfff)) return null
    text += String.fromCodePoint(point)
  }
  return text
}

/** emailAddress of PKCS #9, the e-mail address that subjects carried before alternative names. */
export const emailAddressOid = '1.2.840.113549.1.9.1'

/** OpenSSL's short names for the attribute types that occur in certificates. */
const attributeNames: Readonly<Record<string, string>> = {
  '2.5.4.3': 'CN',
  '2.5.4.4': 'SN',
  '2.5.4.5': 'serialNumber',
  '2.5.4.6': 'C',
  '2.5.4.7': 'L',
  '2.5.4.8': 'ST',
  '2.5.4.9': 'street',
  '2.5.4.10': 'O',
  '2.5.4.11': 'OU',
  '2.5.4.12': 'title',
  '2.5.4.13': 'description',
  '2.5.4.15': 'businessCategory',
  '2.5.4.16': 'postalAddress',
  '2.5.4.17': 'postalCode',
  '2.5.4.18': 'postOfficeBox',
  '2.5.4.20': 'telephoneNumber',
  '2.5.4.41': 'name',
  '2.5.4.42': 'GN',
  '2.5.4.43': 'initials',
  '2.5.4.44': 'generationQualifier',
  '2.5.4.45': 'x500UniqueIdentifier',
  '2.5.4.46': 'dnQualifier',
  '2.5.4.65': 'pseudonym',
  '2.5.4.72': 'role',
  '2.5.4.97': 'organizationIdentifier',
  '0.9.2342.19200300.100.1.1': 'UID',
  '0.9.2342.19200300.100.1.3': 'mail',
  '0.9.2342.19200300.100.1.25': 'DC',
  [emailAddressOid]: 'emailAddress',
  '1.2.840.113549.1.9.2': 'unstructuredName',
  '1.2.840.113549.1.9.8': 'unstructuredAddress',
  '1.3.6.1.4.1.311.60.2.1.1': 'jurisdictionL',
  '1.3.6.1.4.1.311.60.2.1.2': 'jurisdictionST',
  '1.3.6.1.4.1.311.60.2.1.3': 'jurisdictionC',
}
