/**
 * The automaton of a pattern over the bytes of UTF-8: Thompson's construction from the end to the beginning, so that
 * every state is made with the number of the state after it. Where there is a choice, the first branch is preferred.
 */
import type { CodeRange } from './ranges.ts'
import { countsOf } from './size.ts'
import { isNullable, type Look, type RegexTree, type Repeat } from './tree.ts'
import { type ByteTrie, utf8Trie } from './utf8.ts'

type ByteEdge = CodeRange & { readonly next: number }
type NfaState =
  | { readonly kind: 'bytes'; readonly edges: readonly ByteEdge[] }
  | { readonly kind: 'split'; readonly branches: readonly number[] }
  | { readonly kind: 'look'; readonly look: Look; readonly next: number }
  /** Notes the place reached in slot 2n (group n begins) or 2n + 1 (it ends). */
  | { readonly kind: 'note'; readonly slot: number; readonly next: number }
  | { readonly kind: 'match' }

export type Nfa = {
  readonly states: readonly NfaState[]
  readonly start: number
  /** Whether a match can only begin where the value does. */
  readonly isAnchored: boolean
  /** Whether it is one set again and again: of matches that may begin here or there the earlier is always ahead. */
  readonly isRun: boolean
}

/** No state. */
export const NOWHERE = -1

/** Builds the automaton; the caller has seen to its size (`automatonBytes`). */
export function buildNfa(tree: RegexTree): Nfa {
  const states: NfaState[] = [{ kind: 'match' }]
  const start = build(tree, { states, next: 0 })
  return { states, start, isAnchored: isAnchored(tree), isRun: isRun(tree) }
}

/** The state behind the edge for a byte, or NOWHERE. */
export function follow(edges: readonly ByteEdge[], byte: number): number {
  for (const { first, last, next } of edges) {
    if (byte < first) return NOWHERE
    if (byte <= last) return next
  }
  return NOWHERE
}

type Building = { readonly states: NfaState[]; readonly next: number }

function build(tree: RegexTree, { states, next }: Building): number {
  switch (tree.kind) {
    case 'set':
      return tree.unit === 'point'
        ? addTrie(utf8Trie(tree.ranges), { states, next })
        : add(states, { kind: 'bytes', edges: tree.ranges.map((range) => ({ ...range, next })) })
    case 'look':
      return add(states, { kind: 'look', look: tree, next })
    case 'repeat':
      return buildRepeat(tree, { states, next })
    case 'sequence':
      return tree.items.reduceRight((after, item) => build(item, { states, next: after }), next)
    case 'choice':
      return add(states, {
        kind: 'split',
        branches: tree.items.map((item) => build(item, { states, next })),
      })
    case 'capture': {
      const end = add(states, { kind: 'note', slot: 2 * tree.index + 1, next })
      const item = build(tree.item, { states, next: end })
      return add(states, { kind: 'note', slot: 2 * tree.index, next: item })
    }
  }
}

function buildRepeat(tree: Repeat, { states, next }: Building): number {
  const { min, max } = countsOf(tree)
  let start = max === Infinity ? buildLoop(tree, { states, next }) : next
  const optional = max === Infinity ? 0 : max - min
  for (let count = 0; count < optional; count += 1) {
    const item = build(tree.item, { states, next: start })
    start = add(states, split(tree, item, next))
  }
  const copies = max === Infinity ? Math.max(min - 1, 0) : min
  for (let count = 0; count < copies; count += 1) start = build(tree.item, { states, next: start })
  return start
}

/**
 * `x*`, or the last `x+` of a longer repeat. An `x` that can be empty is written as `(x+)?`: with one split the order of
 * preference would be lost (https://github.com/rust-lang/regex/issues/779).
 */
function buildLoop(tree: Repeat, { states, next }: Building): number {
  const loop = add(states, { kind: 'split', branches: [] })
  const item = build(tree.item, { states, next: loop })
  states[loop] = split(tree, item, next)
  if (tree.min > 0) return item
  return isNullable(tree.item) ? add(states, split(tree, item, next)) : loop
}

function split({ isGreedy }: Repeat, item: number, next: number): NfaState {
  return { kind: 'split', branches: isGreedy ? [item, next] : [next, item] }
}

function addTrie(trie: ByteTrie, { states, next }: Building): number {
  const edges = trie.map((edge) => ({
    first: edge.first,
    last: edge.last,
    next: edge.next.length === 0 ? next : addTrie(edge.next, { states, next }),
  }))
  return add(states, { kind: 'bytes', edges })
}

function isAnchored(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'look':
      return tree.look === 'start'
    case 'repeat':
      return tree.min > 0 && isAnchored(tree.item)
    case 'capture':
      return isAnchored(tree.item)
    case 'sequence':
      return tree.items[0] !== undefined && isAnchored(tree.items[0])
    case 'choice':
      return tree.items.every((item) => isAnchored(item))
  }
}

/** Bytes only: the byte that ends a run of them cannot begin the next. */
function isRun(tree: RegexTree): boolean {
  if (tree.kind === 'sequence') {
    const [only] = tree.items
    return tree.items.length === 1 && only !== undefined && isRun(only)
  }
  return tree.kind === 'repeat' && tree.item.kind === 'set' && tree.item.unit === 'byte'
}

function add(states: NfaState[], state: NfaState): number {
  return states.push(state) - 1
}
