import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { startSchedule } from '../../edge/schedule.ts'

const EACH_SECOND = '* * * * * *'

beforeEach(() => void vi.useFakeTimers({ now: Date.parse('2026-11-22T12:00:00.500Z') }))
afterEach(() => void vi.useRealTimers())

test('each trigger is fired with its pattern, and no more after the stop', async () => {
  const runs: string[] = []
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    run: async (cron) => void runs.push(cron),
    report: () => {},
  })
  await vi.advanceTimersByTimeAsync(2_000)
  await schedule.stop()
  await vi.advanceTimersByTimeAsync(3_000)
  expect(runs).toEqual([EACH_SECOND, EACH_SECOND])
})

test('a run that outlasts its turn is not overtaken, and the stop waits for it', async () => {
  let begun = 0
  let end = (): void => {}
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    async run() {
      begun += 1
      await new Promise<void>((resolve) => (end = resolve))
    },
    report: () => {},
  })
  await vi.advanceTimersByTimeAsync(3_000)
  expect(begun).toBe(1)
  let isStopped = false
  const stopping = schedule.stop().then(() => (isStopped = true))
  await vi.advanceTimersByTimeAsync(3_000)
  expect(isStopped).toBe(false)
  end()
  await stopping
  expect(begun).toBe(1)
})

test('a run that fails is reported and tried again', async () => {
  const lines: string[] = []
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    run: () => Promise.reject(new Error('the object is away')),
    report: (line) => void lines.push(line),
  })
  await vi.advanceTimersByTimeAsync(2_000)
  await schedule.stop()
  const line = 'the scheduled run of "* * * * * *" failed: the object is away'
  expect(lines).toEqual([line, line])
})
