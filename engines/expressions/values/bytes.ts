/**
 * The language compares bytes; JavaScript holds text. A byte string is kept as the text it encodes in UTF-8, and a
 * byte that is not part of valid UTF-8 as the lone surrogate U+DC00 + byte ("surrogate escape"), so that equality
 * of byte strings is equality of texts. Whoever fills fields with raw bytes must use `decodeBytes`.
 */

const ESCAPE_BASE = 0xdc00
const ESCAPED_BYTE = /(?<![\uD800-\uDBFF])[\uDC80-\uDCFF]/
const NON_ASCII = /[^\0-\u007F]/
const REPLACEMENT = 0xfffd

/** Bytes to text; never fails, see above for bytes that are not UTF-8. */
export function decodeBytes(bytes: ArrayLike<number>): string {
  const units: string[] = []
  let at = 0
  while (at < bytes.length) {
    const point = decodePoint(bytes, at)
    units.push(String.fromCodePoint(point ?? ESCAPE_BASE + (bytes[at] ?? 0)))
    at += point === undefined ? 1 : pointLength(point)
  }
  return units.join('')
}

/** Text to bytes, the inverse of `decodeBytes`; other lone surrogates become U+FFFD, as in TextEncoder. */
export function encodeText(text: string): number[] {
  const bytes: number[] = []
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    if (isEscapedByte(point)) bytes.push(point - ESCAPE_BASE)
    else appendPoint(bytes, isSurrogate(point) ? REPLACEMENT : point)
  }
  return bytes
}

/** Length in UTF-8 bytes without encoding. */
export function byteLength(text: string): number {
  if (!NON_ASCII.test(text)) return text.length
  let length = 0
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0
    length += isEscapedByte(point) ? 1 : pointLength(isSurrogate(point) ? REPLACEMENT : point)
  }
  return length
}

/** Bytewise order: negative, zero or positive. UTF-8 sorts as code points do, UTF-16 does not quite. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) {
      return a < 0xd800 && b < 0xd800 ? a - b : compareBytes(encodeText(left), encodeText(right))
    }
  }
  return left.length - right.length
}

/** Whether the text holds bytes that are not UTF-8, so that part of a character may match them. */
export function hasEscapedBytes(text: string): boolean {
  return ESCAPED_BYTE.test(text)
}

/** One UTF-16 unit a byte: slow, but substrings of it are substrings of the bytes. */
export function toByteString(text: string): string {
  return encodeText(text)
    .map((byte) => String.fromCharCode(byte))
    .join('')
}

/** The bytes of a string that has one UTF-16 unit a byte, as text again. */
export function fromByteString(byteString: string): string {
  return decodeBytes(Array.from(byteString, (byte) => byte.charCodeAt(0)))
}

/** Texts one after the other: bytes that were not UTF-8 alone may be UTF-8 together. */
export function joinTexts(texts: readonly string[]): string {
  const text = texts.join('')
  return hasEscapedBytes(text) ? decodeBytes(encodeText(text)) : text
}

/** Lower-cases A–Z only, as the language does. */
export function lowerAscii(text: string): string {
  if (!NON_ASCII.test(text)) return text.toLowerCase()
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase())
}

/** Upper-cases a–z only, as the language does. */
export function upperAscii(text: string): string {
  if (!NON_ASCII.test(text)) return text.toUpperCase()
  return text.replaceAll(/[a-z]+/g, (letters) => letters.toUpperCase())
}

/** The code point that starts here in well-formed UTF-8 (RFC 3629 §3), or undefined. */
function decodePoint(bytes: ArrayLike<number>, at: number): number | undefined {
  const first = bytes[at] ?? 0
  if (first < 0x80) return first
  const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
  if (first < 0xc2 || first > 0xf4) return undefined
  let point = first & (0xff >> (length + 1))
  for (let index = 1; index < length; index += 1) {
    const next = bytes[at + index] ?? 0
    if ((next & 0xc0) !== 0x80) return undefined
    point = point * 64 + (next & 0x3f)
  }
  const isShortest = point <= 0x10ffff && pointLength(point) === length
  return isShortest && !isSurrogate(point) ? point : undefined
}

function pointLength(point: number): number {
  if (point < 0x80) return 1
  if (point < 0x800) return 2
  return point < 0x10000 ? 3 : 4
}

function appendPoint(bytes: number[], point: number): void {
  const length = pointLength(point)
  if (length === 1) {
    bytes.push(point)
    return
  }
  bytes.push(((0xf00 >> length) & 0xff) | (point >> (6 * (length - 1))))
  for (let shift = 6 * (length - 2); shift >= 0; shift -= 6)
    bytes.push(0x80 | ((point >> shift) & 0x3f))
}

function isEscapedByte(point: number): boolean {
  return point >= 0xdc80 && point <= 0xdcff
}

function isSurrogate(point: number): boolean {
  return point >= 0xd800 && point <= 0xdfff
}

function compareBytes(left: readonly number[], right: readonly number[]): number {
  const length = Math.min(left.length, right.length)
  for (let at = 0; at < length; at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0)
    if (difference !== 0) return difference
  }
  return left.length - right.length
}
