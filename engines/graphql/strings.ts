/** String values and block strings (GraphQL, section 2.9.4): where they end, and that they are written as the grammar has it. */
import {
  BACKSLASH,
  END,
  hexDigit,
  isEscapeLetter,
  QUOTE,
  readScalar,
  readUnit,
  skipPlain,
} from './characters.ts'
import { fail, type Scan } from './scan.ts'

/** From after the opening quote to after the closing one. */
export function readString(scan: Scan, from: number): number {
  const plainEnd = skipPlain(scan, from)
  if (plainEnd > from) {
    const end = closingQuote(scan, plainEnd)
    return end < 0 ? readRest(scan, plainEnd) : end
  }
  const second = readUnit(scan, from)
  if (second >= 0 && scan.unit === QUOTE) {
    const third = readUnit(scan, second)
    if (third < 0) return -1
    return scan.unit === QUOTE ? readBlockString(scan, third) : second
  }
  return readRest(scan, from)
}

/** The position after the quote that is here as most strings have it; -1 when it is not. */
function closingQuote({ bytes, end, isJson }: Scan, at: number): number {
  if (at >= end) return -1
  if (!isJson) return bytes[at] === QUOTE ? at + 1 : -1
  return bytes[at] === BACKSLASH && bytes[at + 1] === QUOTE ? at + 2 : -1
}

/** A string that has something to look at closely. */
function readRest(scan: Scan, from: number): number {
  let at = from
  for (;;) {
    at = skipPlain(scan, at)
    const after = readScalar(scan, at)
    if (after < 0) return -1
    switch (scan.unit) {
      case QUOTE:
        return after
      case BACKSLASH:
        at = readEscape(scan, after)
        if (at < 0) return -1
        break
      case 0x0a:
      case 0x0d:
      case END:
        return fail(scan, at, 'unterminated_string')
      default:
        at = after
    }
  }
}

/** Here `\"""` is the only escape. */
function readBlockString(scan: Scan, from: number): number {
  let at = from
  let quotes = 0
  let isEscaped = false
  for (;;) {
    if (quotes === 0 && !isEscaped) at = skipPlain(scan, at)
    const after = readScalar(scan, at)
    if (after < 0) return -1
    if (scan.unit === END) return fail(scan, at, 'unterminated_string')
    if (scan.unit === QUOTE) {
      quotes += 1
      if (quotes === 3) {
        if (!isEscaped) return after
        quotes = 0
        isEscaped = false
      }
    } else {
      quotes = 0
      isEscaped = scan.unit === BACKSLASH
    }
    at = after
  }
}

/** From after the backslash. */
function readEscape(scan: Scan, from: number): number {
  const after = readUnit(scan, from)
  if (after < 0) return -1
  if (scan.unit === 0x75) return readUnicodeEscape(scan, after)
  return isEscapeLetter(scan.unit) ? after : fail(scan, from, 'invalid_escape')
}

/** `\uXXXX`, twice for a surrogate pair, or `\u{X…}`; from after the `u`. The two forms do not mix in a pair. */
function readUnicodeEscape(scan: Scan, from: number): number {
  const after = readUnit(scan, from)
  if (after < 0) return -1
  if (scan.unit === 0x7b) return readBracedDigits(scan, after)
  const end = readFourDigits(scan, from)
  if (end < 0 || !isSurrogate(scan.unit)) return end
  if (scan.unit > 0xdbff) return fail(scan, from, 'invalid_escape')
  const backslash = expectUnit(scan, end, BACKSLASH)
  const letter = backslash < 0 ? -1 : expectUnit(scan, backslash, 0x75)
  const pair = letter < 0 ? -1 : readFourDigits(scan, letter)
  if (pair < 0) return -1
  return scan.unit >= 0xdc00 && scan.unit <= 0xdfff ? pair : fail(scan, from, 'invalid_escape')
}

function expectUnit(scan: Scan, from: number, unit: number): number {
  const after = readUnit(scan, from)
  return after < 0 || scan.unit === unit ? after : fail(scan, from, 'invalid_escape')
}

/** Leaves the code in `scan.unit`. */
function readFourDigits(scan: Scan, from: number): number {
  let at = from
  let code = 0
  for (let digits = 0; digits < 4; digits++) {
    at = readUnit(scan, at)
    if (at < 0) return -1
    const digit = hexDigit(scan.unit)
    if (digit < 0) return fail(scan, from, 'invalid_escape')
    code = code * 16 + digit
  }
  scan.unit = code
  return at
}

/** As many digits as there are; the code is a Unicode scalar value. */
function readBracedDigits(scan: Scan, from: number): number {
  let at = from
  let code = 0
  for (let digits = 0; ; digits++) {
    at = readUnit(scan, at)
    if (at < 0) return -1
    if (scan.unit === 0x7d && digits > 0) {
      const isScalar = code <= 0x10ffff && !isSurrogate(code)
      return isScalar ? at : fail(scan, from, 'invalid_escape')
    }
    const digit = hexDigit(scan.unit)
    // graphql-js reads eight digits at most, whatever their value.
    if (digit < 0 || digits === 8) return fail(scan, from, 'invalid_escape')
    code = code * 16 + digit
  }
}

function isSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdfff
}
