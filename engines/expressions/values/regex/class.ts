/** Bracketed classes: single characters, ranges, escapes and `[:posix:]` names; no classes inside classes. */
import { ok } from '#engines/result'
import { type Escape, pointEscape, readEscape } from './escape.ts'
import { complement, foldRanges, NON_ASCII } from './ranges.ts'
import { posixSet, rangeMembers, type SetMembers } from './sets.ts'
import { type CharacterSet, refuseRegex, type RegexFlags, type RegexRead } from './tree.ts'

type Member = Escape & { kind: 'members' }

const POSIX = /\[:(\^?[a-z]+):\]/y
/** Set operators of the Rust syntax. */
const OPERATORS = ['&&', '--', '~~']
/** A byte that is not UTF-8 never matches, so a negated class leaves it out as well. */
const ESCAPED_BYTES = '\\u{dc80}-\\u{dcff}'

/** Reads the class whose `[` is at `at`. */
export function readClass(pattern: string, at: number, flags: RegexFlags): RegexRead<CharacterSet> {
  const isNegated = pattern.charAt(at + 1) === '^'
  const sets: SetMembers[] = []
  let next = at + (isNegated ? 2 : 1)
  // The first `]` and leading hyphens are literal: `[]a]`, `[--a]` is `-` and then a hyphen again.
  while (pattern.charAt(next) !== ']' || sets.length === 0) {
    if (next >= pattern.length) {
      return refuseRegex('invalid_pattern', 'unclosed character class', { at, next })
    }
    const item = readItem(pattern, next, sets.length === 0)
    if (!item.ok) return item
    sets.push(item.value.value)
    next = item.value.next
  }
  return ok({ value: characterSet(sets, { isNegated, flags }), next: next + 1 })
}

/** A set node from its members, with what the flags in force add. */
export function characterSet(
  sets: readonly SetMembers[],
  { isNegated, flags }: { readonly isNegated: boolean; readonly flags: RegexFlags },
): CharacterSet {
  const listed = sets.flatMap((set) => set.ranges)
  const ranges = isNegated ? [...complement(listed), NON_ASCII] : listed
  const members = sets.map((set) => set.members).join('')
  return {
    kind: 'set',
    members: isNegated ? members + ESCAPED_BYTES : members,
    isNegated,
    ignoresCase: flags.ignoresCase,
    ranges: flags.ignoresCase ? foldRanges(ranges) : ranges,
  }
}

function readItem(pattern: string, at: number, isFirst: boolean): RegexRead<SetMembers> {
  const operator = OPERATORS.find((text) => pattern.startsWith(text, at))
  if (operator !== undefined && !(isFirst && operator === '--')) {
    const next = at + operator.length
    return refuseRegex('unsupported_pattern', `set operator ${operator} is not supported`, {
      at,
      next,
    })
  }
  if (pattern.charAt(at) === '[') return readPosix(pattern, at)
  const first = readMember(pattern, at)
  if (!first.ok) return first
  const { value, next } = first.value
  const isRange = pattern.charAt(next) === '-' && !['', ']', '-'].includes(pattern.charAt(next + 1))
  if (!isRange) return ok({ value: value.set, next })
  const last = readMember(pattern, next + 1)
  if (!last.ok) return last
  const end = last.value.next
  const lastPoint = last.value.value.point
  if (value.point === undefined || lastPoint === undefined || value.point > lastPoint) {
    return refuseRegex('invalid_pattern', 'invalid character class range', { at, next: end })
  }
  const range = { first: value.point, last: lastPoint }
  return ok({ value: { members: rangeMembers(range), ranges: [range] }, next: end })
}

function readMember(pattern: string, at: number): RegexRead<Member> {
  if (pattern.charAt(at) !== '\\') {
    const point = pattern.codePointAt(at) ?? 0
    return ok({ value: pointEscape(point), next: at + String.fromCodePoint(point).length })
  }
  const escape = readEscape(pattern, at)
  if (!escape.ok) return escape
  const { value, next } = escape.value
  return value.kind === 'members'
    ? ok({ value, next })
    : refuseRegex('invalid_pattern', 'an assertion has no place in a class', { at, next })
}

function readPosix(pattern: string, at: number): RegexRead<SetMembers> {
  POSIX.lastIndex = at
  const match = POSIX.exec(pattern)
  const set = posixSet(match?.[1] ?? '')
  return match === null || set === undefined
    ? refuseRegex('unsupported_pattern', 'a class inside a class is not supported', {
        at,
        next: at + 1,
      })
    : ok({ value: set, next: at + match[0].length })
}
