import { expect, test } from 'vitest'
import { createSchedule } from '../../../worker/management/schedule.ts'
import { portsOf } from '../../support/management.ts'

const MINUTE_MS = 60_000

/** Ports whose clock a test turns. */
function clock() {
  let nowMs = 1_000_000_000
  const ports = portsOf('schedule', { nowMs: () => nowMs })
  return { ports, pass: (ms: number) => void (nowMs += ms) }
}

test('a job that fails is named, keeps no other from its turn, and has another turn itself', async () => {
  const { ports, pass } = clock()
  const ran: string[] = []
  const jobs = [
    {
      name: 'breaks',
      everyMs: 60 * MINUTE_MS,
      async run() {
        ran.push('breaks')
        throw new Error('out of order')
      },
    },
    { name: 'works', everyMs: MINUTE_MS, run: async () => ran.push('works') },
  ]
  const schedule = createSchedule(ports, jobs)
  await expect(schedule.run()).rejects.toThrow('scheduled jobs failed: breaks')
  pass(MINUTE_MS)
  await expect(schedule.run()).rejects.toThrow('breaks')
  expect(ran).toEqual(['breaks', 'works', 'breaks', 'works'])
})

test('a job has its turn when its time has come, also when the cron is a little early', async () => {
  const { ports, pass } = clock()
  const ran: string[] = []
  const jobs = [
    { name: 'minutely', everyMs: MINUTE_MS, run: async () => ran.push('minutely') },
    { name: 'hourly', everyMs: 60 * MINUTE_MS, run: async () => ran.push('hourly') },
  ]
  const schedule = createSchedule(ports, jobs)
  await schedule.run()
  pass(MINUTE_MS - 900)
  await schedule.run()
  pass(29 * MINUTE_MS)
  await schedule.run()
  pass(30 * MINUTE_MS)
  await schedule.run()
  expect(ran.join(' ')).toBe('minutely hourly minutely minutely minutely hourly')
})
