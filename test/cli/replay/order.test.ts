/** Requests put in the order of their times, within what may be held back. */
import { expect, test } from 'vitest'
import { inOrderOfTime } from '../../../cli/replay/order.ts'
import type { Located } from '../../../cli/replay/tally.ts'

/** Each weighs 1,025. */
function located(timeMs: number, number: number): Located {
  const request = { time_ms: timeMs, method: 'GET', url: '/', status: 200, request_headers: {} }
  return { file: 'a', number, request }
}

async function ordered(
  batches: readonly (readonly number[])[],
  requestsMax: number,
): Promise<readonly (readonly [number, number])[]> {
  let number = 0
  async function* read() {
    for (const times of batches) yield times.map((timeMs) => located(timeMs, (number += 1)))
  }
  const found: (readonly [number, number])[] = []
  for await (const { request, number: n } of inOrderOfTime(read(), requestsMax * 1_025)) {
    found.push([request.time_ms, n])
  }
  return found
}

const times = (found: readonly (readonly [number, number])[]) => found.map(([timeMs]) => timeMs)

test('what fits is sorted as a whole', async () => {
  expect(times(await ordered([[3, 1], [2], [0]], 4))).toEqual([0, 1, 2, 3])
})

test('requests of one time stay as they were read', async () => {
  const found = await ordered([[1, 0], [1, 0], [1]], 2)
  expect(found.map(([, number]) => number)).toEqual([2, 4, 1, 3, 5])
})

test('beyond that the earliest half goes on, and only what comes too late is out of order', async () => {
  expect(times(await ordered([[5, 4, 3], [2, 1], [0]], 2))).toEqual([3, 4, 1, 2, 0, 5])
})

test('one batch may be heavier than what is held', async () => {
  expect(times(await ordered([[5, 4, 3, 2, 1, 0]], 2))).toEqual([0, 1, 2, 3, 4, 5])
})
