/** What is remembered of a session: bounded, forgotten in time, and never of another rule. */
import {
  advance,
  expiresAtMs,
  type Move,
  SEQUENCE_LIMITS,
  type SequencePattern,
  type SequenceState,
} from '#engines/sequences'
import { describe, expect, test } from 'vitest'

type Steps = SequencePattern['steps']

const step = { withinMs: null, immediately: false, atMost: null, keeps: [] }

function patternWith(steps: Steps, kind: SequencePattern['kind'] = 'require'): SequencePattern {
  return { id: 'rule', fingerprint: 'text', kind, steps }
}

const PAIR = patternWith([{ ...step, keeps: ['x'] }, step])
const first = (x: string): Move => ({ step: 0, values: { x } })
const second = (x: string): Move => ({ step: 1, values: { x } })

/** The state after these moves, one request each, a millisecond apart. */
function stateAfter(pattern: SequencePattern, moves: readonly Move[]): SequenceState | undefined {
  let state: SequenceState | undefined
  for (const [index, move] of moves.entries()) {
    const at = { nowMs: index, number: index + 1 }
    state = advance(state, { pattern, moves: [move], breaks: [] }, at).state
  }
  return state
}

function isRefused(pattern: SequencePattern, before: readonly Move[], move: Move): boolean {
  const at = { nowMs: before.length, number: before.length + 1 }
  const input = { pattern, moves: [move], breaks: [] }
  return advance(stateAfter(pattern, before), input, at).violation !== null
}

describe('the number of ways that are remembered', () => {
  const many = (count: number): readonly Move[] =>
    Array.from({ length: count }, (_, index) => first(`value ${index}`))
  const { entriesMax } = SEQUENCE_LIMITS

  test.each([
    { name: 'below', others: entriesMax - 2, forgotten: false },
    { name: 'at', others: entriesMax - 1, forgotten: false },
    { name: 'above', others: entriesMax, forgotten: true },
  ])('$name the limit: the oldest is forgotten = $forgotten', ({ others, forgotten }) => {
    const before = [first('mine'), ...many(others)]
    expect(isRefused(PAIR, before, second('mine'))).toBe(forgotten)
    const forbid = patternWith(PAIR.steps, 'forbid')
    expect(isRefused(forbid, before, second('mine'))).toBe(!forgotten)
  })

  test('a value that comes again is one value, and the youngest', () => {
    const before = [first('mine'), ...many(entriesMax - 1), first('mine'), ...many(entriesMax - 1)]
    expect(isRefused(PAIR, before, second('mine'))).toBe(false)
    expect(stateAfter(PAIR, before)?.steps[0]?.entries).toHaveLength(entriesMax)
  })
})

describe('any number of requests', () => {
  const ten = (keeps: readonly string[]): Steps =>
    Array.from({ length: 10 }, (_, index) => ({ ...step, keeps: index === 9 ? [] : keeps }))

  test.each([
    { name: 'ten steps, each of them any operation', steps: ten([]), values: 1 },
    { name: 'and bound to a value of ever other requests', steps: ten(['x']), values: 1_000 },
    { name: 'bound to the same few', steps: ten(['x']), values: 7 },
  ])('$name: the state stays small', ({ steps, values }) => {
    const pattern = patternWith(steps, 'forbid')
    let state: SequenceState | undefined
    let largest = 0
    for (let number = 1; number <= 100_000; number += 1) {
      const x = String(number % values).padStart(32, '0')
      const moves = steps.map((_, index) => ({ step: index, values: { x } }))
      state = advance(state, { pattern, moves, breaks: [] }, { nowMs: number, number }).state
      if (number % 997 === 0) largest = Math.max(largest, JSON.stringify(state).length)
    }
    const entries = state?.steps.map((each) => each.entries.length) ?? []
    expect(Math.max(...entries)).toBeLessThanOrEqual(SEQUENCE_LIMITS.entriesMax)
    expect(largest).toBeLessThan(9 * SEQUENCE_LIMITS.entriesMax * 128)
  })

  test('before a step that must come at once, no more than two requests are remembered', () => {
    const pattern = patternWith([
      { ...step, keeps: ['x'] },
      { ...step, immediately: true },
    ])
    const taken = stateAfter(pattern, [first('a'), first('b'), first('c')])
    expect(taken?.steps[0]?.entries).toMatchObject([{ values: ['b'] }, { values: ['c'] }])
  })
})

