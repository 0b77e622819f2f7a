import { expect, test } from 'vitest'
import { nextRound } from '../../../../../engines/expressions/values/regex/closure.ts'
import { REGEX_LIMITS } from '../../../../../engines/expressions/values/regex/limits.ts'
import {
  createMemory,
  DEAD,
  MATCHED,
  UNKNOWN,
} from '../../../../../engines/expressions/values/regex/memory.ts'

const SYMBOLS = 4
const stateOf = (...seeds: readonly number[]) =>
  ({ seeds: Uint32Array.from(seeds), behind: 'other' }) as const

test('what is put is what the table gives, and equal states share a row', () => {
  const memory = createMemory(SYMBOLS, stateOf(0))
  const row = memory.put({ row: 0, symbol: 1 }, stateOf(1, 2))
  expect(memory.table()[1]).toBe(row)
  expect(memory.stateOf(row)).toEqual(stateOf(1, 2))
  expect(memory.put({ row, symbol: 2 }, stateOf(1, 2))).toBe(row)
  expect(memory.put({ row, symbol: 0 }, stateOf(0))).toBe(memory.firstRow)
  expect(memory.put({ row, symbol: 3 }, MATCHED)).toBe(MATCHED)
  expect(memory.put({ row: 0, symbol: 0 }, DEAD)).toBe(DEAD)
  expect([...memory.table().subarray(0, 8)]).toEqual([DEAD, row, -1, -1, 0, UNKNOWN, row, MATCHED])
})

test('states that differ only in what stands behind are two', () => {
  const memory = createMemory(SYMBOLS, stateOf(0))
  const other = memory.put({ row: 0, symbol: 0 }, stateOf(1))
  expect(memory.put({ row: 0, symbol: 1 }, { ...stateOf(1), behind: 'word' })).not.toBe(other)
})

test('a full memory forgets everything and goes on with the state it was asked for', () => {
  const memory = createMemory(SYMBOLS, stateOf(0))
  let row = 0
  let forgotten = 0
  for (let seed = 1; seed <= REGEX_LIMITS.cacheWordsMax; seed += 1) {
    const before = row
    row = memory.put({ row: before, symbol: 0 }, stateOf(seed))
    if (row < before) forgotten += 1
    expect(memory.stateOf(row)).toEqual(stateOf(seed))
    expect(memory.stateOf(memory.firstRow)).toEqual(stateOf(0))
  }
  expect(forgotten).toBeGreaterThan(2)
  expect(memory.table().length).toBeLessThanOrEqual(2 * REGEX_LIMITS.cacheWordsMax)
})

test('a state too large for the memory is held alone', () => {
  const memory = createMemory(SYMBOLS, stateOf(0))
  const seeds = Array.from({ length: REGEX_LIMITS.cacheWordsMax }, (_, seed) => seed)
  const row = memory.put({ row: 0, symbol: 0 }, stateOf(...seeds))
  expect(memory.stateOf(row)).toEqual(stateOf(...seeds))
  expect(memory.table()[0]).toBe(UNKNOWN)
})

test('rounds of visits begin anew when their numbers run out', () => {
  const visits = Uint32Array.of(7, 0xffff_ffff)
  expect(nextRound(visits, 7)).toBe(8)
  expect([...visits]).toEqual([7, 0xffff_ffff])
  expect(nextRound(visits, 0xffff_ffff)).toBe(1)
  expect([...visits]).toEqual([0, 0])
})
