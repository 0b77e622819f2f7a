/**
 * The JSON around a document (RFC 8259), to the letter and without a value of it being built: where strings, objects and
 * values end. Nesting and the number of values are bounded.
 */
import { BACKSLASH, END, isEscapeLetter, QUOTE, readUnit, skipPlain } from './characters.ts'
import { fail, type Scan } from './scan.ts'

const COLON = 0x3a
export const COMMA = 0x2c
export const OPEN_OBJECT = 0x7b
export const CLOSE_OBJECT = 0x7d
export const OPEN_LIST = 0x5b
export const CLOSE_LIST = 0x5d

/** The position of the next byte that is no white space. */
export function skipJsonSpace(scan: Scan, from: number): number {
  const { bytes, end } = scan
  let at = from
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) break
    at += 1
  }
  return at
}

/** The byte at a position, 0 after the last one. */
export function byteAt({ bytes, end }: Scan, at: number): number {
  return at < end ? (bytes[at] ?? 0) : 0
}

/** From after the opening quote to after the closing one. */
export function readJsonString(scan: Scan, from: number): number {
  let at = from
  for (;;) {
    at = skipPlain(scan, at)
    const byte = byteAt(scan, at)
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH && isEscapeLetter(byteAt(scan, at + 1))) at += 2
    // Decoders make replacement characters of bytes that are no UTF-8, and JSON may name half a surrogate pair.
    else if (byte >= 0x80) at += 1
    else {
      at = readUnit(scan, at)
      if (at < 0) return -1
      if (scan.unit === END) return fail(scan, at, 'invalid_json')
    }
  }
}

/** Whether the string from here up to a quote is this text. */
export function isJsonText(scan: Scan, from: number, text: string): boolean {
  const { bytes } = scan
  let at = from
  for (let place = 0; place < text.length; place++) {
    const unit = text.charCodeAt(place)
    if (bytes[at] === unit) at += 1
    else {
      at = bytes[at] === BACKSLASH ? readUnit(scan, at) : -1
      if (at < 0 || scan.unit !== unit) return false
    }
  }
  return bytes[at] === QUOTE
}

/** From after a member's name, whose closing quote is read, to where its value starts. */
export function readColon(scan: Scan, from: number): number {
  const colon = byteAt(scan, from) === COLON ? from : skipJsonSpace(scan, from)
  if (byteAt(scan, colon) !== COLON) return fail(scan, colon, 'invalid_json')
  if (--scan.jsonValuesLeft < 0) return fail(scan, colon, 'too_many_json_values')
  return byteAt(scan, colon + 1) > 0x20 ? colon + 1 : skipJsonSpace(scan, colon + 1)
}

/** From the first byte of any value to after its last. */
export function readJsonValue(scan: Scan, from: number): number {
  const { bytes, end, openValues: open, limits } = scan
  let at = from
  let depth = 0
  let container = 0
  for (;;) {
    const first = at < end ? (bytes[at] ?? 0) : 0
    if (first === QUOTE) at = readJsonString(scan, at + 1)
    else if (first === OPEN_OBJECT || first === OPEN_LIST) {
      if (depth >= limits.jsonDepthMax) return fail(scan, at, 'json_too_deep')
      open[depth] = container
      depth += 1
      container = first
      at = skipJsonSpace(scan, at + 1)
      if (byteAt(scan, at) !== container + TO_CLOSING) {
        at = readEntry(scan, at, container)
        if (at < 0) return -1
        continue
      }
      depth -= 1
      container = open[depth] ?? 0
      at += 1
    } else at = readJsonScalar(scan, at, first)
    // Closes what ends here, up to where another value starts.
    for (;;) {
      if (at < 0 || depth === 0) return at
      if (at < end && (bytes[at] ?? 0) <= 0x20) at = skipJsonSpace(scan, at)
      const byte = at < end ? (bytes[at] ?? 0) : 0
      if (byte === COMMA) {
        at += 1
        if (at < end && (bytes[at] ?? 0) <= 0x20) at = skipJsonSpace(scan, at)
        at = readEntry(scan, at, container)
        if (at < 0) return -1
        break
      }
      if (byte !== container + TO_CLOSING) return fail(scan, at, 'invalid_json')
      depth -= 1
      container = open[depth] ?? 0
      at += 1
    }
  }
}

/** From an element, or a member's name, to where the value starts. */
function readEntry(scan: Scan, from: number, container: number): number {
  if (container === OPEN_LIST) {
    return --scan.jsonValuesLeft < 0 ? fail(scan, from, 'too_many_json_values') : from
  }
  if (byteAt(scan, from) !== QUOTE) return fail(scan, from, 'invalid_json')
  const end = readJsonString(scan, from + 1)
  return end < 0 ? -1 : readColon(scan, end)
}

/** From an opening bracket to its closing one: both pairs are as far apart. */
const TO_CLOSING = 2

const LITERALS = ['true', 'false', 'null']

function readJsonScalar(scan: Scan, from: number, first: number): number {
  if (first === 0x2d || (first >= 0x30 && first <= 0x39)) return readJsonNumber(scan, from)
  for (const literal of LITERALS) {
    if (literal.charCodeAt(0) !== first) continue
    for (let place = 1; place < literal.length; place++) {
      if (byteAt(scan, from + place) !== literal.charCodeAt(place)) {
        return fail(scan, from, 'invalid_json')
      }
    }
    return from + literal.length
  }
  return fail(scan, from, 'invalid_json')
}

/** RFC 8259 §6. */
function readJsonNumber(scan: Scan, from: number): number {
  let at = byteAt(scan, from) === 0x2d ? from + 1 : from
  const integer = skipDigits(scan, at)
  if (integer === at || (byteAt(scan, at) === 0x30 && integer > at + 1)) {
    return fail(scan, at, 'invalid_json')
  }
  at = integer
  if (byteAt(scan, at) === 0x2e) {
    const fraction = skipDigits(scan, at + 1)
    if (fraction === at + 1) return fail(scan, at, 'invalid_json')
    at = fraction
  }
  if ((byteAt(scan, at) | 0x20) === 0x65) {
    const sign = byteAt(scan, at + 1)
    const start = sign === 0x2b || sign === 0x2d ? at + 2 : at + 1
    at = skipDigits(scan, start)
    if (at === start) return fail(scan, at, 'invalid_json')
  }
  return at
}

function skipDigits(scan: Scan, from: number): number {
  const { bytes, end } = scan
  let at = from
  while (at < end) {
    const byte = bytes[at] ?? 0
    if (byte < 0x30 || byte > 0x39) break
    at += 1
  }
  return at
}
