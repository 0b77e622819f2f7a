import { describe, expect, test } from 'vitest'
import {
  nextAfterFailure,
  nextAfterSuccess,
} from '../../../../../worker/management/portcullis/revocation/fetch-times.ts'

const MINUTE_MS = 60_000
const NOW_MS = 1_800_000_000_000

describe('after a success', () => {
  test.each([
    ['no next update', null, 60],
    ['a next update in a week', 7 * 24 * 60, 60],
    ['a next update in an hour', 60, 60],
    ['a next update in twenty minutes', 20, 20],
    ['a next update in five minutes', 5, 5],
    ['a next update in a minute', 1, 5],
    ['a next update that is past', -1, 60],
  ])('%s', (_name, minutes, expected) => {
    const nextUpdateMs = minutes === null ? null : NOW_MS + minutes * MINUTE_MS
    expect((nextAfterSuccess(NOW_MS, nextUpdateMs) - NOW_MS) / MINUTE_MS).toBe(expected)
  })
})

describe('after a failure', () => {
  test.each([
    ['the first', null, 1],
    ['the second', 1, 2],
    ['one after half an hour', 30, 60],
    ['one after an hour', 60, 60],
  ])('%s', (_name, lastMinutes, expected) => {
    const lastPauseMs = lastMinutes === null ? null : lastMinutes * MINUTE_MS
    expect((nextAfterFailure(NOW_MS, lastPauseMs) - NOW_MS) / MINUTE_MS).toBe(expected)
  })
})
