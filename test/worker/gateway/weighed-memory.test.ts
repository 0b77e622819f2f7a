import { expect, test } from 'vitest'
import { createWeighedMemory } from '../../../worker/gateway/weighed-memory.ts'

test('holds as much as its bound, and what was remembered first makes room', () => {
  const memory = createWeighedMemory<string>(10)
  memory.set('a', 'A', 4)
  memory.set('b', 'B', 6)
  expect([memory.get('a'), memory.get('b')]).toEqual(['A', 'B'])
  memory.set('c', 'C', 1)
  expect([memory.get('a'), memory.get('b'), memory.get('c')]).toEqual([undefined, 'B', 'C'])
  memory.set('d', 'D', 10)
  expect([memory.get('b'), memory.get('c'), memory.get('d')]).toEqual([undefined, undefined, 'D'])
})

test.each([
  { name: 'at', weight: 10, held: 'A' },
  { name: 'above', weight: 11, held: undefined },
])('one that is $name the bound alone', ({ weight, held }) => {
  const memory = createWeighedMemory<string>(10)
  memory.set('a', 'A', weight)
  expect(memory.get('a')).toBe(held)
})

test('one that is too heavy drives nothing out', () => {
  const memory = createWeighedMemory<string>(10)
  memory.set('a', 'A', 5)
  memory.set('b', 'B', 11)
  expect(memory.get('a')).toBe('A')
})

test('what is remembered again weighs once', () => {
  const memory = createWeighedMemory<string>(10)
  memory.set('a', 'A', 6)
  memory.set('a', 'A2', 6)
  memory.set('b', 'B', 4)
  expect([memory.get('a'), memory.get('b')]).toEqual(['A2', 'B'])
})
