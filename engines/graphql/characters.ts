/**
 * The characters of a document, where they lie: raw, or inside a JSON string whose escapes are undone on the way (RFC 8259
 * §7). Nothing is copied. Ignored tokens are those of GraphQL, section 2.1: white space, line ends, commas, comments and the
 * byte order mark.
 */
import { CODES, IGNORED, isNamePart, NONE, QUOTATION } from './codes.ts'
import { fail, type Scan } from './scan.ts'

export const QUOTE = 0x22
export const BACKSLASH = 0x5c
/** What `readUnit` finds where the document ends. */
export const END = -1
/** What stands for characters beyond ASCII, which mean the same wherever GraphQL allows them. */
const OTHER = 0xfffd

/** Characters of names: 1 for each, which is the quickest to ask for. */
const IS_NAME = CODES.map((code) => (isNamePart(code) ? 1 : 0))
/** Bytes that mean themselves in a string or comment, raw or in JSON. */
const IS_PLAIN = new Uint8Array(256)
/** What a letter after a backslash stands for in JSON (RFC 8259 §7), 0 for none; `u` is another matter. */
const JSON_ESCAPES = new Uint8Array(256)
fillTables()

/**
 * Skips what is ignored and takes one character, the first of a token. Answers the position after it, times 256, plus the
 * character's code: a pair in one small number. The code is `NONE` where the document ends; -1 is failure.
 */
export function readToken(scan: Scan, from: number): number {
  const { bytes, end } = scan
  let at = from
  // Within the bounds, always: one look beyond makes the compiler expect it everywhere, for all requests to come.
  if (at < end) {
    let byte = bytes[at] ?? 0
    // In most documents a line end and the indentation of the next line, or one space.
    if (byte === BACKSLASH && bytes[at + 1] === 0x6e && scan.isJson) {
      at += 2
      byte = at < end ? (bytes[at] ?? 0) : 0
    }
    while (byte === 0x20 || byte === 0x2c) byte = bytes[++at] ?? 0
    const code = CODES[byte] ?? NONE
    if (code < NONE) {
      if (--scan.tokensLeft < 0) return fail(scan, at, 'too_many_tokens')
      return ((at + 1) << 8) | code
    }
  }
  return readTokenFurther(scan, at)
}

/** As `readToken`, where there is more to skip or something rare. */
function readTokenFurther(scan: Scan, from: number): number {
  const { bytes, end, isJson } = scan
  let at = from
  for (;;) {
    if (at >= end) return (at << 8) | NONE
    let byte = bytes[at] ?? 0
    while (byte === 0x20 || byte === 0x2c) byte = bytes[++at] ?? 0
    const code = CODES[byte] ?? NONE
    if (code < NONE) return takeToken(scan, at + 1, code)
    if (isJson) {
      const letter = byte === BACKSLASH ? (bytes[at + 1] ?? 0) : 0
      if (letter === QUOTE) return takeToken(scan, at + 2, QUOTATION)
      if (letter === 0x6e || letter === 0x72 || letter === 0x74) {
        at += 2
        continue
      }
    } else {
      if (byte === QUOTE) return takeToken(scan, at + 1, QUOTATION)
      if (byte === 0x0a || byte === 0x0d || byte === 0x09) {
        at += 1
        continue
      }
    }
    const special = readSpecial(scan, at)
    if (special < 0 || (special & 0xff) !== IGNORED) return special
    at = special >> 8
  }
}

/** The token of this code, whose first character ends here. */
function takeToken(scan: Scan, end: number, code: number): number {
  return --scan.tokensLeft < 0 ? fail(scan, end - 1, 'too_many_tokens') : (end << 8) | code
}

/** The position after the name whose first character ends at `from`. */
export function readName(scan: Scan, from: number): number {
  const { bytes } = scan
  let at = from
  while (IS_NAME[bytes[at] ?? 0] === 1) at += 1
  // Of JSON's escapes only that by number can be a character of a name; most names end at that of a line end.
  const isEscaped = bytes[at] === BACKSLASH && bytes[at + 1] === 0x75 && scan.isJson
  return isEscaped ? readEscapedName(scan, at) : at
}

/** As `readName` and then `readToken`, in one go: most of all time is spent here. */
export function readTokenAfterName(scan: Scan, from: number): number {
  const { bytes, end } = scan
  let at = from
  while (IS_NAME[bytes[at] ?? 0] === 1) at += 1
  const nameEnd = at
  let byte = bytes[at] ?? 0
  if (byte === BACKSLASH && bytes[at + 1] === 0x6e && at + 2 < end && scan.isJson) {
    at += 2
    byte = bytes[at] ?? 0
  }
  while (byte === 0x20 || byte === 0x2c) byte = bytes[++at] ?? 0
  const code = CODES[byte] ?? NONE
  if (code < NONE) {
    if (--scan.tokensLeft < 0) return fail(scan, at, 'too_many_tokens')
    return ((at + 1) << 8) | code
  }
  const escapedEnd = readName(scan, nameEnd)
  return escapedEnd < 0 ? -1 : readTokenFurther(scan, escapedEnd)
}

/** Skips what means itself in a string or comment. */
export function skipPlain(scan: Scan, from: number): number {
  const { bytes, end } = scan
  let at = from
  while (at < end && IS_PLAIN[bytes[at] ?? 0] === 1) at += 1
  return at
}

