/**
 * How large Rust's compiler would make the automaton of a pattern (regex-automata 0.4, `nfa::thompson`), by arithmetic:
 * `(a{1000}){1000}` is refused before anything of that size exists.
 */
import { isNullable, type RegexTree, type Repeat } from './tree.ts'
import { type ByteTrie, utf8Trie } from './utf8.ts'

const STATE_BYTES = 32
const EDGE_BYTES = 8
const BRANCH_BYTES = 4
const SPLIT_BYTES = STATE_BYTES + 2 * BRANCH_BYTES

/** Bytes of the automaton; near Rust's figure, and Infinity where that would be out of reach. */
export function automatonBytes(tree: RegexTree): number {
  switch (tree.kind) {
    case 'look':
      return STATE_BYTES
    case 'capture':
      return automatonBytes(tree.item)
    case 'repeat':
      return repeatBytes(tree)
    case 'sequence':
      return tree.items.reduce(
        (sum, item) => sum + automatonBytes(item),
        STATE_BYTES * Number(tree.items.length === 0),
      )
    case 'choice':
      return tree.items.reduce(
        (sum, item) => sum + automatonBytes(item) + BRANCH_BYTES,
        2 * STATE_BYTES,
      )
    case 'set':
      return trieBytes(
        tree.unit === 'point'
          ? utf8Trie(tree.ranges)
          : tree.ranges.map((range) => ({ ...range, next: [] })),
      )
  }
}

/** Counts that are in force: repeating what never reads anything more than once changes nothing. */
export function countsOf(repeat: Repeat): { readonly min: number; readonly max: number } {
  const most = readsNothing(repeat.item) ? 1 : Infinity
  return { min: Math.min(repeat.min, most), max: Math.min(repeat.max, most) }
}

function repeatBytes(tree: Repeat): number {
  const { min, max } = countsOf(tree)
  if (max === 0) return STATE_BYTES
  const item = automatonBytes(tree.item)
  if (max === min) return min * item
  if (max !== Infinity) return min * item + STATE_BYTES + (max - min) * (item + SPLIT_BYTES)
  if (min > 0) return min * item + SPLIT_BYTES
  return isNullable(tree.item) ? item + 2 * SPLIT_BYTES + STATE_BYTES : item + SPLIT_BYTES
}

function readsNothing(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'look':
      return true
    case 'repeat':
      return tree.max === 0 || readsNothing(tree.item)
    case 'capture':
      return readsNothing(tree.item)
    case 'sequence':
    case 'choice':
      return tree.items.every((item) => readsNothing(item))
  }
}

/** A byte, or each byte of a character, is a state; a choice of several needs edges and a state where they meet again. */
function trieBytes(trie: ByteTrie): number {
  const [only] = trie
  if (only === undefined) return STATE_BYTES
  if (trie.length > 1) return STATE_BYTES + nodeBytes(trie)
  return STATE_BYTES + (only.next.length === 0 ? 0 : trieBytes(only.next))
}

function nodeBytes(trie: ByteTrie): number {
  return trie.reduce(
    (sum, { next }) => sum + EDGE_BYTES + (next.length === 0 ? 0 : nodeBytes(next)),
    STATE_BYTES,
  )
}
