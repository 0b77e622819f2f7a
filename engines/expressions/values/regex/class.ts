/**
 * Bracketed classes: characters, ranges, escapes, `[:posix:]` names, classes inside classes, and the set operators
 * `&&`, `--` and `~~`, which bind weaker than what stands side by side and are applied from left to right.
 */
import { ok, type Result } from '#engines/result'
import { type Escape, readEscape } from './escape.ts'
import { REGEX_LIMITS } from './limits.ts'
import { type CodeRange, complement, intersect, single, unite } from './ranges.ts'
import { foldRanges, posixSet, unitOf } from './sets.ts'
import { characterAt, skipIgnored } from './space.ts'
import {
  type CharacterSet,
  refuseRegex,
  type RegexFault,
  type RegexPlace,
  type RegexRead,
} from './tree.ts'

type Ranges = readonly CodeRange[]
/** Ranges, and how deep the classes inside them are nested. */
type Part = { readonly ranges: Ranges; readonly height: number }
/** Where reading a class has got to: the operator that waits for its right side, and that side's parts. */
type Progress = {
  readonly pending: { readonly operator: string; readonly left: Part } | undefined
  readonly parts: readonly Part[]
}

const POSIX = /\[:(\^?)([^:]*):\]/y
const OPERATORS: Readonly<
  Record<string, (left: Ranges, right: Ranges, all: Complement) => Ranges>
> = {
  '&&': (left, right) => intersect(left, right),
  '--': (left, right, all) => intersect(left, all(right)),
  '~~': (left, right, all) => intersect(unite([...left, ...right]), all(intersect(left, right))),
}
type Complement = (ranges: Ranges) => Ranges

/** Reads the class whose `[` is at `at`. */
export function readClass(
  place: RegexPlace,
  depth = 1,
): RegexRead<{ readonly set: CharacterSet; readonly height: number }> {
  const { pattern, at, flags } = place
  if (depth > REGEX_LIMITS.depthMax) {
    return refuseRegex('invalid_pattern', 'classes are nested too deeply', { at, next: at + 1 })
  }
  const isNegated = pattern.charAt(skipIgnored({ ...place, at: at + 1 })) === '^'
  const open = skipIgnored({ ...place, at: isNegated ? pattern.indexOf('^', at) + 1 : at + 1 })
  const start = readLeadingLiterals({ ...place, at: open })
  let pending: Progress['pending']
  let parts = [...start.parts]
  let next = skipIgnored({ ...place, at: start.next })
  while (pattern.charAt(next) !== ']') {
    if (next >= pattern.length) {
      return refuseRegex('invalid_pattern', 'unclosed character class', { at, next: at + 1 })
    }
    const operator = pattern.slice(next, next + 2)
    if (OPERATORS[operator] === undefined) {
      const part = readPart({ ...place, at: next }, depth)
      if (!part.ok) return part
      parts.push(part.value.value)
      next = skipIgnored({ ...place, at: part.value.next })
    } else {
      pending = { operator, left: combine({ pending, parts }, place) }
      parts = []
      next = skipIgnored({ ...place, at: next + 2 })
    }
  }
  const { ranges, height } = combine({ pending, parts }, place)
  const folded = foldRanges(ranges, flags)
  const unit = unitOf(flags)
  const set: CharacterSet = {
    kind: 'set',
    unit,
    ranges: isNegated ? complement(folded, unit) : folded,
  }
  return ok({ value: { set, height: height + 1 }, next: next + 1 })
}

/** Hyphens, or else one `]`, that stand first are literal: `[]a]`, `[--a]`. */
function readLeadingLiterals(place: RegexPlace): {
  readonly parts: readonly Part[]
  readonly next: number
} {
  const parts: Part[] = []
  let next = place.at
  while (place.pattern.charAt(next) === '-') {
    parts.push(partOf([single(0x2d)]))
    next = skipIgnored({ ...place, at: next + 1 })
  }
  if (parts.length > 0 || place.pattern.charAt(next) !== ']') return { parts, next }
  return { parts: [partOf([single(0x5d)])], next: next + 1 }
}

