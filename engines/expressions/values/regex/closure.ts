/** The states of an automaton that are reached without reading a byte, at a place with known surroundings. */
import { holds, type Side } from './looks.ts'
import type { Nfa } from './nfa.ts'

/** States that wait for a byte, each once; good until the next call. */
type Reached = { readonly waiting: Uint32Array; readonly isMatch: boolean }

/** Finds what is reached from `seeds`. */
export type Closure = (
  seeds: Uint32Array,
  place: { readonly behind: Side; readonly ahead: Side },
) => Reached

/** Every call visits a state at most once, so its cost is bounded by the size of the automaton. */
export function createClosure({ states }: Nfa): Closure {
  const visits = new Uint32Array(states.length)
  const waiting = new Uint32Array(states.length)
  const stack = new Uint32Array(states.length)
  let waitingCount = 0
  let stackCount = 0
  let round = 0

  const visit = (number: number): void => {
    if (visits[number] === round) return
    visits[number] = round
    stack[stackCount] = number
    stackCount += 1
  }
  const enter = (number: number, place: { behind: Side; ahead: Side }): boolean => {
    const state = states[number]
    switch (state?.kind) {
      case 'match':
        return true
      case 'bytes':
        waiting[waitingCount] = number
        waitingCount += 1
        return false
      case 'split':
        for (const branch of state.branches) visit(branch)
        return false
      case 'look':
        if (holds(state.look, place)) visit(state.next)
        return false
      case 'note':
        visit(state.next)
        return false
      case undefined:
        return false
    }
  }
  return (seeds, place) => {
    round = nextRound(visits, round)
    waitingCount = 0
    stackCount = 0
    let isMatch = false
    for (const seed of seeds) visit(seed)
    while (stackCount > 0 && !isMatch) {
      stackCount -= 1
      isMatch = enter(stack[stackCount] ?? 0, place)
    }
    return { waiting: waiting.subarray(0, waitingCount), isMatch }
  }
}

/** The number of the next round of visits, so that no state has to be unmarked; after four billion all are. */
export function nextRound(visits: Uint32Array, round: number): number {
  if (round < 0xffff_ffff) return round + 1
  visits.fill(0)
  return 1
}
