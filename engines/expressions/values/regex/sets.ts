/**
 * The named character sets of Rust's regex syntax in JavaScript's class syntax (flag `v`).
 * Rust's `\d`, `\w` and `\s` are Unicode (UTS #18 Annex C), JavaScript's are not: they are spelled out.
 */
import { complement, NON_ASCII } from './ranges.ts'
import type { CodeRange } from './tree.ts'

export type SetMembers = { readonly members: string; readonly ranges: readonly CodeRange[] }

const DIGITS = range('0', '9')
const LOWER = range('a', 'z')
const UPPER = range('A', 'Z')
const UNDERSCORE = range('_', '_')
const EVERYTHING: CodeRange = { first: 0, last: 0x10ffff }

const WORD_MEMBERS = '\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}\\p{Join_Control}'

/** `\d`, `\w`, `\s`; the upper-case letter is the complement. */
const PERL_SETS: Readonly<Record<string, SetMembers>> = {
  d: { members: '\\p{Nd}', ranges: [DIGITS, NON_ASCII] },
  w: { members: WORD_MEMBERS, ranges: [DIGITS, LOWER, UPPER, UNDERSCORE, NON_ASCII] },
  s: {
    members: '\\p{White_Space}',
    ranges: [{ first: 9, last: 13 }, range(' ', ' '), NON_ASCII],
  },
}

/** `[:name:]` inside a class; ASCII only, as in Rust. */
const POSIX_SETS: Readonly<Record<string, readonly CodeRange[]>> = {
  alnum: [DIGITS, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [{ first: 0, last: 0x7f }],
  blank: [range('\t', '\t'), range(' ', ' ')],
  cntrl: [
    { first: 0, last: 0x1f },
    { first: 0x7f, last: 0x7f },
  ],
  digit: [DIGITS],
  graph: [range('!', '~')],
  lower: [LOWER],
  print: [range(' ', '~')],
  punct: [range('!', '/'), range(':', '@'), range('[', '`'), range('{', '~')],
  space: [{ first: 9, last: 13 }, range(' ', ' ')],
  upper: [UPPER],
  word: [DIGITS, UPPER, LOWER, UNDERSCORE],
  xdigit: [DIGITS, range('A', 'F'), range('a', 'f')],
}

/** Unicode word boundary: JavaScript's own `\b` knows ASCII only. */
const WORD = `[${WORD_MEMBERS}]`
export const WORD_BOUNDARY = `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`
export const NOT_WORD_BOUNDARY = `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`

/** Any character, with and without newline. A lone surrogate is a byte that is not UTF-8: `.` never matches it. */
export const DOT: SetMembers = {
  members: '\\u{a}\\u{dc80}-\\u{dcff}',
  ranges: complement([{ first: 10, last: 10 }]),
}
export const DOT_WITH_NEWLINE: SetMembers = {
  members: '\\u{dc80}-\\u{dcff}',
  ranges: [EVERYTHING],
}

/** The set of `\d`, `\W` and the like by its letter. */
export function perlSet(letter: string): SetMembers | undefined {
  const positive = PERL_SETS[letter.toLowerCase()]
  if (positive === undefined || letter === letter.toLowerCase()) return positive
  return {
    members: `[^${positive.members}]`,
    ranges: [...complement(positive.ranges), NON_ASCII],
  }
}

/** The set of `[:alpha:]` or `[:^alpha:]` by the name between the colons. */
export function posixSet(name: string): SetMembers | undefined {
  const isNegated = name.startsWith('^')
  const ranges = POSIX_SETS[isNegated ? name.slice(1) : name]
  if (ranges === undefined) return undefined
  const members = ranges.map((item) => rangeMembers(item)).join('')
  return isNegated ? { members: `[^${members}]`, ranges: complement(ranges) } : { members, ranges }
}

/** The set of `\p{…}` when JavaScript knows the property by the same name: category, binary property or script. */
export function propertySet(
  name: string,
  { isNegated }: { isNegated: boolean },
): SetMembers | undefined {
  const spelling = [name, `Script=${name}`].find(isKnownProperty)
  if (spelling === undefined) return undefined
  return { members: `\\${isNegated ? 'P' : 'p'}{${spelling}}`, ranges: [EVERYTHING] }
}

/** One range in class syntax; every character is escaped, so none can be an operator. */
export function rangeMembers({ first, last }: CodeRange): string {
  return first === last ? pointMember(first) : `${pointMember(first)}-${pointMember(last)}`
}

function pointMember(point: number): string {
  return `\\u{${point.toString(16)}}`
}

function isKnownProperty(name: string): boolean {
  if (!/^[A-Za-z_=]+$/.test(name)) return false
  try {
    return new RegExp(`\\p{${name}}`, 'v').source !== ''
  } catch {
    // The constructor is the only way to ask whether a property exists; it answers by throwing.
    return false
  }
}

function range(first: string, last: string): CodeRange {
  return { first: first.codePointAt(0) ?? 0, last: last.codePointAt(0) ?? 0 }
}
