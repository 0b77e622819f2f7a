/** Our calendar is the platform's, for every second a certificate can name. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import {
  civilTimeOf,
  formatOpenSslTime,
  formatRfc3339,
  secondsOfCivilTime,
} from '../../../engines/certificates/calendar.ts'

const first = Date.UTC(1950, 0) / 1000
const last = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000

test('agrees with Date from 1950 to 9999, both ways', () => {
  fc.assert(
    fc.property(fc.integer({ min: first, max: last }), (seconds) => {
      expect(formatRfc3339(seconds)).toBe(
        new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
      )
      expect(secondsOfCivilTime(civilTimeOf(seconds))).toBe(seconds)
    }),
    { numRuns: 2000 },
  )
})

test.each([
  { month: 2, day: 29, year: 2023, exists: false },
  { month: 2, day: 29, year: 2024, exists: true },
  { month: 2, day: 29, year: 2100, exists: false },
  { month: 2, day: 29, year: 2000, exists: true },
  { month: 4, day: 31, year: 2024, exists: false },
  { month: 0, day: 1, year: 2024, exists: false },
  { month: 13, day: 1, year: 2024, exists: false },
  { month: 1, day: 0, year: 2024, exists: false },
])('$year-$month-$day exists: $exists', ({ exists, ...date }) => {
  const seconds = secondsOfCivilTime({ ...date, hour: 0, minute: 0, second: 0 })
  expect(seconds !== null).toBe(exists)
})

test('a single-digit day is padded with a space, as OpenSSL does', () => {
  expect(formatOpenSslTime(Date.UTC(2018, 11, 2, 19, 39) / 1000)).toBe('Dec  2 19:39:00 2018 GMT')
})
