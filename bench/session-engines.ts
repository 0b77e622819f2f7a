/** What it costs to count a request and to remember it, apart from asking the object that does. */
import { type Meter, take, type Terms } from '#engines/rates'
import { remember, type SessionMemory } from '#engines/session-memory'
import { advance, compileSequence, type SequenceState } from '#engines/sequences'
import type { BenchCase } from './harness.ts'

const START_MS = 1_800_000_000_000
const TERMS: Terms = { limit: 1_000, periodMs: 60_000, timeoutMs: 0 }

/** An order of about 200 bytes: what a small request makes anybody do who looks into it. */
export const PARSE: BenchCase = {
  name: 'JSON.parse of 200 bytes',
  run(times) {
    let sum = 0
    for (let turn = 0; turn < times; turn++) {
      const order: unknown = JSON.parse(BODY)
      if (order !== null) sum += 1
    }
    return sum
  },
}

const BODY = JSON.stringify({
  order: 'b1946ac9-2492-4d23-a5f1-6a0e7c0d7a11',
  customer: { id: 48_213, name: 'Ada Lovelace', country: 'GB' },
  items: [
    { sku: 'A-1002', count: 2, price: 19.99 },
    { sku: 'C-7741', count: 1, price: 4.5 },
  ],
  express: true,
})

const { pattern } = compileSequence('look-first', {
  ref: 'look-first',
  description: '',
  enabled: true,
  action: 'block',
  kind: 'require',
  without_session: 'pass',
  counts: 'requested',
  steps: [
    { operations: ['GET api.example/accounts/{account}/balance'] },
    { operations: ['POST api.example/accounts/{account}/transfers'], within: 600 },
  ],
})

const MOVES = [{ step: 0, values: { account: 'c3'.repeat(16) } }]
const INPUT = { pattern, moves: MOVES, breaks: [], isFinal: true }
const OPERATIONS = ['0a'.repeat(16), '0b'.repeat(16), '0c'.repeat(16)]

/** Each goes on with what it made the turn before, as an object does. */
export const ENGINES: readonly BenchCase[] = [
  // Of 600 requests in the window 32 marks are left.
  { name: 'take, one request each 100 ms', run: (times) => counted(times, 100) },
  { name: 'take, all in the same millisecond', run: (times) => counted(times, 0) },
  {
    name: 'advance, one pattern of two steps',
    run(times) {
      let state: SequenceState | undefined
      for (let turn = 0; turn < times; turn++) {
        state = advance(state, INPUT, { nowMs: START_MS + turn, number: turn + 1 }).state
      }
      return state?.steps.length ?? 0
    },
  },
  {
    name: 'remember, one pattern of two steps',
    run(times) {
      let memory: SessionMemory | undefined
      for (let turn = 0; turn < times; turn++) {
        const operation = OPERATIONS[turn % OPERATIONS.length] ?? ''
        const event = { ...EVENT, operation }
        memory = remember(memory, event, START_MS + turn * 100).memory
      }
      return memory?.history?.number ?? 0
    },
  },
]

const EVENT = { twoSteps: [], patterns: [INPUT], variables: null, request: null }

function counted(times: number, everyMs: number): number {
  let meter: Meter | undefined
  let refused = 0
  for (let turn = 0; turn < times; turn++) {
    const nowMs = START_MS + turn * everyMs
    const taken = take(meter, TERMS, { cost: 1, isChecked: true, nowMs })
    meter = taken.meter
    if (taken.isRefused) refused += 1
  }
  return refused
}
