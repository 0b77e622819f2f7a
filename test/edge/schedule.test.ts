import { setTimeout as wait } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startSchedule } from '../../edge/schedule.ts'

const EACH_SECOND = '* * * * * *'

test('each trigger is fired with its pattern, and no more after the stop', async () => {
  const runs: string[] = []
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    run: async (cron) => void runs.push(cron),
    report: () => {},
  })
  await expect.poll(() => runs.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(2)
  await schedule.stop()
  const seen = runs.length
  await wait(1_200)
  expect(runs.length).toBe(seen)
  expect(new Set(runs)).toEqual(new Set([EACH_SECOND]))
})

test('a run that outlasts its turn is not overtaken, and the stop waits for it', async () => {
  let begun = 0
  let ended = 0
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    async run() {
      begun += 1
      await wait(2_500)
      ended += 1
    },
    report: () => {},
  })
  await expect.poll(() => begun, { timeout: 5_000 }).toBe(1)
  await wait(1_500)
  expect(begun).toBe(1)
  await schedule.stop()
  expect(ended).toBe(1)
})

test('a run that fails is reported and tried again', async () => {
  const lines: string[] = []
  const schedule = startSchedule({
    crons: [EACH_SECOND],
    run: () => Promise.reject(new Error('the object is away')),
    report: (line) => void lines.push(line),
  })
  await expect.poll(() => lines.length, { timeout: 5_000 }).toBeGreaterThanOrEqual(2)
  await schedule.stop()
  expect(lines[0]).toBe('the scheduled run of "* * * * * *" failed: the object is away')
})
