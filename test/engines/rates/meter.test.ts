import { array, assert, constant, integer, oneof, property, record } from 'fast-check'
import { describe, expect, test } from 'vitest'
import { charge, expiresAtMs, giveBack, type Meter, saved, take, type Terms } from '#engines/rates'

const START_MS = 1_700_000_000_000
const ASKED = { cost: 1, isChecked: true }

function terms(changes: Partial<Terms> = {}): Terms {
  return { limit: 3, periodMs: 60_000, timeoutMs: 0, ...changes }
}

/** Which of the moments pass, one after another. */
function passes(limits: Terms, moments: readonly number[]): readonly boolean[] {
  let meter: Meter | undefined
  return moments.map((ms) => {
    const taken = take(meter, limits, { ...ASKED, nowMs: START_MS + ms })
    meter = taken.meter
    return !taken.isRefused
  })
}

describe('a limit without a timeout', () => {
  test.each([
    { name: 'lets as many through at once', at: [0, 0, 0, 0], want: [1, 1, 1, 0] },
    { name: 'counts to the last moment', at: [0, 1, 2, 59_999], want: [1, 1, 1, 0] },
    {
      name: 'has room when the first leaves',
      at: [0, 1, 2, 60_000, 60_000],
      want: [1, 1, 1, 1, 0],
    },
    {
      name: 'does not count what it refuses',
      at: [0, 0, 0, 30_000, 60_000],
      want: [1, 1, 1, 0, 1],
    },
  ])('$name', ({ at, want }) => {
    expect(passes(terms(), at)).toEqual(want.map(Boolean))
  })

  test('says when there will be room', () => {
    let meter: Meter | undefined
    for (const ms of [0, 10, 20]) {
      meter = take(meter, terms(), { ...ASKED, nowMs: START_MS + ms }).meter
    }
    const taken = take(meter, terms(), { ...ASKED, nowMs: START_MS + 30 })
    expect(taken).toMatchObject({ isRefused: true, remaining: 0, retryAtMs: START_MS + 60_000 })
  })

  test('says what is left', () => {
    expect(take(undefined, terms(), { ...ASKED, nowMs: START_MS }).remaining).toBe(2)
  })
})

describe('a limit with a timeout', () => {
  const limits = terms({ limit: 1, periodMs: 1_000, timeoutMs: 5_000 })
  test('stops everything until it is over, whatever the window says', () => {
    expect(passes(limits, [0, 500, 1_500, 5_499, 5_500])).toEqual([true, false, false, false, true])
  })

  test('is not made longer by those who knock', () => {
    expect(passes(limits, [0, 1, 2_000, 4_000, 5_001])).toEqual([true, false, false, false, true])
  })

  test('ends when other limits are set, and the count goes on', () => {
    const first = take(undefined, limits, { ...ASKED, nowMs: START_MS }).meter
    const blocked = take(first, limits, { ...ASKED, nowMs: START_MS + 1 })
    expect(blocked.isRefused).toBe(true)
    const raised = { ...limits, limit: 2 }
    const passed = take(blocked.meter, raised, { ...ASKED, nowMs: START_MS + 2 })
    expect(passed).toMatchObject({ isRefused: false, remaining: 0 })
  })
})

describe('cost', () => {
  const limits = terms({ limit: 100 })
  test('passes as long as all of it has room', () => {
    const first = take(undefined, limits, { cost: 60, isChecked: true, nowMs: START_MS })
    expect(
      take(first.meter, limits, { cost: 41, isChecked: true, nowMs: START_MS }).isRefused,
    ).toBe(true)
    expect(
      take(first.meter, limits, { cost: 40, isChecked: true, nowMs: START_MS }).isRefused,
    ).toBe(false)
  })

  test('beyond the limit never passes and blocks nobody else', () => {
    const taken = take(undefined, limits, { cost: 101, isChecked: true, nowMs: START_MS })
    expect(taken).toMatchObject({ isRefused: true, retryAtMs: START_MS + 60_000 })
  })

  test('that is known later passes until as much was charged', () => {
    const known = { cost: 0, isChecked: true, nowMs: START_MS }
    const almost = charge(undefined, limits, { cost: 99, nowMs: START_MS }).meter
    expect(take(almost, limits, known).isRefused).toBe(false)
    const over = charge(almost, limits, { cost: 50, nowMs: START_MS }).meter
    expect(take(over, limits, known).isRefused).toBe(true)
  })

  test('that is counted and not checked is never refused', () => {
    const full = charge(undefined, limits, { cost: 100, nowMs: START_MS }).meter
    const taken = take(full, limits, { cost: 5, isChecked: false, nowMs: START_MS })
    expect(taken.isRefused).toBe(false)
  })
})

describe('what is given back', () => {
  test('leaves room for another', () => {
    const one = terms({ limit: 1 })
    const first = take(undefined, one, { ...ASKED, nowMs: START_MS }).meter
    const back = giveBack(first, 1, START_MS)
    expect(take(back, one, { ...ASKED, nowMs: START_MS + 1 }).isRefused).toBe(false)
  })

  test('is not taken from what was counted at another moment', () => {
    const first = take(undefined, terms(), { ...ASKED, nowMs: START_MS }).meter
    expect(giveBack(first, 1, START_MS + 1)).toEqual(first)
  })
})

