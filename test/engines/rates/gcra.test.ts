import { describe, expect, test } from 'vitest'
import { type Allowance, reserve } from '#engines/rates'

const ALLOWANCE: Allowance = { burst: 3, intervalMs: 1_000 }
const START_MS = 1_700_000_000_000

/** How long each of these moments has to wait, one after another. */
function waits(moments: readonly number[]): readonly number[] {
  let fullAtMs = 0
  return moments.map((ms) => {
    const reservation = reserve(ALLOWANCE, fullAtMs, START_MS + ms)
    fullAtMs = reservation.fullAtMs
    return reservation.waitMs
  })
}

describe('a bucket', () => {
  test.each([
    { name: 'gives its burst at once', at: [5, 5, 5], want: [0, 0, 0] },
    { name: 'then one each interval', at: [0, 0, 0, 0, 0], want: [0, 0, 0, 1_000, 2_000] },
    { name: 'counts an interval that has begun', at: [0, 0, 0, 999], want: [0, 0, 0, 1] },
    { name: 'gives one at once after an interval', at: [0, 0, 0, 1_000], want: [0, 0, 0, 0] },
    {
      name: 'is full again after as many intervals',
      at: [0, 0, 0, 3_000, 3_000, 3_000, 3_000],
      want: [0, 0, 0, 0, 0, 0, 1_000],
    },
    {
      name: 'never holds more than its burst',
      at: [0, 90_000, 90_000, 90_000, 90_000],
      want: [0, 0, 0, 0, 1_000],
    },
  ])('$name', ({ at, want }) => {
    expect(waits(at)).toEqual(want)
  })
})
