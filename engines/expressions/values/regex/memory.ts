/**
 * What a search has learnt: a table from possible states and a symbol to what follows. It holds a bounded number of words; when it
 * is full everything is forgotten, which costs time and never correctness.
 */
import { REGEX_LIMITS } from './limits.ts'
import type { Side } from './looks.ts'

/** The states of the automaton that are possible before some symbol, and what stands behind. */
export type SearchState = { readonly seeds: Uint32Array; readonly behind: Side }
/** What follows: rows are numbered by where in the table they begin, and these are no rows. */
export const UNKNOWN = -1
export const MATCHED = -2
export const DEAD = -3

export type Memory = {
  /** The row of the state that every search begins with. */
  readonly firstRow: 0
  /** What follows row r on symbol s stands at r + s. Another table takes its place when `put` needs more room. */
  readonly table: () => Int32Array
  readonly stateOf: (row: number) => SearchState
  /** Notes what follows a row on a symbol, and gives it as the table will. */
  readonly put: (
    from: { readonly row: number; readonly symbol: number },
    next: SearchState | typeof MATCHED | typeof DEAD,
  ) => number
}

const FIRST_WORDS = 128

/** An empty memory for so many symbols. */
export function createMemory(symbolCount: number, first: SearchState): Memory {
  let table = new Int32Array(Math.max(FIRST_WORDS, symbolCount)).fill(UNKNOWN)
  let states: SearchState[] = []
  let rows = new Map<number, number[]>()
  let words = 0
  let forgotten = 0

  const append = (state: SearchState, hash: number): number => {
    const row = states.length * symbolCount
    if (row + symbolCount > table.length) {
      const larger = new Int32Array(table.length * 2).fill(UNKNOWN)
      larger.set(table)
      table = larger
    }
    states.push(state)
    words += symbolCount + state.seeds.length
    const bucket = rows.get(hash)
    if (bucket === undefined) rows.set(hash, [row])
    else bucket.push(row)
    return row
  }
  const forget = (): void => {
    table.fill(UNKNOWN)
    states = []
    rows = new Map()
    words = 0
    forgotten += 1
    append(first, hashOf(first))
  }
  const stateOf = (row: number): SearchState => states[row / symbolCount] ?? first
  const rowOf = (state: SearchState): number => {
    const hash = hashOf(state)
    const known = rows.get(hash)?.find((row) => isSame(stateOf(row), state))
    if (known !== undefined) return known
    if (words + symbolCount + state.seeds.length > REGEX_LIMITS.cacheWordsMax) forget()
    return append(state, hash)
  }
  append(first, hashOf(first))
  return {
    firstRow: 0,
    table: () => table,
    stateOf,
    put: ({ row, symbol }, next) => {
      const before = forgotten
      const following = typeof next === 'number' ? next : rowOf(next)
      // If all was forgotten just now, the row that was left is no more.
      if (before === forgotten) table[row + symbol] = following
      return following
    },
  }
}

function hashOf({ seeds, behind }: SearchState): number {
  let hash = behind.length
  for (const seed of seeds) hash = (Math.imul(hash, 0x01000193) ^ seed) >>> 0
  return hash
}

function isSame(left: SearchState, right: SearchState): boolean {
  return (
    left.behind === right.behind &&
    left.seeds.length === right.seeds.length &&
    left.seeds.every((seed, index) => seed === right.seeds[index])
  )
}
