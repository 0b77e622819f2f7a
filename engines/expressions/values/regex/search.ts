/**
 * Whether an automaton matches anywhere in a value: a deterministic automaton that is made while it runs and remembered as
 * far as memory is given. A byte costs one look-up, or at worst a visit to each state of the automaton, so the work is
 * linear in the value whatever the pattern.
 */
import { type Alphabet, appendWide, createAlphabet } from './alphabet.ts'
import { createClosure, nextRound } from './closure.ts'
import { createMemory, DEAD, MATCHED, type SearchState, UNKNOWN } from './memory.ts'
import { follow, type Nfa, NOWHERE } from './nfa.ts'

type Learn = (from: SearchState, symbol: number) => SearchState | typeof MATCHED | typeof DEAD

const ASCII_END = 0x80
const UNIT_LAST = 0xffff

/** Compiles an automaton to a test; what it learns about values is kept for the next ones. */
export function createSearch(nfa: Nfa): (subject: string) => boolean {
  const alphabet = createAlphabet(nfa)
  const memory = createMemory(alphabet.count + 1, {
    seeds: Uint32Array.of(nfa.start),
    behind: 'edge',
  })
  const learn = createLearning(nfa, alphabet)
  const { symbols, count } = alphabet
  const wide: number[] = []

  const step = (row: number, symbol: number): number => {
    const known = memory.table()[row + symbol] ?? UNKNOWN
    return known === UNKNOWN
      ? memory.put({ row, symbol }, learn(memory.stateOf(row), symbol))
      : known
  }
  const stepWide = (row: number, point: number): number => {
    wide.length = 0
    appendWide(alphabet, point, wide)
    let next = row
    for (const symbol of wide) {
      next = step(next, symbol)
      if (next < 0) return next
    }
    return next
  }
  return (subject) => {
    let table = memory.table()
    let row: number = memory.firstRow
    for (let at = 0; at < subject.length; at += 1) {
      const unit = subject.charCodeAt(at)
      const known = unit < ASCII_END ? table[row + (symbols[unit] ?? 0)] : UNKNOWN
      if (known !== undefined && known >= 0) {
        row = known
        continue
      }
      const point = subject.codePointAt(at) ?? 0
      row = unit < ASCII_END ? step(row, symbols[unit] ?? 0) : stepWide(row, point)
      if (row < 0) return row === MATCHED
      if (point > UNIT_LAST) at += 1
      table = memory.table()
    }
    return step(row, count) === MATCHED
  }
}

/**
 * One step: match here or go on. A match may begin anywhere, so the start is possible again at every place; only in a
 * run nothing is gained by beginning later, which keeps `.{2000}` from following two thousand ways.
 */
function createLearning(nfa: Nfa, alphabet: Alphabet): Learn {
  const closure = createClosure(nfa)
  const rounds = new Uint32Array(nfa.states.length)
  const seeds = new Uint32Array(nfa.states.length)
  let round = 0
  return (from, symbol) => {
    const ahead = alphabet.ahead[symbol] ?? 'edge'
    const { waiting, isMatch } = closure(from.seeds, { behind: from.behind, ahead })
    if (isMatch) return MATCHED
    if (symbol === alphabet.count) return DEAD
    round = nextRound(rounds, round)
    const byte = alphabet.bytes[symbol] ?? 0
    let seedCount = 0
    const add = (number: number): void => {
      if (rounds[number] === round) return
      rounds[number] = round
      seeds[seedCount] = number
      seedCount += 1
    }
    for (const number of waiting) {
      const state = nfa.states[number]
      const next = state?.kind === 'bytes' ? follow(state.edges, byte) : NOWHERE
      if (next !== NOWHERE) add(next)
    }
    if (!nfa.isAnchored && !(nfa.isRun && seedCount > 0)) add(nfa.start)
    if (seedCount === 0) return DEAD
    return { seeds: seeds.slice(0, seedCount), behind: alphabet.behind[symbol] ?? 'other' }
  }
}
