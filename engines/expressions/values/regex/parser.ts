/**
 * Parses Rust's regex syntax (https://docs.rs/regex/latest/regex/#syntax; regex-syntax 0.8) to a tree. Refuses, at the
 * place, what Rust refuses, look-around and back-references among it.
 */
import { ok, type Result } from '#engines/result'
import { readClass } from './class.ts'
import { type Escape, readEscape } from './escape.ts'
import { FIRST_FLAGS, readFlags } from './flags.ts'
import { REGEX_LIMITS } from './limits.ts'
import { single } from './ranges.ts'
import { isRepeat, readRepeat } from './repeat.ts'
import { dot, foldRanges, unitOf } from './sets.ts'
import { characterAt, skipIgnored } from './space.ts'
import {
  type LookName,
  refuseRegex,
  type RegexFault,
  type RegexFlags,
  type RegexPlace,
  type RegexRead,
  type RegexTree,
} from './tree.ts'

/** A tree and how deep what was written is nested; Rust counts groups and single items that the tree drops. */
type Node = { readonly tree: RegexTree; readonly height: number }
/** What is known of the whole pattern while it is read: names of the groups opened so far, and the depth here. */
type Reading = { readonly groups: (string | undefined)[]; readonly depth: number }

const GROUP_NAME = /\?P?<([^>]*)(>?)/y
const ASCII_NAME = /^[_A-Za-z][_.[\]A-Za-z0-9]*$/
/** A source, made a RegExp where it is needed: Unicode classes are slow to build and rarely asked for. */
const NAME = String.raw`^[_\p{Alphabetic}][_.[\]\p{Alphabetic}\p{N}]*$`
const LOOK_AROUND = /\?<?[=!]/y
const EMPTY: RegexTree = { kind: 'sequence', items: [] }

/** Parses a whole pattern. */
export function parseRegex(pattern: string): Result<RegexTree, RegexFault> {
  const reading: Reading = { groups: [], depth: 0 }
  const read = readChoice({ pattern, at: 0, flags: FIRST_FLAGS }, reading)
  if (!read.ok) return read
  const { value, next } = read.value
  return next === pattern.length
    ? ok(value.tree)
    : refuseRegex('invalid_pattern', 'unopened group', { at: next, next: next + 1 })
}

/** Reads alternatives up to `)` or the end; a flag group holds for all that follows it, alternatives included. */
function readChoice(place: RegexPlace, reading: Reading): RegexRead<Node> {
  const branches: Node[] = []
  let { at, flags } = place
  for (;;) {
    const branch = readSequence({ ...place, at, flags }, reading)
    if (!branch.ok) return branch
    branches.push(branch.value.value.node)
    flags = branch.value.value.flags
    at = branch.value.next
    if (place.pattern.charAt(at) !== '|') break
    at += 1
  }
  const items = branches.map(({ tree }) => tree)
  const [only] = branches
  if (branches.length === 1 && only !== undefined) return ok({ value: only, next: at })
  return checkHeight(
    { tree: { kind: 'choice', items }, height: heightOver(branches) },
    { ...place, next: at },
  )
}

function readSequence(
  place: RegexPlace,
  reading: Reading,
): RegexRead<{ readonly node: Node; readonly flags: RegexFlags }> {
  const { pattern } = place
  const nodes: Node[] = []
  let { flags } = place
  let at = skipIgnored(place)
  let canRepeat = false
  while (!['', '|', ')'].includes(pattern.charAt(at))) {
    const here = { pattern, at, flags }
    const last = nodes.at(-1)
    if (isRepeat(pattern.charAt(at))) {
      if (last === undefined || !canRepeat) {
        const message = 'repetition operator missing expression'
        return refuseRegex('invalid_pattern', message, { at, next: at + 1 })
      }
      const repeated = repeat(last, here)
      if (!repeated.ok) return repeated
      nodes.splice(-1, 1, repeated.value.value)
      at = repeated.value.next
    } else {
      const atom = readAtom(here, reading)
      if (!atom.ok) return atom
      const { value, next } = atom.value
      canRepeat = !('directive' in value)
      if ('directive' in value) flags = value.directive
      nodes.push('directive' in value ? { tree: EMPTY, height: 0 } : value)
      at = next
    }
    at = skipIgnored({ pattern, at, flags })
  }
  const [only] = nodes
  const isOne = nodes.length === 1 && only !== undefined
  const tree: RegexTree = { kind: 'sequence', items: nodes.map((node) => node.tree) }
  const node = isOne ? only : { tree, height: nodes.length === 0 ? 0 : heightOver(nodes) }
  const checked = checkHeight(node, { ...place, next: at })
  return checked.ok ? ok({ value: { node: checked.value.value, flags }, next: at }) : checked
}

function repeat(item: Node, place: RegexPlace): RegexRead<Node> {
  const read = readRepeat(place)
  if (!read.ok) return read
  const { min, max, isLazy } = read.value.value
  const isGreedy = isLazy === place.flags.swapsGreed
  const tree: RegexTree = { kind: 'repeat', item: item.tree, min, max, isGreedy }
  return checkHeight({ tree, height: item.height + 1 }, { ...place, next: read.value.next })
}