/** The set so far: the pending operator applied to its left side and the parts read since. */
function combine({ pending, parts }: Progress, { flags }: RegexPlace): Part {
  const heights = parts.map(({ height }) => height)
  const right: Part = {
    ranges: unite(parts.flatMap(({ ranges }) => ranges)),
    height: Math.max(0, ...heights) + (parts.length > 1 ? 1 : 0),
  }
  const apply = pending === undefined ? undefined : OPERATORS[pending.operator]
  if (pending === undefined || apply === undefined) return right
  const { left } = pending
  const all = (ranges: Ranges) => complement(ranges, unitOf(flags))
  return {
    ranges: apply(foldRanges(left.ranges, flags), foldRanges(right.ranges, flags), all),
    height: Math.max(left.height, right.height) + 1,
  }
}

function readPart(place: RegexPlace, depth: number): RegexRead<Part> {
  if (place.pattern.charAt(place.at) !== '[') return readRange(place)
  const posix = readPosix(place)
  if (posix !== undefined) return ok(posix)
  const inner = readClass(place, depth + 1)
  if (!inner.ok) return inner
  const { set, height } = inner.value.value
  return ok({ value: { ranges: set.ranges, height }, next: inner.value.next })
}

/** `[:alpha:]`; what only looks like one is a class inside the class. */
function readPosix({ pattern, at, flags }: RegexPlace): { value: Part; next: number } | undefined {
  POSIX.lastIndex = at
  const match = POSIX.exec(pattern)
  const ranges = posixSet(match?.[2] ?? '')
  if (match === null || ranges === undefined) return undefined
  const folded = foldRanges(ranges, flags)
  const value = partOf(match[1] === '^' ? complement(folded, unitOf(flags)) : folded)
  return { value, next: at + match[0].length }
}

function readRange(place: RegexPlace): RegexRead<Part> {
  const { pattern } = place
  const first = readMember(place)
  if (!first.ok) return first
  const next = skipIgnored({ ...place, at: first.value.next })
  const after = pattern.charAt(skipIgnored({ ...place, at: next + 1 }))
  if (pattern.charAt(next) !== '-' || after === ']' || after === '-' || after === '') {
    return first.value.value.kind === 'set'
      ? ok({ value: partOf(first.value.value.ranges), next })
      : readSingle(first.value.value, { ...place, next })
  }
  const last = readMember({ ...place, at: skipIgnored({ ...place, at: next + 1 }) })
  if (!last.ok) return last
  const span = { at: place.at, next: last.value.next }
  const from = boundOf(first.value.value, { ...place, ...span })
  const to = boundOf(last.value.value, { ...place, ...span })
  if (!from.ok) return from
  if (!to.ok) return to
  return from.value > to.value
    ? refuseRegex('invalid_pattern', 'invalid character class range', span)
    : ok({ value: partOf([{ first: from.value, last: to.value }]), next: span.next })
}

function readSingle(escape: Escape, place: RegexPlace & { next: number }): RegexRead<Part> {
  const point = boundOf(escape, place)
  return point.ok ? ok({ value: partOf([single(point.value)]), next: place.next }) : point
}

function readMember(place: RegexPlace): RegexRead<Escape> {
  const character = characterAt(place.pattern, place.at)
  if (character === '\\') return readEscape(place)
  const point = character.codePointAt(0) ?? 0
  const value: Escape = { kind: 'literal', point, isByte: false }
  return ok({ value, next: place.at + character.length })
}

/** The one character of a member; without flag `u` a class holds bytes, so it must be ASCII or `\xFF`. */
function boundOf(
  escape: Escape,
  { at, next, flags }: RegexPlace & { readonly next: number },
): Result<number, RegexFault> {
  if (escape.kind === 'set') {
    return refuseRegex('invalid_pattern', 'invalid character class range', { at, next })
  }
  if (escape.kind === 'look') {
    return refuseRegex('invalid_pattern', 'an assertion has no place in a class', { at, next })
  }
  return flags.isUnicode || escape.isByte || escape.point <= 0x7f
    ? ok(escape.point)
    : refuseRegex(
        'invalid_pattern',
        'a class of bytes holds no characters beyond ASCII: use (?u)',
        { at, next },
      )
}

function partOf(ranges: Ranges): Part {
  return { ranges, height: 0 }
}
