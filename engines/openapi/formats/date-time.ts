/** Dates and times (RFC 3339 §5.6) and durations (RFC 3339 appendix A). */

/** RFC 3339 §5.6 `date-time`; the separator is `T`, not a space. */
export function isDateTime(text: string): boolean {
  return (text[10] === 'T' || text[10] === 't') && isDateAt(text) && isTimeAt(text, 11)
}

/** `full-date`. */
export function isDate(text: string): boolean {
  return text.length === 10 && isDateAt(text)
}

/** `full-time`: the offset is required, and :60 only where UTC has leap seconds. */
export function isTime(text: string): boolean {
  return isTimeAt(text, 0)
}

/** `P1Y2M3DT4H5M6S` or `P7W`; no unit between two others is left out. */
export function isDuration(text: string): boolean {
  return duration.test(text)
}

const duration = durationPattern()

function durationPattern(): RegExp {
  const time = String.raw`T(?:\d+H(?:\d+M(?:\d+S)?)?|\d+M(?:\d+S)?|\d+S)`
  const date = String.raw`(?:\d+Y(?:\d+M(?:\d+D)?)?|\d+M(?:\d+D)?|\d+D)`
  return new RegExp(`^P(?:\\d+W|${date}(?:${time})?|${time})$`)
}

/** Read digit by digit: of all formats this one is met most. */
function isDateAt(text: string): boolean {
  const year = digits(text, 0, 4)
  const month = digits(text, 5, 2)
  const day = digits(text, 8, 2)
  const isWritten = year >= 0 && text[4] === '-' && text[7] === '-'
  return isWritten && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year)
}

function isTimeAt(text: string, start: number): boolean {
  const hour = digits(text, start, 2)
  const minute = digits(text, start + 3, 2)
  const second = digits(text, start + 6, 2)
  if (text[start + 2] !== ':' || text[start + 5] !== ':') return false
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) return false
  const zone = endOfFraction(text, start + 8)
  const offset = zone < 0 ? null : offsetMinutes(text, zone)
  if (offset === null) return false
  return second < 60 || (hour * 60 + minute - offset + 2 * 1440) % 1440 === 1439
}

/** Where the offset starts; -1 after a point without digits. */
function endOfFraction(text: string, start: number): number {
  if (text[start] !== '.') return start
  let end = start + 1
  while (isDigit(text.charCodeAt(end))) end += 1
  return end === start + 1 ? -1 : end
}

/** Minutes east of UTC of an offset that ends the text, else null. */
function offsetMinutes(text: string, start: number): number | null {
  const sign = text[start]
  if (sign === 'Z' || sign === 'z') return text.length === start + 1 ? 0 : null
  const [hour, minute] = [digits(text, start + 1, 2), digits(text, start + 4, 2)]
  if ((sign !== '+' && sign !== '-') || text[start + 3] !== ':' || text.length !== start + 6)
    return null
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return null
  return (hour * 60 + minute) * (sign === '-' ? -1 : 1)
}

/** The number that so many digits make, or -1. */
function digits(text: string, start: number, count: number): number {
  let value = 0
  for (let index = start; index < start + count; index++) {
    const code = text.charCodeAt(index)
    if (!isDigit(code)) return -1
    value = value * 10 + code - 0x30
  }
  return value
}

/** False past the end, where the code is NaN. */
function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function daysIn(month: number, year: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}