/**
 * Takes one UTF-16 unit into `scan.unit`, `END` where the document ends, and answers the position after it. All bytes beyond
 * ASCII are one unit that stands for any character.
 */
export function readUnit(scan: Scan, from: number): number {
  if (from >= scan.end) {
    scan.unit = END
    return from
  }
  const byte = scan.bytes[from] ?? 0
  scan.unit = byte
  if (byte >= 0x80) {
    // UTF-8 has no surrogates (RFC 3629 §3); decoders that are not strict make a replacement character of other mistakes.
    if (byte === 0xed && (scan.bytes[from + 1] ?? 0) >= 0xa0) {
      return fail(scan, from, 'lone_surrogate')
    }
    scan.unit = OTHER
    return from + 1
  }
  if (!scan.isJson) return from + 1
  if (byte === QUOTE) {
    scan.unit = END
    return from
  }
  if (byte === BACKSLASH) return readJsonEscape(scan, from)
  return byte < 0x20 ? fail(scan, from, 'invalid_json') : from + 1
}

/** As `readUnit`, for places where every character is allowed: takes both halves of a surrogate pair, and refuses one alone. */
export function readScalar(scan: Scan, from: number): number {
  if (--scan.stepsLeft < 0) return fail(scan, from, 'too_many_steps')
  const after = readUnit(scan, from)
  const unit = scan.unit
  if (after < 0 || unit < 0xd800 || unit > 0xdfff) return after
  if (unit > 0xdbff) return fail(scan, from, 'lone_surrogate')
  const end = readUnit(scan, after)
  if (end < 0) return end
  const isPair = scan.unit >= 0xdc00 && scan.unit <= 0xdfff
  scan.unit = OTHER
  return isPair ? end : fail(scan, from, 'lone_surrogate')
}

/** The value of a hexadecimal digit, or -1. */
export function hexDigit(unit: number): number {
  if (unit >= 0x30 && unit <= 0x39) return unit - 0x30
  const lower = unit | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

/** Whether a backslash may stand before this: JSON and GraphQL have the same list, apart from `u`. */
export function isEscapeLetter(unit: number): boolean {
  return unit >= 0 && unit < 0x80 && JSON_ESCAPES[unit] !== 0
}

/** As `readToken`, for what is rare; `IGNORED` in place of a character for what was skipped. */
function readSpecial(scan: Scan, from: number): number {
  const { bytes } = scan
  if (--scan.stepsLeft < 0) return fail(scan, from, 'too_many_steps')
  if (isByteOrderMark(bytes, from)) return ((from + 3) << 8) | IGNORED
  const after = readUnit(scan, from)
  if (after < 0) return -1
  const unit = scan.unit
  if (unit === END) return (from << 8) | NONE
  if (unit === 0x0a || unit === 0x0d || unit === 0x09 || unit === 0xfeff) {
    return (after << 8) | IGNORED
  }
  if (unit === 0x23) {
    const end = skipComment(scan, after)
    return end < 0 ? -1 : (end << 8) | IGNORED
  }
  const code = unit === QUOTE ? QUOTATION : (CODES[unit] ?? NONE)
  if (code === IGNORED) return (after << 8) | IGNORED
  if (code === NONE) return fail(scan, from, 'unexpected_character')
  if (--scan.tokensLeft < 0) return fail(scan, from, 'too_many_tokens')
  return (after << 8) | code
}

function isByteOrderMark(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbb && bytes[at + 2] === 0xbf
}

/** Up to the line's end or the document's. */
function skipComment(scan: Scan, from: number): number {
  let at = from
  for (;;) {
    at = skipPlain(scan, at)
    const after = readScalar(scan, at)
    if (after < 0) return -1
    if (scan.unit === 0x0a || scan.unit === 0x0d || scan.unit === END) return at
    at = after
  }
}

/** A name whose characters JSON escapes is a name all the same. */
function readEscapedName(scan: Scan, from: number): number {
  let at = from
  for (;;) {
    const after = readUnit(scan, at)
    if (after < 0) return -1
    if (scan.unit === END || IS_NAME[scan.unit] !== 1) return at
    at = after
  }
}

function readJsonEscape(scan: Scan, from: number): number {
  const { bytes } = scan
  const letter = bytes[from + 1] ?? 0
  if (--scan.stepsLeft < 0) return fail(scan, from, 'too_many_steps')
  if (letter !== 0x75) {
    scan.unit = JSON_ESCAPES[letter] ?? 0
    return scan.unit === 0 ? fail(scan, from, 'invalid_json') : from + 2
  }
  let unit = 0
  for (let at = from + 2; at < from + 6; at++) {
    const digit = hexDigit(bytes[at] ?? 0)
    if (digit < 0) return fail(scan, from, 'invalid_json')
    unit = unit * 16 + digit
  }
  scan.unit = unit
  return from + 6
}

function fillTables(): void {
  const letters = '"\\/bfnrt'
  const units = '"\\/\b\f\n\r\t'
  for (let place = 0; place < letters.length; place++) {
    JSON_ESCAPES[letters.charCodeAt(place)] = units.charCodeAt(place)
  }
  for (let byte = 0x20; byte < 0x100; byte++) {
    if (byte !== QUOTE && byte !== BACKSLASH && byte !== 0xed) IS_PLAIN[byte] = 1
  }
}
