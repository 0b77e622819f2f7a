import { expect, test } from 'vitest'
import { createBlockMemory } from '../../../worker/gateway/sessions/block-memory.ts'

const NOW_MS = 1_800_000_000_000

test.each([
  { name: 'a short block is known until it ends', untilMs: 2_000, atMs: 1_999, want: 2_000 },
  { name: 'and not beyond', untilMs: 2_000, atMs: 2_000, want: null },
  { name: 'a long one is believed for five seconds', untilMs: 600_000, atMs: 4_999, want: 600_000 },
  { name: 'then somebody asks again', untilMs: 600_000, atMs: 5_000, want: null },
  { name: 'a clock that went back believes nothing', untilMs: 600_000, atMs: -1, want: null },
])('$name', ({ untilMs, atMs, want }) => {
  const blocks = createBlockMemory()
  blocks.set('meter', NOW_MS + untilMs, NOW_MS)
  const found = blocks.blockedUntilMs('meter', NOW_MS + atMs)
  expect(found === null ? null : found - NOW_MS).toBe(want)
})

test('nothing is known of others, and only of the newest ten thousand', () => {
  const blocks = createBlockMemory()
  for (let n = 0; n <= 10_000; n++) blocks.set(`meter ${n}`, NOW_MS + 1_000, NOW_MS)
  expect(blocks.blockedUntilMs('another', NOW_MS)).toBeNull()
  expect(blocks.blockedUntilMs('meter 0', NOW_MS)).toBeNull()
  expect(blocks.blockedUntilMs('meter 1', NOW_MS)).not.toBeNull()
})
