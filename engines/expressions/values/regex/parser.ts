/**
 * Parses Rust's regex syntax (https://docs.rs/regex/latest/regex/#syntax) to a tree. Refuses, at the place, what
 * Rust refuses and what has no equal in JavaScript: look-around, back-references, flags `x`, `R` and `-u`.
 */
import { ok, type Result } from '#engines/result'
import { EXPRESSION_LIMITS } from '../../limits.ts'
import { characterSet, readClass } from './class.ts'
import { pointEscape, readEscape } from './escape.ts'
import { DOT, DOT_WITH_NEWLINE, type SetMembers } from './sets.ts'
import {
  refuseRegex,
  type RegexFault,
  type RegexFlags,
  type RegexRead,
  type RegexTree,
} from './tree.ts'

type Input = { readonly pattern: string; readonly depth: number }
type Place = { readonly at: number; readonly flags: RegexFlags }

const NO_FLAGS: RegexFlags = { ignoresCase: false, isMultiLine: false, dotMatchesNewline: false }
const GROUP_HEAD =
  /\((?:\?(?:P?<[A-Za-z_][A-Za-z0-9_.[\]]*>|(?<flags>[A-Za-z]*(?:-[A-Za-z]+)?)(?<end>[:)])))?/y
const LOOK_AROUND = /\(\?<?[=!]/y
const REPEAT = /(?:[*+?]|\{(?<min>[0-9]+)(?:(?<comma>,)(?<max>[0-9]*))?\})\??/y
const SHORT_REPEATS: Readonly<Record<string, { min: number; max: number }>> = {
  '*': { min: 0, max: Infinity },
  '+': { min: 1, max: Infinity },
  '?': { min: 0, max: 1 },
}
/** Newline is the only line terminator of Rust; JavaScript's flag `m` knows four. */
const ANCHORS: Readonly<Record<string, { whole: string; line: string }>> = {
  '^': { whole: '^', line: '(?<=^|\\n)' },
  $: { whole: '$', line: '(?=\\n|$)' },
}

/** Parses a whole pattern. */
export function parseRegex(pattern: string): Result<RegexTree, RegexFault> {
  const read = readChoice({ pattern, depth: 0 }, { at: 0, flags: NO_FLAGS })
  if (!read.ok) return read
  const { value, next } = read.value
  return next === pattern.length
    ? ok(value)
    : refuseRegex('invalid_pattern', 'unopened group', { at: next, next: next + 1 })
}

/** Reads alternatives up to `)` or the end; a flag group holds for all that follows it, alternatives included. */
function readChoice(input: Input, start: Place): RegexRead<RegexTree> {
  const branches: RegexTree[] = []
  let items: RegexTree[] = []
  let { at, flags } = start
  for (;;) {
    const character = input.pattern.charAt(at)
    if (character === '' || character === ')') break
    if (character === '|') {
      branches.push({ kind: 'sequence', items })
      items = []
      at += 1
      continue
    }
    const directive = readDirective(input.pattern, { at, flags })
    if (!directive.ok) return directive
    if (directive.value !== undefined) {
      at = directive.value.at
      flags = directive.value.flags
      continue
    }
    const item = readRepeated(input, { at, flags })
    if (!item.ok) return item
    items.push(item.value.value)
    at = item.value.next
  }
  const last: RegexTree = { kind: 'sequence', items }
  const value: RegexTree =
    branches.length === 0 ? last : { kind: 'choice', items: [...branches, last] }
  return ok({ value, next: at })
}

/** `(?i)`: the place after it with its flags; undefined when there is something else here. */
function readDirective(pattern: string, place: Place): Result<Place | undefined, RegexFault> {
  const head = matchAt(GROUP_HEAD, pattern, place.at)
  if (head?.groups?.['end'] !== ')') return ok(undefined)
  const next = place.at + head[0].length
  const flags = applyFlags(place.flags, head.groups['flags'] ?? '')
  return flags === undefined || head[0] === '(?)'
    ? refuseRegex('unsupported_pattern', 'unsupported flag', { at: place.at, next })
    : ok({ at: next, flags })
}

function readRepeated(input: Input, place: Place): RegexRead<RegexTree> {
  const atom = readAtom(input, place)
  if (!atom.ok) return atom
  let { value, next } = atom.value
  for (;;) {
    const match = matchAt(REPEAT, input.pattern, next)
    if (match === undefined) {
      return input.pattern.charAt(next) === '{'
        ? refuseRegex('invalid_pattern', 'invalid repetition', { at: next, next: next + 1 })
        : ok({ value, next })
    }
    const end = next + match[0].length
    const { min, max } = SHORT_REPEATS[match[0].charAt(0)] ?? countedRepeat(match.groups ?? {})
    const { regexRepeatMax } = EXPRESSION_LIMITS
    if (min > max || min > regexRepeatMax || (max !== Infinity && max > regexRepeatMax)) {
      const message = `invalid repetition count (limit: ${regexRepeatMax})`
      return refuseRegex('invalid_pattern', message, { at: next, next: end })
    }
    value = { kind: 'repeat', item: value, min, max }
    next = end
  }
}

function countedRepeat(groups: Record<string, string>): { min: number; max: number } {
  const min = Number(groups['min'])
  if (groups['comma'] === undefined) return { min, max: min }
  return { min, max: groups['max'] === '' ? Infinity : Number(groups['max']) }
}

function readAtom(input: Input, { at, flags }: Place): RegexRead<RegexTree> {
  const { pattern } = input
  const character = pattern.charAt(at)
  const anchor = ANCHORS[character]
  if (anchor !== undefined) {
    const source = flags.isMultiLine ? anchor.line : anchor.whole
    return ok({ value: { kind: 'assertion', source, isStart: source === '^' }, next: at + 1 })
  }
  switch (character) {
    case '(':
      return readGroup(input, { at, flags })
    case '[':
      return readClass(pattern, at, flags)
    case '\\':
      return readEscapeAtom(pattern, { at, flags })
    case '.':
      return ok({ value: dot(flags), next: at + 1 })
    case '*':
    case '+':
    case '?':
    case '{': {
      const message = 'repetition operator missing expression'
      return refuseRegex('invalid_pattern', message, { at, next: at + 1 })
    }
    default: {
      const point = pattern.codePointAt(at) ?? 0
      const next = at + String.fromCodePoint(point).length
      return ok({ value: oneSet(pointEscape(point).set, flags), next })
    }
  }
}

function readGroup(input: Input, { at, flags }: Place): RegexRead<RegexTree> {
  const { pattern, depth } = input
  if (matchAt(LOOK_AROUND, pattern, at) !== undefined) {
    const message = 'look-around, including look-ahead and look-behind, is not supported'
    return refuseRegex('unsupported_pattern', message, { at, next: at + 3 })
  }
  if (depth >= EXPRESSION_LIMITS.regexDepthMax) {
    return refuseRegex('invalid_pattern', 'groups are nested too deeply', { at, next: at + 1 })
  }
  const head = matchAt(GROUP_HEAD, pattern, at)
  const groupFlags = applyFlags(flags, head?.groups?.['flags'] ?? '')
  const start = at + (head?.[0].length ?? 1)
  if (groupFlags === undefined || pattern.charAt(start) === '?') {
    return refuseRegex('unsupported_pattern', 'unsupported group or flag', { at, next: at + 2 })
  }
  const inner = readChoice({ pattern, depth: depth + 1 }, { at: start, flags: groupFlags })
  if (!inner.ok) return inner
  const { value, next } = inner.value
  return pattern.charAt(next) === ')'
    ? ok({ value, next: next + 1 })
    : refuseRegex('invalid_pattern', 'unclosed group', { at, next: at + 1 })
}

/** `U` only swaps greediness and `u` is the default; `-u`, `x` and `R` have no equal here. */
function applyFlags(flags: RegexFlags, text: string): RegexFlags | undefined {
  const [on = '', off = ''] = text.split('-')
  if (/[^imsUu]/.test(on) || /[^imsU]/.test(off)) return undefined
  const apply = (letter: string, before: boolean) =>
    on.includes(letter) || (before && !off.includes(letter))
  return {
    ignoresCase: apply('i', flags.ignoresCase),
    isMultiLine: apply('m', flags.isMultiLine),
    dotMatchesNewline: apply('s', flags.dotMatchesNewline),
  }
}

function readEscapeAtom(pattern: string, { at, flags }: Place): RegexRead<RegexTree> {
  const escape = readEscape(pattern, at)
  if (!escape.ok) return escape
  const { value, next } = escape.value
  return ok({ value: value.kind === 'assertion' ? value : oneSet(value.set, flags), next })
}

/** `.` is written as the complement of what it leaves out. */
function dot({ dotMatchesNewline }: RegexFlags): RegexTree {
  const { members, ranges } = dotMatchesNewline ? DOT_WITH_NEWLINE : DOT
  return { kind: 'set', members, ranges, isNegated: true, ignoresCase: false }
}

function oneSet(set: SetMembers, flags: RegexFlags): RegexTree {
  return characterSet([set], { isNegated: false, flags })
}

function matchAt(shape: RegExp, text: string, at: number): RegExpExecArray | undefined {
  shape.lastIndex = at
  return shape.exec(text) ?? undefined
}