describe('a clock that goes back', () => {
  test('neither empties the window nor keeps it for ever', () => {
    const one = terms({ limit: 1 })
    const first = take(undefined, one, { ...ASKED, nowMs: START_MS }).meter
    const back = take(first, one, { ...ASKED, nowMs: START_MS - 3_600_000 })
    expect(back).toMatchObject({ isRefused: true, retryAtMs: START_MS - 3_600_000 + 60_000 })
    const later = take(back.meter, one, { ...ASKED, nowMs: START_MS - 3_600_000 + 60_000 })
    expect(later.isRefused).toBe(false)
  })

  test('never makes a block longer than its timeout', () => {
    const limits = terms({ limit: 1, timeoutMs: 5_000 })
    const first = take(undefined, limits, { ...ASKED, nowMs: START_MS }).meter
    const blocked = take(first, limits, { ...ASKED, nowMs: START_MS }).meter
    const back = take(blocked, limits, { ...ASKED, nowMs: START_MS - 3_600_000 })
    expect(back).toMatchObject({ isRefused: true, retryAtMs: START_MS - 3_600_000 + 5_000 })
  })
})

describe('against an exact log of every request', () => {
  const schedule = record({
    limit: integer({ min: 1, max: 200 }),
    gaps: array(oneof(constant(0), integer({ min: 0, max: 400 })), { maxLength: 400 }),
  })

  test('up to 32 a window every verdict is the same', () => {
    assert(
      property(schedule, ({ limit: drawn, gaps }) => {
        const limits = terms({ limit: (drawn % 32) + 1, periodMs: 5_000 })
        const log: number[] = []
        let meter: Meter | undefined
        let nowMs = START_MS
        for (const gap of gaps) {
          nowMs += gap
          const taken = take(meter, limits, { ...ASKED, nowMs })
          meter = taken.meter
          const used = log.filter((ms) => ms > nowMs - 5_000).length
          expect(taken.isRefused).toBe(used >= limits.limit)
          if (!taken.isRefused) log.push(nowMs)
        }
      }),
      { numRuns: 10_000 },
    )
  })

  test('beyond, no window has too many, and room comes a sixteenth of it late at most', () => {
    assert(
      property(schedule, ({ limit, gaps }) => {
        const limits = terms({ limit: limit + 32, periodMs: 5_000 })
        const log: number[] = []
        let meter: Meter | undefined
        let nowMs = START_MS
        for (const gap of [...gaps, ...gaps, ...gaps]) {
          nowMs += gap % 80
          const taken = take(meter, limits, { ...ASKED, nowMs })
          meter = taken.meter
          const inWindow = log.filter((ms) => ms > nowMs - 5_000).length
          const lately = log.filter((ms) => ms > nowMs - (5_000 * 17) / 16).length
          if (inWindow >= limits.limit) expect(taken.isRefused).toBe(true)
          if (taken.isRefused) expect(lately).toBeGreaterThanOrEqual(limits.limit)
          else log.push(nowMs)
          expect(meter.marks.length).toBeLessThanOrEqual(32)
        }
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('what has to be saved', () => {
  /** How many more than the limit pass when the process dies after each of so many requests and comes back with what was saved. */
  function passedWithACrash(limits: Terms, crashAfter: number): number {
    let meter: Meter | undefined
    let stored: Meter | undefined
    let passed = 0
    for (let n = 0; n < limits.limit * 3; n++) {
      if (n === crashAfter) meter = stored
      const taken = take(meter, limits, { ...ASKED, nowMs: START_MS + n })
      meter = taken.isToBeSaved ? saved(taken.meter) : taken.meter
      if (taken.isToBeSaved) stored = meter
      if (!taken.isRefused) passed++
    }
    return passed
  }

  test.each([1, 2, 3, 5, 10, 100, 500])('a crash grants less than half of %i again', (limit) => {
    for (let n = 0; n <= limit + 1; n++) {
      const extra = passedWithACrash(terms({ limit }), n) - limit
      expect(extra).toBeGreaterThanOrEqual(0)
      expect(extra).toBeLessThan(limit / 2)
    }
  })

  test.each([1, 10, 1_000])('a crash forgets no limit of %i that was reached', (limit) => {
    expect(passedWithACrash(terms({ limit }), limit)).toBe(limit)
    expect(passedWithACrash(terms({ limit, timeoutMs: 60_000 }), limit + 1)).toBe(limit)
  })

  test('is asked for a few times a window', () => {
    let [meter, writes]: [Meter | undefined, number] = [undefined, 0]
    for (let n = 0; n < 2_000; n++) {
      const taken = take(meter, terms({ limit: 1_000 }), { ...ASKED, nowMs: START_MS })
      meter = taken.isToBeSaved ? saved(taken.meter) : taken.meter
      if (taken.isToBeSaved) writes++
    }
    expect(writes).toBe(10)
  })
})

test('a meter says no more when window and block are over', () => {
  const limits = terms({ limit: 1, timeoutMs: 90_000 })
  const first = take(undefined, limits, { ...ASKED, nowMs: START_MS })
  expect(expiresAtMs(first.meter, limits)).toBe(START_MS + 60_000)
  const second = take(first.meter, limits, { ...ASKED, nowMs: START_MS + 1 })
  expect(expiresAtMs(second.meter, limits)).toBe(START_MS + 90_001)
})
