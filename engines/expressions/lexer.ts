/**
 * The smallest pieces of an expression: blanks, names, operator spellings and literals, each read at an offset.
 * Which piece may come next is the parser's business: wirefilter has no tokens that stand on their own.
 */
import { err, ok, type Result } from '#engines/result'
import type { ExpressionErrorCode, Fault } from './error.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { decodeBytes, encodeText } from './values/bytes.ts'

/** Something read from the source, and the offset after it. */
export type Read<T> = Result<{ readonly value: T; readonly next: number }, Fault>

const NAME = /[A-Za-z0-9_][A-Za-z0-9_.]*/y
const LIST_NAME = /\$[a-z0-9_.]*/y
const HEX = /^[0-9A-Fa-f]$/
const WORD = /^[0-9A-Fa-f:./-]$/

/** The offset of the first character that is not a blank: space, CR or LF (`lex.rs` SPACE_CHARS; no tab). */
export function skipBlanks(source: string, at: number): number {
  let next = at
  while (' \r\n'.includes(source.charAt(next)) && next < source.length) next += 1
  return next
}

/** The first of the spellings that stands here; keywords need no blank after them (`lex.rs` lex_enum). */
export function readSpelling(
  source: string,
  at: number,
  spellings: readonly string[],
): string | undefined {
  return spellings.find((spelling) => source.startsWith(spelling, at))
}

/** A dotted name of a field or function. */
export function readName(source: string, at: number): Read<string> {
  const name = matchAt(NAME, source, at)
  if (name === undefined)
    return faultAt('expected_token', 'expected identifier character', { source, at })
  return ok({ value: name, next: at + name.length })
}

/** `$name`: lower-case letters, digits, `_` and `.`, the last neither first nor last. */
export function readListName(source: string, at: number): Read<string> {
  const name = matchAt(LIST_NAME, source, at)?.slice(1) ?? ''
  const next = at + 1 + name.length
  return name === '' || name.startsWith('.') || name.endsWith('.')
    ? fault('invalid_list_name', `invalid list name ${JSON.stringify(name)}`, {
        start: at,
        end: next,
      })
    : ok({ value: name, next })
}

/**
 * An unquoted literal: integer, IP address, byte string or a range of them. What it means depends on the type
 * it is compared with. An `x` belongs to it only in the prefix `0x`.
 */
export function readWord(source: string, at: number): Read<string> {
  let next = at
  for (; next < source.length; next += 1) {
    const character = source.charAt(next)
    if (!WORD.test(character) && !(character === 'x' && isHexPrefix(source, { at, next }))) break
  }
  return next === at
    ? faultAt('expected_token', 'expected a literal', { source, at })
    : ok({ value: source.slice(at, next), next })
}

/** A quoted or raw string, without or with escapes; the value is text as in values/bytes.ts. */
export function readString(source: string, at: number): Read<string> {
  if (source.charAt(at) === '"') return readQuoted(source, at)
  if (source.charAt(at) === 'r') return readRaw(source, at)
  return faultAt('expected_token', 'expected " or r', { source, at })
}

/** `rhs_types/bytes.rs`: `\"`, `\\`, `\xHH` and `\OOO`; anything else after a backslash is an error. */
function readQuoted(source: string, at: number): Read<string> {
  const bytes: number[] = []
  let next = at + 1
  while (next < source.length) {
    const character = String.fromCodePoint(source.codePointAt(next) ?? 0)
    if (character === '"') return ok({ value: decodeBytes(bytes), next: next + 1 })
    if (character === '\\') {
      const escape = readEscape(source, next)
      if (!escape.ok) return escape
      bytes.push(escape.value.value)
      next = escape.value.next
    } else {
      bytes.push(...encodeText(character))
      next += character.length
    }
  }
  return unterminated(source, at)
}

function readEscape(source: string, at: number): Read<number> {
  const letter = source.charAt(at + 1)
  if (letter === '"' || letter === '\\') return ok({ value: letter.charCodeAt(0), next: at + 2 })
  const hex = /^x([0-9A-Fa-f]{2})$/.exec(source.slice(at + 1, at + 4))?.[1]
  if (hex !== undefined) return ok({ value: Number.parseInt(hex, 16), next: at + 4 })
  const octal = /^[0-3][0-7]{2}$/.exec(source.slice(at + 1, at + 4))?.[0]
  if (octal !== undefined) return ok({ value: Number.parseInt(octal, 8), next: at + 4 })
  const span = { start: at + 1, end: at + 2 }
  return fault('invalid_string', 'expected ", xHH or OOO after \\', span)
}

/** `r"…"`, `r#"…"#`: ends at the first quote followed by as many `#` as it began with. */
function readRaw(source: string, at: number): Read<string> {
  const hashes = /^#*/.exec(source.slice(at + 1))?.[0] ?? ''
  const open = at + 1 + hashes.length
  const { rawStringHashesMax } = EXPRESSION_LIMITS
  if (hashes.length > rawStringHashesMax) {
    const message = `invalid raw string hash count, there can't be more than ${rawStringHashesMax} #s`
    return fault('invalid_string', message, { start: at, end: open })
  }
  if (source.charAt(open) !== '"')
    return faultAt('expected_token', 'expected " or #', { source, at: open })
  const close = source.indexOf(`"${hashes}`, open + 1)
  if (close === -1) return unterminated(source, at)
  return ok({ value: source.slice(open + 1, close), next: close + 1 + hashes.length })
}

/**
 * `rhs_types/regex/mod.rs`: in a quoted pattern only `\"` loses its backslash, and not inside `[…]`,
 * where a quote does not end the pattern either.
 */
export function readQuotedPattern(source: string, at: number): Read<string> {
  let pattern = ''
  let isInClass = false
  let next = at + 1
  while (next < source.length) {
    const character = source.charAt(next)
    if (character === '"' && !isInClass) return ok({ value: pattern, next: next + 1 })
    if (character === '\\') {
      const escaped = source.charAt(next + 1)
      pattern += isInClass || escaped !== '"' ? `\\${escaped}` : escaped
      next += 2
      continue
    }
    if (character === '[') isInClass = true
    if (character === ']') isInClass = false
    pattern += character
    next += 1
  }
  return unterminated(source, at)
}

/** A refusal of a span of the source. */
export function fault(
  code: ExpressionErrorCode,
  message: string,
  span: Fault['span'],
): { readonly ok: false; readonly error: Fault } {
  return err({ code, message, span })
}

/** A refusal of everything from an offset to the end of the source. */
export function faultAt(
  code: ExpressionErrorCode,
  message: string,
  { source, at }: { readonly source: string; readonly at: number },
): { readonly ok: false; readonly error: Fault } {
  return fault(code, message, { start: at, end: source.length })
}

function unterminated(source: string, at: number): { readonly ok: false; readonly error: Fault } {
  return faultAt('invalid_string', 'could not find an ending quote', { source, at })
}

function isHexPrefix(source: string, { at, next }: { at: number; next: number }): boolean {
  if (next === at || source.charAt(next - 1) !== '0') return false
  return next - 1 === at || !HEX.test(source.charAt(next - 2))
}

function matchAt(shape: RegExp, source: string, at: number): string | undefined {
  shape.lastIndex = at
  return shape.exec(source)?.[0]
}
