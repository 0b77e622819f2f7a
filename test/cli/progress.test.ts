import { expect, test } from 'vitest'
import { createProgress, progressLine } from '../../cli/progress.ts'

test.each([
  [0, 200, `[${'·'.repeat(30)}]   0%`],
  [66, 200, `[${'#'.repeat(10)}${'·'.repeat(20)}]  33%`],
  [199, 200, `[${'#'.repeat(30)}]  99%`],
  [200, 200, `[${'#'.repeat(30)}] 100%`],
  [300, 200, `[${'#'.repeat(30)}] 100%`],
  [0, 0, `[${'#'.repeat(30)}] 100%`],
])('%i of %i', (done, total, line) => {
  expect(progressLine(done, total)).toBe(line)
})

test('it is drawn ten times a second at most, tells what is left, and is taken away', () => {
  const drawn: string[] = []
  let nowMs = 1000
  const progress = createProgress({
    total: 100,
    draw: (line) => void drawn.push(line),
    nowMs: () => nowMs,
  })
  for (const [ms, done] of [
    [1050, 5],
    [1100, 10],
    [1199, 15],
    [2000, 50],
  ] as const) {
    nowMs = ms
    progress.update(done, `${done} requests`)
  }
  progress.clear()
  expect(drawn).toEqual([
    expect.stringMatching(/ 10% {2}10 requests {2}1 s left$/),
    expect.stringMatching(/ 50% {2}50 requests {2}1 s left$/),
    '',
  ])
})
