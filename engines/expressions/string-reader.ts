/** Reads string literals: quoted, raw, byte strings and quoted patterns. Follows `rhs_types/bytes.rs` and `regex/mod.rs`. */
import { ok } from '#engines/result'
import { faultAt, fault, matchAt, type Read } from './lexer.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { decodeBytes, encodeText } from './values/bytes.ts'

const HASHES = /#*/y
/** Rust's reader of unsigned numbers takes a plus sign for a digit. */
const HEX_BYTE = /^(?:[0-9A-Fa-f]{2}|\+[0-9A-Fa-f])$/
const OCTAL_BYTE = /^[0-3][0-7]{2}$/

/** Any Bytes literal: a string, or a byte string of at least two bytes such as `0a:ff`. */
export function readBytes(source: string, at: number): Read<string> {
  const first = source.charAt(at)
  if (first === '"' || first === 'r') return readString(source, at)
  return first === ''
    ? faultAt('unexpected_input', 'expected a string', { source, at })
    : readByteString(source, at)
}

/** A quoted or raw string; the value is text as in values/bytes.ts. */
export function readString(source: string, at: number): Read<string> {
  if (source.charAt(at) === '"') return readQuoted(source, at + 1)
  if (source.charAt(at) === 'r') return readRaw(source, at + 1)
  return faultAt('expected_token', 'expected " or r', { source, at })
}

/**
 * A pattern of `matches`. In a quoted one only `\"` loses its backslash, and not inside `[…]`, where a quote does not
 * end the pattern either.
 */
export function readPattern(source: string, at: number): Read<string> {
  return source.charAt(at) === '"' ? readQuotedPattern(source, at + 1) : readString(source, at)
}

/** `\"`, `\\`, `\xHH` and `\OOO`; anything else after a backslash is an error. */
function readQuoted(source: string, start: number): Read<string> {
  const bytes: number[] = []
  let next = start
  while (next < source.length) {
    const character = characterAt(source, next)
    if (character === '"') return ok({ value: decodeBytes(bytes), next: next + 1 })
    if (character === '\\') {
      if (next + 1 === source.length) break
      const escape = readEscape(source, next + 1)
      if (!escape.ok) return escape
      bytes.push(escape.value.value)
      next = escape.value.next
    } else {
      bytes.push(...encodeText(character))
      next += character.length
    }
  }
  return unterminated(source, start)
}

function readEscape(source: string, at: number): Read<number> {
  const letter = characterAt(source, at)
  if (letter === '"' || letter === '\\') return ok({ value: letter.charCodeAt(0), next: at + 1 })
  if (letter === 'x') return readHexByte(source, at + 1, 'invalid_string')
  if (!/^[0-7]$/.test(letter)) {
    const span = { start: at, end: at + letter.length }
    return fault('invalid_string', 'expected ", xHH or OOO after \\', span)
  }
  const digits = takeCharacters(source, at, 3)
  if (digits === undefined) return tooShort('invalid_string', { source, at }, 3)
  return OCTAL_BYTE.test(digits)
    ? ok({ value: Number.parseInt(digits, 8), next: at + 3 })
    : invalidByte('invalid_string', at, digits)
}

function readHexByte(source: string, at: number, code: ByteFaultCode): Read<number> {
  const digits = takeCharacters(source, at, 2)
  if (digits === undefined) return tooShort(code, { source, at }, 2)
  return HEX_BYTE.test(digits)
    ? ok({ value: Number.parseInt(digits, 16), next: at + 2 })
    : invalidByte(code, at, digits)
}

/** `r"…"`, `r#"…"#`: ends at the first quote followed by as many `#` as it began with. */
function readRaw(source: string, start: number): Read<string> {
  const hashes = matchAt(HASHES, source, start)
  const open = start + hashes.length
  const { rawStringHashesMax } = EXPRESSION_LIMITS
  if (hashes.length > rawStringHashesMax) {
    const message = `invalid raw string hash count, there can't be more than ${rawStringHashesMax} #s`
    return faultAt('invalid_string', message, { source, at: start })
  }
  if (source.charAt(open) !== '"')
    return faultAt('expected_token', 'expected " or #', { source, at: open })
  const close = source.indexOf(`"${hashes}`, open + 1)
  if (close === -1) return unterminated(source, start)
  const text = source.slice(open + 1, close)
  // Half a surrogate pair becomes what it is in a quoted string.
  const value = text.isWellFormed() ? text : decodeBytes(encodeText(text))
  return ok({ value, next: close + 1 + hashes.length })
}

/** Two bytes or more, with `:`, `-` or `.` between them. */
function readByteString(source: string, at: number): Read<string> {
  const bytes: number[] = []
  let next = at
  for (;;) {
    const byte = readHexByte(source, next, 'invalid_bytes')
    if (!byte.ok) return byte
    bytes.push(byte.value.value)
    next = byte.value.next
    if (isByteSeparator(source.charAt(next))) next += 1
    else if (bytes.length > 1) return ok({ value: decodeBytes(bytes), next })
    else return noSeparator(source, next)
  }
}

function isByteSeparator(character: string): boolean {
  return character !== '' && ':-.'.includes(character)
}

function noSeparator(source: string, at: number): Read<never> {
  const span = { start: at, end: at + characterAt(source, at).length }
  return fault('invalid_bytes', 'expected a string, or bytes such as 0a:ff', span)
}

function readQuotedPattern(source: string, start: number): Read<string> {
  let pattern = ''
  let isInClass = false
  let next = start
  while (next < source.length) {
    const character = characterAt(source, next)
    next += character.length
    if (character === '"' && !isInClass) return ok({ value: pattern, next })
    if (character === '\\') {
      const escaped = characterAt(source, next)
      pattern += isInClass || escaped !== '"' ? `\\${escaped}` : escaped
      next += escaped.length
      continue
    }
    if (character === '[') isInClass = true
    if (character === ']') isInClass = false
    pattern += character
  }
  return unterminated(source, start)
}

function unterminated(source: string, at: number): Read<never> {
  return faultAt('invalid_string', 'could not find an ending quote', { source, at })
}

type ByteFaultCode = 'invalid_string' | 'invalid_bytes'

function tooShort(
  code: ByteFaultCode,
  place: { readonly source: string; readonly at: number },
  count: number,
): Read<never> {
  return faultAt(code, `expected ${count} digits of a byte`, place)
}

function invalidByte(code: ByteFaultCode, at: number, digits: string): Read<never> {
  const span = { start: at, end: at + digits.length }
  return fault(code, `${JSON.stringify(digits)} is not a byte`, span)
}

/** The code point here; empty at the end. */
function characterAt(source: string, at: number): string {
  const point = source.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}

/** So many code points from here; undefined when the source ends before. */
function takeCharacters(source: string, at: number, count: number): string | undefined {
  let next = at
  for (let taken = 0; taken < count; taken += 1) {
    const character = characterAt(source, next)
    if (character === '') return undefined
    next += character.length
  }
  return source.slice(at, next)
}
