/** A visit over counters and memories: what is refused is not counted, and nothing behind it is asked. */
import { expect, test } from 'vitest'
import {
  type HeldMeter,
  type HeldSession,
  type MeterClaim,
  type SessionLedger,
  type SessionOfVisit,
  settleLedger,
  visitLedger,
} from '#engines/session-rules'

const NOW_MS = 1_800_000_000_000
const TERMS = { limit: 2, periodMs: 60_000, timeoutMs: 0 }

function createLedger() {
  const meters = new Map<string, HeldMeter>()
  const memories = new Map<string, HeldSession>()
  const ledger: SessionLedger = {
    meter: (key) => meters.get(key),
    keepMeter: (key, held) => void meters.set(key, held),
    session: (key) => memories.get(key),
    keepSession: (key, held) => void memories.set(key, held),
  }
  const counted = (key: string): number =>
    meters.get(key)?.meter.marks.reduce((sum, { count }) => sum + count, 0) ?? 0
  return { ledger, counted, memories }
}

const claimOf = (meter: string, members: Partial<MeterClaim> = {}): MeterClaim => ({
  meter,
  terms: TERMS,
  cost: 1,
  isChecked: true,
  isFinal: true,
  ...members,
})

const EVENT: SessionOfVisit = {
  session: 's',
  operation: 'o',
  twoSteps: [],
  patterns: [],
  isLasting: false,
  variables: null,
  request: null,
}

test('the first claim that refuses it for good ends the visit, and the session is not told', () => {
  const { ledger, counted, memories } = createLedger()
  const claims = [claimOf('a'), claimOf('b', { cost: 3 }), claimOf('c')]
  const { meters, view } = visitLedger(ledger, { claims, event: EVENT }, NOW_MS)
  expect(meters).toMatchObject([{ isRefused: false }, { isRefused: true }, null])
  expect(view).toBeNull()
  expect(['a', 'b', 'c'].map(counted)).toEqual([1, 0, 0])
  expect(memories.size).toBe(0)
})

test('one that only notes does not', () => {
  const { ledger, counted, memories } = createLedger()
  const claims = [claimOf('b', { cost: 3, isFinal: false }), claimOf('c')]
  const { meters, view } = visitLedger(ledger, { claims, event: EVENT }, NOW_MS)
  expect(meters).toMatchObject([{ isRefused: true }, { isRefused: false, remaining: 1 }])
  expect(view).toMatchObject({ number: 1, previous: [] })
  expect(['b', 'c'].map(counted)).toEqual([0, 1])
  expect(memories.has('s')).toBe(true)
})

test('a request that breaks a sequence is not remembered', () => {
  const { ledger, memories } = createLedger()
  const rule = { id: 'r', kind: 'allow', start: 'before', end: 'o', isFinal: true } as const
  const event = { ...EVENT, twoSteps: [rule] }
  const { view } = visitLedger(ledger, { claims: [], event }, NOW_MS)
  expect(view?.violations).toEqual([{ ruleId: 'r', violation: null }])
  expect(memories.size).toBe(0)
})

test('what is settled is charged beyond the limit too, and what is given back is room again', () => {
  const { ledger, counted } = createLedger()
  visitLedger(ledger, { claims: [claimOf('a'), claimOf('b')], event: null }, NOW_MS)
  const charges = [{ meter: 'a', terms: TERMS, cost: 5 }]
  const returns = [
    { meter: 'b', cost: 1, atMs: NOW_MS },
    { meter: 'never used', cost: 1, atMs: NOW_MS },
  ]
  settleLedger(ledger, { charges, returns, answered: null, withdrawn: null }, NOW_MS + 1)
  expect(['a', 'b', 'never used'].map(counted)).toEqual([6, 0, 0])
})
