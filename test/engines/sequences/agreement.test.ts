/** The automaton with its bounded state and the literal meaning say the same of every request of every session. */
import { advance, expiresAtMs, SEQUENCE_LIMITS, type SequenceState } from '#engines/sequences'
import {
  array,
  assert,
  boolean,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  subarray,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import { breaksRule, inputOf, patternOf, type PlainEvent, type PlainRule } from './brute-force.ts'

const OPERATIONS = ['a', 'b', 'c'] as const
const HOUR_MS = SEQUENCE_LIMITS.memoryMs

const step = record({
  operations: oneof(
    { weight: 5, arbitrary: subarray([...OPERATIONS], { minLength: 1 }) },
    { weight: 1, arbitrary: constant(null) },
  ),
  binds: oneof(
    constant({}),
    record({ x: constantFrom('p', 'q') }, { requiredKeys: [] }),
    record({ x: constantFrom('p', 'q'), y: constantFrom('p', 'q') }, { requiredKeys: [] }),
  ),
  withinMs: oneof({ weight: 3, arbitrary: constant(null) }, integer({ min: 0, max: 6 })),
  immediately: oneof({ weight: 4, arbitrary: constant(false) }, constant(true)),
  without: oneof({ weight: 3, arbitrary: constant([]) }, subarray([...OPERATIONS, 'd'])),
})

const rule = record({
  kind: constantFrom('require' as const, 'forbid' as const),
  steps: array(step, { minLength: 2, maxLength: 5 }),
  atMost: oneof(constant(null), integer({ min: 1, max: 3 })),
})

const session = array(
  record({
    operation: oneof({ weight: 6, arbitrary: constantFrom(...OPERATIONS) }, constant('d')),
    passedMs: oneof(
      { weight: 20, arbitrary: integer({ min: 0, max: 4 }) },
      { weight: 2, arbitrary: integer({ min: -6, max: -1 }) },
      { weight: 1, arbitrary: constantFrom(HOUR_MS - 1, HOUR_MS, HOUR_MS + 1) },
    ),
    attributes: record({ p: constantFrom('', '1', '2'), q: constantFrom('1', '2') }),
  }),
  { maxLength: 14 },
).map((rows) => {
  let atMs = 1_000
  return rows.map(({ operation, passedMs, attributes }): PlainEvent => {
    atMs += passedMs
    return { operation, atMs, attributes }
  })
})

type Mode = {
  /** Whether the rule blocks, so that what breaks it did not happen. */
  readonly blocks: boolean
  /** Whether what has expired is thrown away before it is used. */
  readonly forgets: boolean
  /** Whether the steps before the last come in a second call, as for answers. */
  readonly splits: boolean
}

const mode = record({ blocks: boolean(), forgets: boolean(), splits: boolean() })

/** The verdicts of both, request by request. */
function judgeBoth(
  plain: PlainRule,
  events: readonly PlainEvent[],
  { blocks, forgets, splits }: Mode,
) {
  const pattern = patternOf(plain)
  const last = pattern.steps.length - 1
  const accepted: PlainEvent[] = []
  let state: SequenceState | undefined
  return events.map((event) => {
    const wanted = breaksRule(plain, accepted, event)
    const at = { nowMs: event.atMs, number: accepted.length + 1 }
    const held = forgets && expiresAtMs(state, pattern) <= event.atMs ? undefined : state
    const input = inputOf(plain, pattern, event)
    const finals = input.moves.filter((move) => move.step === last)
    const others = input.moves.filter((move) => move.step !== last)
    const first = advance(held, splits ? { ...input, moves: finals } : input, at)
    const { violation } = first
    if (!blocks || !wanted) {
      const after = splits
        ? advance(first.state, { pattern, moves: others, breaks: [] }, at).state
        : first.state
      state = JSON.parse(JSON.stringify(after)) as SequenceState
      accepted.push(event)
    }
    return { wanted, found: violation !== null, violation }
  })
}

describe('random rules over random sessions', () => {
  test('the automaton finds what the literal meaning finds', () => {
    let violations = 0
    let passes = 0
    assert(
      property(rule, session, mode, (plain, events, how) => {
        const verdicts = judgeBoth(plain, events, how)
        violations += verdicts.filter(({ wanted }) => wanted).length
        passes += verdicts.filter(({ wanted }) => !wanted).length
        expect(verdicts.map(({ found }) => found)).toEqual(verdicts.map(({ wanted }) => wanted))
      }),
      { numRuns: 20_000 },
    )
    // Both verdicts were put to the test.
    expect(Math.min(violations, passes)).toBeGreaterThan(10_000)
  })

  test('what is missing is a step before the last, and a reason fits the rule', () => {
    assert(
      property(rule, session, mode, (plain, events, how) => {
        for (const { violation } of judgeBoth(plain, events, how)) {
          if (violation === null) continue
          expect(violation.kind).toBe(plain.kind)
          if (plain.kind === 'forbid') {
            const reason = plain.atMost === null ? 'completed' : 'used_up'
            expect(violation).toEqual({ kind: 'forbid', missingStep: null, reason })
            continue
          }
          expect(violation.missingStep).toBeGreaterThanOrEqual(1)
          expect(violation.missingStep).toBeLessThan(plain.steps.length)
          if (plain.atMost === null) expect(violation.reason).not.toBe('used_up')
          if (plain.steps.every(({ without }) => without.length === 0)) {
            expect(violation.reason).not.toBe('interrupted')
          }
          if (plain.steps.every(({ immediately }) => !immediately)) {
            expect(violation.reason).not.toBe('not_immediately')
          }
          if (plain.steps.every(({ binds }) => Object.keys(binds).length === 0)) {
            expect(violation.reason).not.toBe('other_values')
          }
        }
      }),
      { numRuns: 3_000 },
    )
  })
})
