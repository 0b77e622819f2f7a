/**
 * Reads DER (X.690 §10) one level at a time: strict, copying nothing, never recursing by itself. Writes as little of it as we need.
 * Refuses what BER allows and DER does not (indefinite or padded lengths), multi-byte tags and trailing
 * bytes, because two readers that disagree about one encoding are how certificates are forged.
 */
import { certificateLimits } from './limits.ts'

export type DerElement = {
  /** The identifier octet: class, constructed bit and number (low-tag form only). */
  readonly tag: number
  /** The whole element, header included. */
  readonly der: Uint8Array
  /** The content octets. */
  readonly content: Uint8Array
}

/** Identifier octets that certificates use. */
export const derTag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  null: 0x05,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  numericString: 0x12,
  printableString: 0x13,
  teletexString: 0x14,
  ia5String: 0x16,
  utcTime: 0x17,
  generalizedTime: 0x18,
  visibleString: 0x1a,
  universalString: 0x1c,
  bmpString: 0x1e,
  sequence: 0x30,
  set: 0x31,
} as const

/** The one element that fills `bytes` exactly, or null. */
export function readElement(bytes: Uint8Array): DerElement | null {
  const element = elementAt(bytes, 0)
  return element !== null && element.der.length === bytes.length ? element : null
}

/** The elements inside a constructed element's content, or null when they are not DER. */
export function readElements(content: Uint8Array): readonly DerElement[] | null {
  const elements: DerElement[] = []
  let offset = 0
  while (offset < content.length) {
    const element = elementAt(content, offset)
    if (element === null || elements.length === certificateLimits.elementsMax) return null
    elements.push(element)
    offset += element.der.length
  }
  return elements
}

/** The elements inside `bytes` when these are exactly one element tagged `tag` (default SEQUENCE), or null. */
export function readSequence(
  bytes: Uint8Array,
  tag: number = derTag.sequence,
): readonly DerElement[] | null {
  const element = readElement(bytes)
  return element !== null && element.tag === tag ? readElements(element.content) : null
}

/** Writes one element around content of at most 65,535 octets. */
export function encodeElement(tag: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const { length } = content
  const header =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff]
  return new Uint8Array([tag, ...header, ...content])
}

function elementAt(bytes: Uint8Array, start: number): DerElement | null {
  const tag = bytes[start]
  const first = bytes[start + 1]
  if (tag === undefined || first === undefined) return null
  // X.690 §8.1.2.4: all ones in the low five bits announces a multi-byte tag, which X.509 never uses.
  if ((tag & 0x1f) === 0x1f) return null
  const length = first < 0x80 ? { value: first, octets: 1 } : longLength(bytes, start + 1)
  if (length === null) return null
  const contentStart = start + 1 + length.octets
  const end = contentStart + length.value
  if (end > bytes.length) return null
  return { tag, der: bytes.subarray(start, end), content: bytes.subarray(contentStart, end) }
}

/** X.690 §10.1: the length is definite and in the fewest octets. */
function longLength(bytes: Uint8Array, at: number): { value: number; octets: number } | null {
  const count = (bytes[at] ?? 0) & 0x7f
  // Four octets would exceed every byte limit of ours; zero is the indefinite form.
  if (count < 1 || count > 3) return null
  let value = 0
  for (let index = 1; index <= count; index += 1) {
    const octet = bytes[at + index]
    if (octet === undefined || (index === 1 && octet === 0)) return null
    value = value * 256 + octet
  }
  return value < 0x80 ? null : { value, octets: count + 1 }
}
