/**
 * The smallest pieces of an expression: blanks, names and spellings, each read at an offset. Which piece may come next
 * is the parser's business: wirefilter has no tokens that stand on their own.
 */
import { err, ok, type Result } from '#engines/result'
import type { ExpressionErrorCode, Fault } from './error.ts'

/** Something read from the source, and the offset after it. */
export type Read<T> = Result<{ readonly value: T; readonly next: number }, Fault>

/** A refusal, usable wherever a Result with a Fault is expected. */
export type Refusal = { readonly ok: false; readonly error: Fault }

const NAME_PART = /[A-Za-z0-9_]+/y
const LIST_NAME = /[a-z0-9_.]*/y

/** The offset of the first character that is not a blank: space, CR or LF (`lex.rs` SPACE_CHARS; no tab). */
export function skipBlanks(source: string, at: number): number {
  let next = at
  while (next < source.length && ' \r\n'.includes(source.charAt(next))) next += 1
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

/** The offset after a literal piece that must stand here. */
export function expectLiteral(source: string, at: number, literal: string): Result<number, Fault> {
  return source.startsWith(literal, at)
    ? ok(at + literal.length)
    : faultAt('expected_token', `expected literal ${JSON.stringify(literal)}`, { source, at })
}

/** A dotted name of a field or function; every dot has a part on either side. */
export function readName(source: string, at: number): Read<string> {
  let next = at
  for (;;) {
    const part = matchAt(NAME_PART, source, next)
    if (part === '') {
      return faultAt('expected_token', 'expected identifier character', { source, at: next })
    }
    next += part.length
    if (source.charAt(next) !== '.') return ok({ value: source.slice(at, next), next })
    next += 1
  }
}

/** `$name`: lower-case letters, digits, `_` and `.`, the last neither first nor last. */
export function readListName(source: string, at: number): Read<string> {
  const name = matchAt(LIST_NAME, source, at + 1)
  if (name === '' || name.startsWith('.') || name.endsWith('.')) {
    const message = `invalid list name ${JSON.stringify(name)}`
    return faultAt('invalid_list_name', message, { source, at: at + 1 })
  }
  return ok({ value: name, next: at + 1 + name.length })
}

/** A refusal of a span of the source. */
export function fault(code: ExpressionErrorCode, message: string, span: Fault['span']): Refusal {
  return err({ code, message, span })
}

/** A refusal of everything from an offset to the end of the source. */
export function faultAt(
  code: ExpressionErrorCode,
  message: string,
  { source, at }: { readonly source: string; readonly at: number },
): Refusal {
  return fault(code, message, { start: at, end: source.length })
}

/** What the sticky shape matches here; empty when it does not. */
export function matchAt(shape: RegExp, source: string, at: number): string {
  shape.lastIndex = at
  return shape.exec(source)?.[0] ?? ''
}
