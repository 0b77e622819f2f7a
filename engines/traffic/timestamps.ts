/** The two spellings of time in recordings, to milliseconds of Unix time. Years 1970 to 9999; anything else is refused. */

/** RFC 3339, as HAR's `startedDateTime` has it; null when it is no time. */
export function parseRfc3339(text: string): number | null {
  const parts =
    /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?([Zz]|[+-]\d\d:?\d\d)$/.exec(
      text,
    )
  if (parts === null) return null
  const [, year, month, day, hour, minute, second, fraction = '', zone = ''] = parts
  return toMs({
    year: Number(year),
    month: Number(month),
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: Number(fraction.padEnd(3, '0').slice(0, 3)),
    offsetMinutes: parseOffset(zone),
  })
}

/** `10/Oct/2000:13:55:36 -0700`, as access logs have it; null when it is no time. */
export function parseLogTime(text: string): number | null {
  const parts = /^(\d\d)\/([A-Z][a-z]{2})\/(\d{4}):(\d\d):(\d\d):(\d\d) ([+-]\d{4})$/.exec(text)
  if (parts === null) return null
  const [, day, month = '', year, hour, minute, second, zone = ''] = parts
  return toMs({
    year: Number(year),
    month: MONTHS.indexOf(month) + 1,
    day: Number(day),
    hour: Number(hour),
    minute: Number(minute),
    second: Number(second),
    ms: 0,
    offsetMinutes: parseOffset(zone),
  })
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

type LocalTime = {
  readonly year: number
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
  readonly ms: number
  readonly offsetMinutes: number
}

function toMs(time: LocalTime): number | null {
  const { year, month, day, hour, minute, second, ms, offsetMinutes } = time
  const isDay = month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month)
  // A leap second (60) counts as the first of the next minute, as Unix time has it.
  if (year < 1970 || !isDay || hour > 23 || minute > 59 || second > 60) return null
  const minutes = (daysSince1970(year, month, day) * 24 + hour) * 60 + minute - offsetMinutes
  return minutes * 60_000 + second * 1000 + ms
}

function parseOffset(zone: string): number {
  const parts = /^([+-])(\d\d):?(\d\d)$/.exec(zone)
  if (parts === null) return 0
  const minutes = Number(parts[2]) * 60 + Number(parts[3])
  return parts[1] === '-' ? -minutes : minutes
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeap(year) ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}

function isLeap(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}

/** Gregorian calendar; the year is taken to begin in March, so that the leap day is its last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1
  const monthFromMarch = (month + 9) % 12
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400)
  const daysBeforeMonth = Math.floor((153 * monthFromMarch + 2) / 5)
  // 719 468 days lie between 1 March of year 0 and 1 January 1970.
  return marchYear * 365 + leapDays + daysBeforeMonth + day - 1 - 719_468
}
