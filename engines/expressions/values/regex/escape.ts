/** Backslash escapes of Rust's regex syntax (regex-syntax 0.8, `ast::parse`), inside and outside of classes. */
import { ok } from '#engines/result'
import {
  NOT_WORD_BOUNDARY,
  perlSet,
  propertySet,
  rangeMembers,
  type SetMembers,
  WORD_BOUNDARY,
} from './sets.ts'
import { refuseRegex, type RegexRead } from './tree.ts'

/** A single character has a `point`, so that it can bound a range in a class. */
export type Escape =
  | { readonly kind: 'members'; readonly set: SetMembers; readonly point?: number }
  | { readonly kind: 'assertion'; readonly source: string; readonly isStart: boolean }

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, t: 9, n: 10, r: 13, v: 11 }
const HEX_DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }
const ASSERTIONS: Readonly<Record<string, string>> = {
  A: '^',
  z: '$',
  b: WORD_BOUNDARY,
  B: NOT_WORD_BOUNDARY,
}
/** `\<` and `\>` are word edges in Rust; every other punctuation character may be escaped. */
const PUNCTUATION = /^[!-/:;=?@[-`{-~]$/
const HEX = /(?:\{(?<braced>[0-9A-Fa-f]+)\}|(?<plain>[0-9A-Fa-f]+))/y
const PROPERTY = /(?:\{(?<inverse>\^?)(?<braced>[^}]*)\}|(?<letter>[A-Za-z]))/y

/** Reads the escape whose backslash is at `at`. */
export function readEscape(pattern: string, at: number): RegexRead<Escape> {
  const letter = pattern.charAt(at + 1)
  const next = at + 2
  if (letter === '') {
    return refuseRegex('invalid_pattern', 'incomplete escape sequence', { at, next: at + 1 })
  }
  if (/^[0-9]$/.test(letter)) {
    return refuseRegex('unsupported_pattern', 'backreferences are not supported', { at, next })
  }
  if (letter === 'p' || letter === 'P') return readProperty(pattern, at)
  if (HEX_DIGITS[letter] !== undefined) return readHex(pattern, at, HEX_DIGITS[letter])
  const set = perlSet(letter)
  if (set !== undefined) return ok({ value: { kind: 'members', set }, next })
  const source = ASSERTIONS[letter]
  if (source !== undefined) return readAssertion(pattern, { source, at, next })
  const point = CONTROLS[letter] ?? (PUNCTUATION.test(letter) ? letter.codePointAt(0) : undefined)
  return point === undefined
    ? refuseRegex('invalid_pattern', 'unrecognized escape sequence', { at, next })
    : ok({ value: pointEscape(point), next })
}

/** A literal character as a set. */
export function pointEscape(point: number): Escape & { kind: 'members' } {
  const range = { first: point, last: point }
  return { kind: 'members', set: { members: rangeMembers(range), ranges: [range] }, point }
}

function readAssertion(
  pattern: string,
  { source, at, next }: { source: string; at: number; next: number },
): RegexRead<Escape> {
  if (pattern.startsWith('b{', at + 1)) {
    return refuseRegex('unsupported_pattern', 'word edges \\b{…} are not supported', { at, next })
  }
  return ok({ value: { kind: 'assertion', source, isStart: source === '^' }, next })
}

function readHex(pattern: string, at: number, digits: number): RegexRead<Escape> {
  const groups = matchAt(HEX, pattern, at + 2)
  const text = groups?.['braced'] ?? groups?.['plain']?.slice(0, digits) ?? ''
  const isBraced = groups?.['braced'] !== undefined
  const next = at + 2 + text.length + (isBraced ? 2 : 0)
  const point = Number.parseInt(text, 16)
  const isPoint = point <= 0x10ffff && !(point >= 0xd800 && point <= 0xdfff)
  if (!isPoint || (!isBraced && text.length !== digits)) {
    return refuseRegex('invalid_pattern', 'invalid hexadecimal escape', { at, next })
  }
  return ok({ value: pointEscape(point), next })
}

function readProperty(pattern: string, at: number): RegexRead<Escape> {
  const groups = matchAt(PROPERTY, pattern, at + 2)
  const name = groups?.['braced'] ?? groups?.['letter'] ?? ''
  const isBraced = groups?.['braced'] !== undefined
  const inverse = groups?.['inverse'] ?? ''
  const next = at + 2 + name.length + inverse.length + (isBraced ? 2 : 0)
  const isNegated = (pattern.charAt(at + 1) === 'P') !== (inverse !== '')
  const set = propertySet(name, { isNegated })
  return set === undefined
    ? refuseRegex('unsupported_pattern', `Unicode property ${name} is not supported`, { at, next })
    : ok({ value: { kind: 'members', set }, next })
}

function matchAt(shape: RegExp, text: string, at: number): Record<string, string> | undefined {
  shape.lastIndex = at
  return shape.exec(text)?.groups
}
