import {
  type History,
  HISTORY_LIMITS,
  msecSinceOperation,
  previousOperations,
  twoStepViolation,
  withOperation,
} from '#engines/sequences'
import { array, assert, constantFrom, integer, oneof, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'

type Past = { readonly operation: string; readonly atMs: number }

const START_MS = 1_700_000_000_000
const { silenceMs, operationsMax } = HISTORY_LIMITS

function historyOf(events: readonly Past[]): History | undefined {
  let history: History | undefined
  for (const { operation, atMs } of events) history = withOperation(history, operation, atMs)
  return history
}

/** `a a b` a second apart. */
function spelled(text: string, passedMs = 1_000): readonly Past[] {
  return text
    .split(' ')
    .filter((operation) => operation !== '')
    .map((operation, index) => ({ operation, atMs: START_MS + index * passedMs }))
}

/** The requests since the last silence, oldest first, by their definition. */
function sequenceBefore(events: readonly Past[], nowMs: number): readonly Past[] {
  const moments = [...events.map(({ atMs }) => atMs), nowMs]
  const lastSilence = moments.findLastIndex(
    (ms, index) => index > 0 && ms - (moments[index - 1] ?? ms) >= silenceMs,
  )
  return lastSilence < 0 ? events : events.slice(lastSilence)
}

function collapsed(operations: readonly string[]): readonly string[] {
  return operations.filter((operation, index) => operation !== operations[index - 1])
}

const session = array(
  record({
    operation: constantFrom('a', 'b', 'c'),
    passedMs: oneof(
      { weight: 12, arbitrary: integer({ min: 0, max: 100_000 }) },
      { weight: 1, arbitrary: constantFrom(silenceMs - 1, silenceMs, -5_000) },
    ),
  }),
  { maxLength: 30 },
).map((rows): readonly Past[] => {
  let atMs = START_MS
  return rows.map(({ operation, passedMs }) => {
    atMs += passedMs
    return { operation, atMs }
  })
})

describe('what the fields see of a random session is their definition', () => {
  test('the previous operations: newest first, each repeat, nine at most', () => {
    assert(
      property(session, integer({ min: 0, max: silenceMs }), (events, passedMs) => {
        const nowMs = (events.at(-1)?.atMs ?? START_MS) + passedMs
        const seen = sequenceBefore(events, nowMs).map(({ operation }) => operation)
        const want = seen.toReversed().slice(0, operationsMax - 1)
        expect(previousOperations(historyOf(events), nowMs)).toEqual(want)
      }),
      { numRuns: 2_000 },
    )
  })

  test('the time since each of them was asked for last', () => {
    assert(
      property(session, integer({ min: 0, max: silenceMs }), (events, passedMs) => {
        const nowMs = (events.at(-1)?.atMs ?? START_MS) + passedMs
        const seen = sequenceBefore(events, nowMs).slice(1 - operationsMax)
        const want = new Map(
          seen.map(({ operation }, index) => {
            // What the clock shows now, less the earliest it has shown since.
            const earliest = Math.min(...seen.slice(index).map(({ atMs }) => atMs), nowMs)
            return [operation, nowMs - earliest]
          }),
        )
        expect(msecSinceOperation(historyOf(events), nowMs)).toEqual(want)
      }),
      { numRuns: 2_000 },
    )
  })

  test('rules of two steps look at the nine before, what follows itself counted once', () => {
    const pair = record({
      kind: constantFrom('allow' as const, 'block' as const),
      start: constantFrom('a', 'b', 'c'),
      end: constantFrom('a', 'b', 'c'),
    })
    assert(
      property(session, pair, constantFrom('a', 'b', 'c'), (events, rule, operation) => {
        const nowMs = (events.at(-1)?.atMs ?? START_MS) + 1
        const seen = sequenceBefore(events, nowMs).map((past) => past.operation)
        const stored = collapsed([...seen, operation]).slice(-operationsMax)
        const isSeen = stored.slice(0, -1).includes(rule.start)
        const want = operation === rule.end && (rule.kind === 'block' ? isSeen : !isSeen)
        expect(twoStepViolation(rule, historyOf(events), { operation, nowMs })).toBe(want)
      }),
      { numRuns: 5_000 },
    )
  })

  test('the requests are numbered through, and the history stays small', () => {
    assert(
      property(session, (events) => {
        const history = historyOf(events)
        expect(history?.number ?? 0).toBe(events.length)
        expect(history?.recent.length ?? 0).toBeLessThan(operationsMax)
        expect(history?.collapsed.length ?? 0).toBeLessThanOrEqual(operationsMax)
        expect(JSON.parse(JSON.stringify(history ?? null))).toEqual(history ?? null)
      }),
    )
  })
})

describe('a silence', () => {
  test.each([
    { name: 'below', silence: silenceMs - 1, seen: ['b', 'a'] },
    { name: 'at', silence: silenceMs, seen: [] },
    { name: 'above', silence: silenceMs + 1, seen: [] },
  ])('$name ten minutes', ({ silence, seen }) => {
    const history = historyOf(spelled('a b'))
    const nowMs = START_MS + 1_000 + silence
    expect(previousOperations(history, nowMs)).toEqual(seen)
    expect([...msecSinceOperation(history, nowMs).keys()].toSorted()).toEqual(seen.toSorted())
  })

  test('ends what was before it for good', () => {
    const history = withOperation(historyOf(spelled('a b')), 'c', START_MS + 1_000 + silenceMs)
    expect(history).toMatchObject({ number: 3, recent: [{ operation: 'c' }], collapsed: ['c'] })
  })
})

describe('a rule of two steps', () => {
  const block = { kind: 'block', start: 'a', end: 'b' } as const
  const allow = { kind: 'allow', start: 'a', end: 'b' } as const
  const self = { kind: 'block', start: 'a', end: 'a' } as const

  test.each([
    { name: 'block: after the first', rule: block, before: 'a', acts: true },
    { name: 'block: not without it', rule: block, before: 'c', acts: false },
    { name: 'allow: without the first', rule: allow, before: 'c', acts: true },
    { name: 'allow: not after it', rule: allow, before: 'a', acts: false },
    { name: 'allow: of nothing', rule: allow, before: '', acts: true },
    { name: 'nine before', rule: block, before: 'a 1 2 3 4 5 6 7 8', acts: true },
    { name: 'ten before is too long ago', rule: block, before: 'a 1 2 3 4 5 6 7 8 9', acts: false },
    {
      name: 'repeats take no room',
      rule: block,
      before: 'a 1 1 1 1 1 1 1 1 1 1 1 1 2',
      acts: true,
    },
    {
      name: 'nor do repeats of the current one',
      rule: block,
      before: 'a 1 2 3 4 5 6 7 8 b b b',
      acts: true,
    },
    { name: 'to itself: a repeat is the same step', rule: self, before: 'a a a', acts: false },
    { name: 'to itself: with another between', rule: self, before: 'a c', acts: true },
  ])('$name', ({ rule, before, acts }) => {
    const given = { operation: rule.end, nowMs: START_MS + 60_000 }
    expect(twoStepViolation(rule, historyOf(spelled(before)), given)).toBe(acts)
    const other = { operation: 'zzz', nowMs: START_MS + 60_000 }
    expect(twoStepViolation(rule, historyOf(spelled(before)), other)).toBe(false)
  })
})

test('a clock that went back: never a time below 0', () => {
  const history = historyOf(spelled('a b', 60_000))
  expect(msecSinceOperation(history, START_MS - 5_000)).toEqual(
    new Map([
      ['a', 0],
      ['b', 0],
    ]),
  )
})