/** An item, or a directive such as `(?i)` with the flags from there on. */
function readAtom(
  place: RegexPlace,
  reading: Reading,
): RegexRead<Node | { readonly directive: RegexFlags }> {
  const { pattern, at, flags } = place
  const character = characterAt(pattern, at)
  const next = at + character.length
  switch (character) {
    case '(':
      return readGroup(place, reading)
    case '[': {
      const read = readClass(place)
      if (!read.ok) return read
      const { set, height } = read.value.value
      return checkHeight({ tree: set, height }, { ...place, next: read.value.next })
    }
    case '\\': {
      const read = readEscape(place)
      return read.ok ? leaf(escaped(read.value.value, flags), read.value.next) : read
    }
    case '.':
      return leaf(dot(flags), next)
    case '^':
      return leaf(
        look(flags.isMultiLine ? (flags.isCrlf ? 'crlfLineStart' : 'lineStart') : 'start', flags),
        next,
      )
    case '$':
      return leaf(
        look(flags.isMultiLine ? (flags.isCrlf ? 'crlfLineEnd' : 'lineEnd') : 'end', flags),
        next,
      )
    default: {
      const point = character.codePointAt(0) ?? 0
      return leaf(escaped({ kind: 'literal', point, isByte: false }, flags), next)
    }
  }
}

function readGroup(
  place: RegexPlace,
  { groups, depth }: Reading,
): RegexRead<Node | { readonly directive: RegexFlags }> {
  const { pattern, at } = place
  const start = skipIgnored({ ...place, at: at + 1 })
  if (matchAt(LOOK_AROUND, pattern, start) !== undefined) {
    const message = 'look-around, including look-ahead and look-behind, is not supported'
    return refuseRegex('unsupported_pattern', message, { at, next: start + 2 })
  }
  if (depth >= REGEX_LIMITS.depthMax) {
    return refuseRegex('invalid_pattern', 'groups are nested too deeply', { at, next: at + 1 })
  }
  const inside: Reading = { groups, depth: depth + 1 }
  const name = matchAt(GROUP_NAME, pattern, start)
  if (name !== undefined) {
    const next = start + name[0].length
    if (name[2] !== '>' || !isGroupName(name[1] ?? '') || groups.includes(name[1])) {
      const message = groups.includes(name[1]) ? 'duplicate group name' : 'invalid group name'
      return refuseRegex('invalid_pattern', message, { at: start, next })
    }
    return readCapture({ ...place, at: next }, { inside, name: name[1], open: at })
  }
  if (pattern.charAt(start) !== '?') {
    return readCapture({ ...place, at: start }, { inside, name: undefined, open: at })
  }
  const flags = readFlags({ ...place, at: start + 1 })
  if (!flags.ok) return flags
  const { value, next } = flags.value
  if (pattern.charAt(next) === ':')
    return readInside({ pattern, at: next + 1, flags: value }, { inside, open: at })
  return next === start + 1
    ? refuseRegex('invalid_pattern', 'repetition operator missing expression', { at: start, next })
    : ok({ value: { directive: value }, next: next + 1 })
}

function isGroupName(name: string): boolean {
  return ASCII_NAME.test(name) || new RegExp(NAME, 'u').test(name)
}

function readCapture(
  place: RegexPlace,
  { inside, name, open }: { inside: Reading; name: string | undefined; open: number },
): RegexRead<Node> {
  inside.groups.push(name)
  const index = inside.groups.length
  const inner = readInside(place, { inside, open })
  if (!inner.ok) return inner
  const { tree, height } = inner.value.value
  return ok({
    value: { tree: { kind: 'capture', index, item: tree }, height },
    next: inner.value.next,
  })
}

function readInside(
  place: RegexPlace,
  { inside, open }: { inside: Reading; open: number },
): RegexRead<Node> {
  const inner = readChoice(place, inside)
  if (!inner.ok) return inner
  const { value, next } = inner.value
  if (place.pattern.charAt(next) !== ')') {
    return refuseRegex('invalid_pattern', 'unclosed group', { at: open, next: open + 1 })
  }
  return checkHeight(
    { tree: value.tree, height: value.height + 1 },
    { ...place, at: open, next: next + 1 },
  )
}

/** A literal without flag `u` is a byte if it can be one, else the bytes of its UTF-8, which have no case. */
function escaped(escape: Escape, flags: RegexFlags): RegexTree {
  if (escape.kind === 'look') return look(escape.look, flags)
  if (escape.kind === 'set') return { kind: 'set', unit: unitOf(flags), ranges: escape.ranges }
  const { point, isByte } = escape
  const isPoint = flags.isUnicode || (point > 0x7f && !isByte)
  const ranges = isPoint && !flags.isUnicode ? [single(point)] : foldRanges([single(point)], flags)
  return { kind: 'set', unit: isPoint ? 'point' : 'byte', ranges }
}

function look(name: LookName, { isUnicode }: RegexFlags): RegexTree {
  return { kind: 'look', look: name, isUnicode }
}

function leaf(tree: RegexTree, next: number): RegexRead<Node> {
  return ok({ value: { tree, height: 0 }, next })
}

function heightOver(nodes: readonly Node[]): number {
  return nodes.reduce((height, node) => Math.max(height, node.height), 0) + 1
}

function checkHeight(value: Node, { at, next }: { at: number; next: number }): RegexRead<Node> {
  return value.height > REGEX_LIMITS.depthMax
    ? refuseRegex('invalid_pattern', 'the pattern is nested too deeply', { at, next })
    : ok({ value, next })
}

function matchAt(shape: RegExp, text: string, at: number): RegExpExecArray | undefined {
  shape.lastIndex = at
  return shape.exec(text) ?? undefined
}