describe('when a state expires', () => {
  const within = patternWith([step, { ...step, withinMs: 500 }, { ...step, withinMs: 100 }])
  const begin = { step: 0, values: {} }
  const go = { step: 1, values: {} }

  test.each([
    { name: 'nothing is remembered: at once', pattern: PAIR, moves: [], want: 0 },
    {
      name: 'no within: after the memory',
      pattern: PAIR,
      moves: [first('a')],
      want: SEQUENCE_LIMITS.memoryMs + 1,
    },
    { name: 'a within: after it', pattern: within, moves: [begin], want: 501 },
    { name: 'several: after the longest', pattern: within, moves: [begin, go], want: 501 },
    {
      name: 'only the last step: nothing is remembered',
      pattern: PAIR,
      moves: [second('a')],
      want: 0,
    },
  ])('$name', ({ pattern, moves, want }) => {
    expect(expiresAtMs(stateAfter(pattern, moves), pattern)).toBe(want)
  })

  test('a millisecond before, it matters; then it does not', () => {
    const state = stateAfter(PAIR, [first('a')])
    const input = { pattern: PAIR, moves: [second('a')], breaks: [] }
    const ms = expiresAtMs(state, PAIR)
    expect(advance(state, input, { nowMs: ms - 1, number: 2 }).violation).toBeNull()
    expect(advance(state, input, { nowMs: ms, number: 2 }).violation).not.toBeNull()
  })

  test('what has run out is gone from the state at the next request', () => {
    const state = stateAfter(within, [begin])
    const input = { pattern: within, moves: [], breaks: [] }
    const later = advance(state, input, { nowMs: 501, number: 2 }).state
    expect(later.steps.flatMap(({ entries }) => entries)).toEqual([])
    expect(expiresAtMs(later, within)).toBe(0)
  })
})

test('a state of another text of the rule is no state', () => {
  const state = stateAfter(PAIR, [first('a')])
  const changed = { ...PAIR, fingerprint: 'another text' }
  const input = { pattern: changed, moves: [second('a')], breaks: [] }
  expect(advance(state, input, { nowMs: 2, number: 2 }).violation?.reason).toBe('missing')
  expect(expiresAtMs(state, changed)).toBe(0)
})

test('a state is plain JSON, and is not changed by what comes after it', () => {
  const state = stateAfter(PAIR, [first('a')])
  const text = JSON.stringify(state)
  const input = { pattern: PAIR, moves: [first('b'), second('a')], breaks: [1] }
  advance(state, input, { nowMs: 2, number: 2 })
  expect(JSON.stringify(state)).toBe(text)
  expect(JSON.parse(text)).toEqual(state)
})

test.each(['__proto__', 'constructor', 'toString'])('%s is a name like any other', (name) => {
  const pattern = patternWith([{ ...step, keeps: [name] }, step])
  const move = (index: number, value: string): Move => ({
    step: index,
    values: Object.fromEntries([[name, value]]),
  })
  expect(isRefused(pattern, [move(0, 'a')], move(1, 'a'))).toBe(false)
  expect(isRefused(pattern, [move(0, 'a')], move(1, 'b'))).toBe(true)
  // Carried over a step that does not have it.
  const carried = patternWith([{ ...step, keeps: [name] }, { ...step, keeps: [name] }, step])
  const between = { step: 1, values: {} }
  expect(isRefused(carried, [move(0, 'a'), between], move(2, 'a'))).toBe(false)
  expect(isRefused(carried, [move(0, 'a'), between], move(2, 'b'))).toBe(true)
})

describe('steps that count when they are answered, in whatever order the answers come', () => {
  const pattern = patternWith([step, step, { ...step, keeps: [] }])
  const answer = (index: number) => ({ pattern, moves: [{ step: index, values: {} }], breaks: [] })
  const last = { pattern, moves: [{ step: 2, values: {} }], breaks: [] }

  test('a step that was asked for before the one it follows is not taken by it', () => {
    const one = advance(undefined, answer(0), { nowMs: 10, number: 5 }).state
    const other = advance(one, answer(1), { nowMs: 11, number: 3 }).state
    expect(advance(other, last, { nowMs: 12, number: 6 }).violation?.missingStep).toBe(2)
  })

  test('a late answer does not replace what was asked for after it', () => {
    const immediately = patternWith([step, { ...step, immediately: true }])
    const begin = { pattern: immediately, moves: [{ step: 0, values: {} }], breaks: [] }
    const end = { pattern: immediately, moves: [{ step: 1, values: {} }], breaks: [] }
    const one = advance(undefined, begin, { nowMs: 10, number: 2 }).state
    const other = advance(one, begin, { nowMs: 11, number: 1 }).state
    expect(advance(other, end, { nowMs: 12, number: 3 }).violation).toBeNull()
  })

  test('what was interrupted before it was answered stays interrupted', () => {
    const broken = { pattern, moves: [], breaks: [1] }
    const one = advance(undefined, broken, { nowMs: 10, number: 2 }).state
    const late = advance(one, answer(0), { nowMs: 11, number: 1 }).state
    const other = advance(late, answer(1), { nowMs: 12, number: 3 }).state
    expect(advance(other, last, { nowMs: 13, number: 4 }).violation?.missingStep).toBe(1)
  })
})
