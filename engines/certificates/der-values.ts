/**
 * Reads the primitive values inside DER elements: numbers, identifiers, times. Each returns null for a
 * value that is not in DER's one allowed form (X.690 §11, RFC 5280 §4.1.2.5); none reads the clock.
 */
import { secondsOfCivilTime } from './calendar.ts'
import { derTag, type DerElement } from './der.ts'

/** The dotted form of an OBJECT IDENTIFIER, or null. */
export function readObjectIdentifier(element: DerElement | undefined): string | null {
  if (element?.tag !== derTag.objectIdentifier) return null
  const { content } = element
  if (content.length === 0 || content.length > objectIdentifierBytesMax) return null
  const arcs: bigint[] = []
  let arc = 0n
  let atStart = true
  for (const octet of content) {
    // X.690 §8.19.2: the first octet of a sub-identifier is not 0x80.
    if (atStart && octet === 0x80) return null
    arc = arc * 128n + BigInt(octet & 0x7f)
    atStart = (octet & 0x80) === 0
    if (atStart) {
      arcs.push(arc)
      arc = 0n
    }
  }
  if (!atStart) return null
  const [first = 0n, ...rest] = arcs
  const root = first >= 80n ? 2n : first / 40n
  return [root, first - root * 40n, ...rest].join('.')
}

const objectIdentifierBytesMax = 64

/** BOOLEAN in its two DER forms, or null. */
export function readBoolean(element: DerElement | undefined): boolean | null {
  if (element?.tag !== derTag.boolean || element.content.length !== 1) return null
  const [octet] = element.content
  return octet === 0xff ? true : octet === 0 ? false : null
}

/** The content octets of a minimally encoded INTEGER, sign included, or null. */
export function readIntegerOctets(element: DerElement | undefined): Uint8Array | null {
  if (element?.tag !== derTag.integer) return null
  const { content } = element
  const [first, second = 0] = content
  if (first === undefined) return null
  // X.690 §8.3.2: the first nine bits are neither all zero nor all one.
  const padded =
    content.length > 1 && ((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
  return padded ? null : content
}

/** A non-negative INTEGER below 2^31, or null. */
export function readSmallInteger(element: DerElement | undefined): number | null {
  const octets = readIntegerOctets(element)
  if (octets === null || octets.length > 4 || (octets[0] ?? 0) >= 0x80) return null
  let value = 0
  for (const octet of octets) value = value * 256 + octet
  return value
}

/** BIT STRING content: its octets and how many bits of the last one do not count. */
export type BitString = { readonly octets: Uint8Array; readonly unusedBits: number }

/** A BIT STRING whose unused bits are zero (X.690 §11.2.1), or null. */
export function readBitString(element: DerElement | undefined): BitString | null {
  if (element?.tag !== derTag.bitString) return null
  const unusedBits = element.content[0]
  if (unusedBits === undefined || unusedBits > 7) return null
  const octets = element.content.subarray(1)
  const last = octets.at(-1)
  if (last === undefined) return unusedBits === 0 ? { octets, unusedBits } : null
  return (last & ((1 << unusedBits) - 1)) === 0 ? { octets, unusedBits } : null
}

/** UTCTime or GeneralizedTime as RFC 5280 §4.1.2.5 writes them, in seconds since 1970, or null. */
export function readTime(element: DerElement | undefined): number | null {
  if (element === undefined) return null
  const text = String.fromCharCode(...element.content.subarray(0, 16))
  if (element.tag === derTag.utcTime) {
    const year = Number(text.slice(0, 2))
    // RFC 5280 §4.1.2.5.1: two digits from 50 on are 19YY.
    return utcTimeForm.test(text) ? timeOf(`${year >= 50 ? '19' : '20'}${text}`) : null
  }
  if (element.tag !== derTag.generalizedTime) return null
  return generalizedTimeForm.test(text) ? timeOf(text) : null
}

const utcTimeForm = /^\d{12}Z$/
const generalizedTimeForm = /^\d{14}Z$/

function timeOf(text: string): number | null {
  const part = (start: number, length: number): number => Number(text.slice(start, start + length))
  return secondsOfCivilTime({
    year: part(0, 4),
    month: part(4, 2),
    day: part(6, 2),
    hour: part(8, 2),
    minute: part(10, 2),
    second: part(12, 2),
  })
}
