import { expect, test } from 'vitest'
import { compileSequence, type SequencePattern } from '#engines/sequences'
import {
  NO_MEMORY,
  remember,
  type SessionEvent,
  type SessionMemory,
  withdraw,
} from '#engines/session-memory'

const START_MS = 1_800_000_000_000

/** Three operations in their order. */
function patternOf(kind: 'require' | 'forbid'): SequencePattern {
  return compileSequence(kind, {
    ref: kind,
    description: '',
    enabled: true,
    action: 'block',
    kind,
    without_session: 'pass',
    counts: 'requested',
    steps: [
      { operations: ['GET a.example/a'] },
      { operations: ['GET a.example/b'] },
      { operations: ['GET a.example/c'] },
    ],
  }).pattern
}

/** A request that is one of the steps. */
function stepOf(pattern: SequencePattern, step: number): SessionEvent {
  const input = { pattern, moves: [{ step, values: {} }], breaks: [], isFinal: true }
  const operation = ['a', 'b', 'c'][step] ?? ''
  return { operation, twoSteps: [], patterns: [input], variables: null, request: 'r' }
}

function after(memory: SessionMemory, pattern: SequencePattern, step: number): SessionMemory {
  return remember(memory, stepOf(pattern, step), START_MS).memory
}

function isRefused(memory: SessionMemory, pattern: SequencePattern): boolean {
  return remember(memory, stepOf(pattern, 2), START_MS).isRefused
}

const FIRST = { number: 1, operation: 'a', required: ['require'] }

test('the newest request leaves nothing, but that it was asked for', () => {
  const pattern = patternOf('require')
  const one = after(NO_MEMORY, pattern, 0)
  const two = after(one, pattern, 1)
  expect(isRefused(two, pattern)).toBe(false)
  const left = withdraw(two, one, { number: 2, operation: 'b', required: ['require'] })
  expect(left).toEqual({ ...one, requests: two.requests })
  expect(isRefused(left, pattern)).toBe(true)
})

test('what came after it was built on it', () => {
  const pattern = patternOf('require')
  const one = after(NO_MEMORY, pattern, 0)
  const two = after(one, pattern, 1)
  const left = withdraw(two, one, FIRST)
  expect(isRefused(left, pattern)).toBe(true)
  expect(left.history?.recent.map(({ operation }) => operation)).toEqual(['b'])
  const again = after(after(left, pattern, 0), pattern, 1)
  expect(isRefused(again, pattern)).toBe(false)
})

test('what others of the session did stays forbidden', () => {
  const pattern = patternOf('forbid')
  const one = after(NO_MEMORY, pattern, 0)
  const two = after(one, pattern, 1)
  expect(isRefused(withdraw(two, one, { ...FIRST, required: [] }), pattern)).toBe(true)
})

test('a memory of which no more is known loses what the request may have helped', () => {
  const pattern = patternOf('require')
  const one = after(NO_MEMORY, pattern, 0)
  const left = withdraw(one, undefined, FIRST)
  expect(isRefused(after(left, pattern, 1), pattern)).toBe(true)
})

test('another request for the same operation is still seen', () => {
  const pattern = patternOf('require')
  const two = after(after(NO_MEMORY, pattern, 0), pattern, 0)
  const left = withdraw(two, undefined, { ...FIRST, number: 2 })
  expect(left.history).toMatchObject({ number: 2, collapsed: ['a'] })
  expect(left.history?.recent).toHaveLength(1)
})
