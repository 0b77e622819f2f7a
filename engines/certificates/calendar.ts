/**
 * Calendar arithmetic in UTC between seconds since 1970 and the forms certificates are written and shown in.
 * Refuses dates that do not exist (30 February, second 60); never asks what time it is.
 */

/** A UTC date and time; month and day count from 1. */
export type CivilTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** Seconds since 1970, or null when the calendar has no such time. */
export function secondsOfCivilTime(time: CivilTime): number | null {
  if (!exists(time)) return null
  const { year, month, day, hour, minute, second } = time
  // Years that begin in March put the leap day last, so that month lengths follow one formula.
  const marchYear = month <= 2 ? year - 1 : year
  const marchMonth = (month + 9) % 12
  const days =
    marchYear * 365 +
    Math.floor(marchYear / 4) -
    Math.floor(marchYear / 100) +
    Math.floor(marchYear / 400) +
    Math.floor((marchMonth * 153 + 2) / 5) +
    (day - 1) -
    marchDaysTo1970
  return ((days * 24 + hour) * 60 + minute) * 60 + second
}

/** The UTC date and time of `seconds` since 1970; fractions are dropped. */
export function civilTimeOf(seconds: number): CivilTime {
  const days = Math.floor(seconds / 86_400)
  const inDay = Math.floor(seconds) - days * 86_400
  const marchDays = days + marchDaysTo1970
  const era = Math.floor(marchDays / 146_097)
  const inEra = marchDays - era * 146_097
  const leapDays =
    Math.floor(inEra / 1_460) - Math.floor(inEra / 36_524) + Math.floor(inEra / 146_096)
  const yearInEra = Math.floor((inEra - leapDays) / 365)
  const inYear = inEra - (365 * yearInEra + Math.floor(yearInEra / 4) - Math.floor(yearInEra / 100))
  const marchMonth = Math.floor((5 * inYear + 2) / 153)
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
  return {
    year: era * 400 + yearInEra + (month <= 2 ? 1 : 0),
    month,
    day: inYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
    hour: Math.floor(inDay / 3600),
    minute: Math.floor(inDay / 60) % 60,
    second: inDay % 60,
  }
}

/** RFC 3339 in UTC with whole seconds: `2018-12-22T19:39:00Z`. */
export function formatRfc3339(seconds: number): string {
  const { year, month, day, hour, minute, second } = civilTimeOf(seconds)
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  return `${date}T${two(hour)}:${two(minute)}:${two(second)}Z`
}

/** As OpenSSL prints a time, and Cloudflare with it: `Dec 22 19:39:00 2018 GMT`. */
export function formatOpenSslTime(seconds: number): string {
  const { year, month, day, hour, minute, second } = civilTimeOf(seconds)
  const clock = `${two(hour)}:${two(minute)}:${two(second)}`
  return `${monthNames[month - 1] ?? ''} ${String(day).padStart(2, ' ')} ${clock} ${year} GMT`
}

function exists({ year, month, day, hour, minute, second }: CivilTime): boolean {
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = month === 2 && leap ? 29 : (daysOfMonth[month - 1] ?? 0)
  return day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60
}

function two(value: number): string {
  return String(value).padStart(2, '0')
}

const daysOfMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
const monthNames = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

/** Days from 0000-03-01 to 1970-01-01. */
const marchDaysTo1970 = 719_468
