/** The named sets of Rust's regex syntax, and what the flags `i` and `u` make of a set. */
import { DIGIT, foldPoints, rangesOf, SPACE, WORD } from './properties.ts'
import { type CodeRange, complement, single, unite } from './ranges.ts'
import type { CharacterSet, RegexFlags } from './tree.ts'

type Ranges = readonly CodeRange[]

const DIGITS = span('0', '9')
const LOWER = span('a', 'z')
const UPPER = span('A', 'Z')
const SPACES: Ranges = [{ first: 9, last: 13 }, single(0x20)]
const WORDS: Ranges = [DIGITS, UPPER, span('_', '_'), LOWER]
const LINE_FEED = single(0x0a)
const CARRIAGE_RETURN = single(0x0d)
const CASE_DISTANCE = 32
/** The only characters beyond ASCII that fold to ASCII letters: long s and the Kelvin sign. */
const FOLDED_TO_ASCII: Ranges = [single(0x17f), single(0x212a)]
const ASCII: CodeRange = { first: 0, last: 0x7f }

/** `\d`, `\w`, `\s` with and without flag `u`; the upper-case letter is the complement. */
const PERL_SETS: Readonly<Record<string, { readonly ascii: Ranges; readonly unicode: string }>> = {
  d: { ascii: [DIGITS], unicode: DIGIT },
  w: { ascii: WORDS, unicode: WORD },
  s: { ascii: SPACES, unicode: SPACE },
}

/** `[:name:]` inside a class; ASCII only, whatever the flags. */
const POSIX_SETS: Readonly<Record<string, Ranges>> = {
  alnum: [DIGITS, UPPER, LOWER],
  alpha: [UPPER, LOWER],
  ascii: [ASCII],
  blank: [single(9), single(0x20)],
  cntrl: [{ first: 0, last: 0x1f }, single(0x7f)],
  digit: [DIGITS],
  graph: [span('!', '~')],
  lower: [LOWER],
  print: [span(' ', '~')],
  punct: [span('!', '/'), span(':', '@'), span('[', '`'), span('{', '~')],
  space: SPACES,
  upper: [UPPER],
  word: WORDS,
  xdigit: [DIGITS, span('A', 'F'), span('a', 'f')],
}

/** The set of `\d`, `\W` and the like by its letter; undefined if there is none. */
export function perlSet(letter: string, flags: RegexFlags): Ranges | undefined {
  const set = PERL_SETS[letter.toLowerCase()]
  if (set === undefined) return undefined
  const ranges = flags.isUnicode ? rangesOf(set.unicode) : set.ascii
  return letter === letter.toLowerCase() ? ranges : complement(ranges, unitOf(flags))
}

/** The set of `[:alpha:]` by the name between the colons; undefined if there is none. */
export function posixSet(name: string): Ranges | undefined {
  return POSIX_SETS[name]
}

/** `.`: any character, or any byte without flag `u`, that does not end a line. */
export function dot(flags: RegexFlags): CharacterSet {
  const crlf = flags.isCrlf ? [LINE_FEED, CARRIAGE_RETURN] : [LINE_FEED]
  const unit = unitOf(flags)
  return {
    kind: 'set',
    unit,
    ranges: complement(flags.dotMatchesNewline ? [] : crlf, unit),
  }
}

/** Adds the other cases of what is listed, if flag `i` is in force. */
export function foldRanges(ranges: Ranges, flags: RegexFlags): Ranges {
  if (!flags.ignoresCase) return unite(ranges)
  const isAscii = ranges.every(({ last }) => last <= ASCII.last)
  if (flags.isUnicode && !isAscii) return foldPoints(unite(ranges))
  const folded = unite([
    ...ranges,
    ...ranges.flatMap((range) => shift(range, LOWER, -CASE_DISTANCE)),
    ...ranges.flatMap((range) => shift(range, UPPER, CASE_DISTANCE)),
  ])
  if (!flags.isUnicode) return folded
  const [longS, kelvin] = FOLDED_TO_ASCII
  const others = [holds(folded, 's') ? longS : undefined, holds(folded, 'k') ? kelvin : undefined]
  return unite([...folded, ...others.filter((range) => range !== undefined)])
}

/** What a set is made of under these flags. */
export function unitOf({ isUnicode }: RegexFlags): CharacterSet['unit'] {
  return isUnicode ? 'point' : 'byte'
}

function holds(ranges: Ranges, letter: string): boolean {
  const point = letter.charCodeAt(0)
  return ranges.some(({ first, last }) => first <= point && point <= last)
}

function shift(range: CodeRange, within: CodeRange, distance: number): Ranges {
  const first = Math.max(range.first, within.first)
  const last = Math.min(range.last, within.last)
  return first > last ? [] : [{ first: first + distance, last: last + distance }]
}

function span(first: string, last: string): CodeRange {
  return { first: first.charCodeAt(0), last: last.charCodeAt(0) }
}
