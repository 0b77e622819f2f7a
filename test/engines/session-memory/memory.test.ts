import { describe, expect, test } from 'vitest'
import { compileSequence, type SequenceContent } from '#engines/sequences'
import {
  confirm,
  memoryExpiresAtMs,
  remember,
  type SessionEvent,
  type SessionMemory,
} from '#engines/session-memory'

const START_MS = 1_800_000_000_000
const HOUR_MS = 3_600_000

function eventOf(operation: string, more: Partial<SessionEvent> = {}): SessionEvent {
  return { operation, twoSteps: [], patterns: [], variables: null, request: null, ...more }
}

/** The memory after as many events, one a second. */
function after(events: readonly SessionEvent[], atMs = START_MS): SessionMemory {
  let memory: SessionMemory | undefined
  for (const [n, event] of events.entries()) {
    memory = remember(memory, event, atMs + n * 1_000).memory
  }
  if (memory === undefined) throw new Error('nothing happened')
  return memory
}

describe('a session', () => {
  test('is seen as the request finds it', () => {
    const memory = after([eventOf('a'), eventOf('b')])
    const { view } = remember(memory, eventOf('c'), START_MS + 5_000)
    expect(view).toMatchObject({
      number: 3,
      previous: ['b', 'a'],
      msecSince: { a: 5_000, b: 4_000 },
      violations: [],
    })
  })

  test('does not remember what it was refused', () => {
    const memory = after([eventOf('a')])
    const rule = { id: 'r', kind: 'block', start: 'a', end: 'b', isFinal: true } as const
    const refused = remember(memory, eventOf('b', { twoSteps: [rule] }), START_MS + 1_000)
    expect(refused).toMatchObject({ isRefused: true, memory })
    expect(refused.view.violations).toEqual([{ ruleId: 'r', violation: null }])
  })

  test('remembers what was only noted', () => {
    const rule = { id: 'r', kind: 'block', start: 'a', end: 'b', isFinal: false } as const
    const event = eventOf('b', { twoSteps: [rule] })
    const noted = remember(after([eventOf('a')]), event, START_MS + 1_000)
    expect(noted.isRefused).toBe(false)
    expect(noted.view.violations).toHaveLength(1)
    expect(noted.memory.history?.number).toBe(2)
  })

  test('is plain data: what was stored and read goes on the same', () => {
    const memory = after([eventOf('a', { variables: { var1: 'ff'.repeat(16) }, request: 'r' })])
    const stored = JSON.parse(JSON.stringify(memory)) as SessionMemory
    const next = eventOf('b')
    expect(remember(stored, next, START_MS + 1)).toEqual(remember(memory, next, START_MS + 1))
  })

  test('says nothing more when all of it is over', () => {
    const quiet = after([eventOf('a')])
    expect(memoryExpiresAtMs(quiet)).toBe(START_MS + 600_000)
    const counted = after([eventOf('a', { variables: { var1: 'ff'.repeat(16) } })])
    expect(memoryExpiresAtMs(counted)).toBe(START_MS + HOUR_MS)
  })
})

describe('distinct values', () => {
  const asking = (value: number, operation = 'a') =>
    eventOf(operation, { variables: { var1: value.toString(16).padStart(2, '0').repeat(16) } })

  test('count this request, and each operation for itself', () => {
    const memory = after([asking(1), asking(2), asking(1), asking(9, 'other')])
    expect(remember(memory, asking(3), START_MS).view.distinct).toEqual({ var1: 3 })
    expect(remember(memory, asking(9, 'other'), START_MS).view.distinct).toEqual({ var1: 1 })
  })

  test('begin anew an hour after the last, and after a day', () => {
    const memory = after([asking(1), asking(2)])
    const lastMs = START_MS + 1_000
    expect(remember(memory, asking(3), lastMs + HOUR_MS - 1).view.distinct).toEqual({ var1: 3 })
    expect(remember(memory, asking(3), lastMs + HOUR_MS).view.distinct).toEqual({ var1: 1 })
    const hourly = Array.from({ length: 47 }, (_, n) => n)
    let kept: SessionMemory | undefined
    for (const n of hourly) kept = remember(kept, asking(n), START_MS + n * (HOUR_MS / 2)).memory
    const dayLater = START_MS + 24 * HOUR_MS
    expect(remember(kept, asking(99), dayLater - 1).view.distinct).toEqual({ var1: 48 })
    expect(remember(kept, asking(99), dayLater).view.distinct).toEqual({ var1: 1 })
  })

  test('are bounded in operations: the one asked for longest ago makes room', () => {
    const many = after(Array.from({ length: 40 }, (_, n) => asking(n, `operation-${n}`)))
    expect(Object.keys(many.distinct)).toHaveLength(32)
    expect(Object.keys(many.distinct)[0]).toBe('operation-8/var1')
  })
})

describe('repetitions', () => {
  const asking = (request: string) => eventOf('a', { request })

  test('count those before', () => {
    const memory = after([asking('x'), asking('y'), asking('x')])
    expect(remember(memory, asking('x'), START_MS + 9_000).view.repeats).toBe(2)
    expect(remember(memory, asking('z'), START_MS + 9_000).view.repeats).toBe(0)
  })

  test('are bounded in requests', () => {
    const many = after(Array.from({ length: 100 }, (_, n) => asking(`request-${n}`)))
    expect(Object.keys(many.requests)).toHaveLength(64)
  })
})

describe('a pattern', () => {
  const content: SequenceContent = {
    ref: 'r',
    description: '',
    enabled: true,
    action: 'block',
    kind: 'require',
    without_session: 'pass',
    counts: 'answered',
    steps: [{ operations: ['GET api.example/a'] }, { operations: ['GET api.example/b'] }],
  }
  const { pattern } = compileSequence('p', content)
  const first = { pattern, moves: [{ step: 0, values: {} }], breaks: [] }
  const last = { pattern, moves: [{ step: 1, values: {} }], breaks: [], isFinal: true }

  test('takes a step that is confirmed later', () => {
    const memory = after([eventOf('a')])
    const asked = eventOf('b', { patterns: [last] })
    expect(remember(memory, asked, START_MS + 5_000).isRefused).toBe(true)
    const confirmed = confirm(memory, [first], { nowMs: START_MS + 1_000, number: 1 })
    expect(remember(confirmed, asked, START_MS + 5_000).isRefused).toBe(false)
  })

  test('that was changed knows nothing of what was done before', () => {
    const memory = confirm(after([eventOf('a')]), [first], { nowMs: START_MS, number: 1 })
    const changed = { ...pattern, fingerprint: 'another' }
    const asked = eventOf('b', { patterns: [{ ...last, pattern: changed }] })
    expect(remember(memory, asked, START_MS).isRefused).toBe(true)
  })

  test('that is gone is forgotten with time', () => {
    const memory = confirm(after([eventOf('a')]), [first], { nowMs: START_MS, number: 1 })
    expect(Object.keys(memory.sequences)).toEqual(['p'])
    const later = remember(memory, eventOf('a'), START_MS + 2 * HOUR_MS).memory
    expect(later.sequences).toEqual({})
  })
})
