/** Counters and memories of a replay are bounded: what was used longest ago makes room. */
import { expect, test } from 'vitest'
import type { RateRule } from '#engines/rulesets'
import type { LimitClaim } from '#engines/session-rules'
import { createReplayMemory } from '../../../cli/replay/memory.ts'

const TERMS = { limit: 1, periodMs: 60_000, timeoutMs: 0 }

const RULE: RateRule<unknown> = {
  id: 'rule',
  rulesetIds: ['ruleset'],
  executedBy: [],
  terms: TERMS,
  applies: [],
  counts: null,
  isCountedAfter: false,
  cost: { kind: 'one' },
  characteristics: [],
  whenMissing: 'share',
  isApproximate: false,
  toOriginOnly: false,
  isFinal: true,
  needs: { toAsk: [], toCount: [] },
}

function claimOf(meter: string): LimitClaim {
  const claim = { meter, terms: TERMS, cost: 1, isChecked: true, isFinal: true }
  return { rule: RULE, isFinal: true, place: { home: meter, claim } }
}

test.each([
  { others: 1, isRefused: true, forgotten: 0 },
  { others: 2, isRefused: false, forgotten: 2 },
])('of two counters, after $others others', ({ others, isRefused, forgotten }) => {
  const memory = createReplayMemory({ metersMax: 2, sessionsMax: 2 })
  const ask = (meter: string) => memory.visit([claimOf(meter)], null, 0).limits[0]?.isRefused
  expect(ask('first')).toBe(false)
  for (let n = 0; n < others; n++) expect(ask(`other ${n}`)).toBe(false)
  expect(ask('first')).toBe(isRefused)
  expect(memory.forgotten()).toBe(forgotten)
})

test('what is to be settled is settled at its time, the earliest first', () => {
  const memory = createReplayMemory()
  const charge = (atMs: number, cost: number) =>
    memory.settleAt(atMs, [
      {
        home: 'a',
        charges: [{ meter: 'a', terms: TERMS, cost }],
        returns: [],
        answered: null,
        withdrawn: null,
      },
    ])
  const isRefused = (nowMs: number) => {
    memory.goOnTo(nowMs)
    return memory.visit([claimOf('a')], null, nowMs).limits[0]?.isRefused
  }
  charge(200_000, 1)
  charge(100_000, 1)
  expect(isRefused(0)).toBe(false)
  expect(isRefused(99_999)).toBe(false)
  expect(isRefused(159_999)).toBe(true)
  expect(isRefused(160_000)).toBe(false)
  expect(isRefused(259_999)).toBe(true)
})
