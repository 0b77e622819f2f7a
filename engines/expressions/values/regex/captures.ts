/**
 * Where an automaton first matches and what its groups hold: all possible ways are followed side by side, the preferred first
 * (Pike). Rust's meaning: the leftmost match, and of those the one that a backtracking matcher would find first.
 */
import { type Alphabet, createAlphabet, symbolsOf } from './alphabet.ts'
import { holds } from './looks.ts'
import { follow, type Nfa, NOWHERE } from './nfa.ts'

/** Offsets of bytes: group n begins at 2n and ends at 2n + 1, and group 0 is the whole. Missing: the group took no part. */
export type Slots = ReadonlyMap<number, number>

/** Beyond group 8 nothing is noted: a replacement has no name for it. */
const SLOTS_END = 18

type Thread = { readonly state: number; readonly slots: Slots }
type Place = { readonly symbols: readonly number[]; readonly at: number }

/** Compiles an automaton to a search for its first match. The work is linear in the value. */
export function createFinder(nfa: Nfa): (subject: string) => Slots | undefined {
  const alphabet = createAlphabet(nfa)
  return (subject) => {
    const symbols = symbolsOf(alphabet, subject)
    let threads: readonly Thread[] = []
    let found: Slots | undefined
    for (let at = 0; at <= symbols.length; at += 1) {
      const canBegin = found === undefined && (at === 0 || !nfa.isAnchored)
      const begun = canBegin ? [{ state: nfa.start, slots: new Map([[0, at]]) }] : []
      const reached = settle({ nfa, alphabet }, [...threads, ...begun], { symbols, at })
      if (reached.match !== undefined) found = new Map([...reached.match, [1, at]])
      threads = advance(nfa, reached.waiting, alphabet.bytes[symbols[at] ?? -1])
      if (threads.length === 0 && (found !== undefined || nfa.isAnchored)) return found
    }
    return found
  }
}

/** Follows the threads to where they wait for a byte. A match drops all threads that are less preferred. */
function settle(
  { nfa, alphabet }: { readonly nfa: Nfa; readonly alphabet: Alphabet },
  threads: readonly Thread[],
  { symbols, at }: Place,
): { readonly waiting: readonly Thread[]; readonly match: Slots | undefined } {
  const place = {
    behind: at === 0 ? 'edge' : (alphabet.behind[symbols[at - 1] ?? 0] ?? 'edge'),
    ahead: alphabet.ahead[symbols[at] ?? alphabet.count] ?? 'edge',
  } as const
  const visited = new Set<number>()
  const waiting: Thread[] = []
  const stack = threads.toReversed()
  for (let thread = stack.pop(); thread !== undefined; thread = stack.pop()) {
    const { slots } = thread
    const state = nfa.states[thread.state]
    if (visited.has(thread.state) || state === undefined) continue
    visited.add(thread.state)
    switch (state.kind) {
      case 'match':
        return { waiting, match: slots }
      case 'bytes':
        waiting.push(thread)
        break
      case 'split':
        stack.push(...state.branches.toReversed().map((branch) => ({ state: branch, slots })))
        break
      case 'look':
        if (holds(state.look, place)) stack.push({ state: state.next, slots })
        break
      case 'note':
        stack.push({ state: state.next, slots: note(slots, state.slot, at) })
        break
    }
  }
  return { waiting, match: undefined }
}

function note(slots: Slots, slot: number, at: number): Slots {
  return slot < SLOTS_END ? new Map([...slots, [slot, at]]) : slots
}

function advance(
  nfa: Nfa,
  threads: readonly Thread[],
  byte: number | undefined,
): readonly Thread[] {
  if (byte === undefined) return []
  return threads.flatMap(({ state: number, slots }) => {
    const state = nfa.states[number]
    const next = state?.kind === 'bytes' ? follow(state.edges, byte) : NOWHERE
    return next === NOWHERE ? [] : [{ state: next, slots }]
  })
}
