/**
 * The formats that are validated, each for the JSON type it speaks about.
 *
 * Promises that a format says nothing about values of another type, and that only strings within
 * `patternCharsMax` are tested. Formats not listed here are annotations.
 */
import { format as libraryFormats } from '@cfworker/json-schema'

export type Format =
  | { readonly type: 'string'; test(value: string): boolean }
  | { readonly type: 'number'; test(value: number): boolean }

/** The format of a name, or null when it is not checked. */
export function formatNamed(name: string): Format | null {
  return formats.get(name) ?? null
}

/** Formats that are known and hold for every value of their type. */
export function isAnnotationFormat(name: string): boolean {
  return name === 'password' || name === 'binary'
}

/** Taken from the JSON Schema library as they are. */
const libraryNames =
  'email hostname uri uri-reference uri-template uuid duration regex json-pointer relative-json-pointer'.split(
    ' ',
  )

const INT32 = 2 ** 31
const INT64 = 2 ** 63
const FLOAT_MAX = 3.4028234663852886e38

const formats: ReadonlyMap<string, Format> = new Map<string, Format>([
  ['int32', number((n) => Number.isInteger(n) && n >= -INT32 && n < INT32)],
  // Beyond 2^53 a JSON number is already rounded: the bounds are checked on the rounded value.
  ['int64', number((n) => Number.isInteger(n) && n >= -INT64 && n < INT64)],
  ['uint64', number((n) => Number.isInteger(n) && n >= 0 && n < 2 * INT64)],
  ['float', number((n) => Math.abs(n) <= FLOAT_MAX)],
  ['double', number(Number.isFinite)],
  [
    'byte',
    string((text) => /^(?:[A-Za-z\d+/]{4})*(?:[A-Za-z\d+/]{2}==|[A-Za-z\d+/]{3}=)?$/.test(text)),
  ],
  ['date', string(isDate)],
  ['time', string(isTime)],
  ['date-time', string(isDateTime)],
  [
    'ipv4',
    string((text) => /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)),
  ],
  ['ipv6', string(isIpv6)],
  ['iri', string((text) => fromLibrary('uri', escapeNonAscii(text)))],
  ['iri-reference', string((text) => fromLibrary('uri-reference', escapeNonAscii(text)))],
  ...libraryNames.map((name) => [name, string((text) => fromLibrary(name, text))] as const),
])

function number(test: (value: number) => boolean): Format {
  return { type: 'number', test }
}

function string(test: (value: string) => boolean): Format {
  return { type: 'string', test }
}

function fromLibrary(name: string, text: string): boolean {
  return libraryFormats[name]?.(text) ?? true
}

/** RFC 3987 §3.1: an IRI is a URI once its other characters are percent-encoded. */
function escapeNonAscii(text: string): string {
  return text.isWellFormed() ? text.replace(/[^\0-\x7f]+/g, encodeURIComponent) : ' '
}

/** RFC 3339 §5.6 `date-time`; the separator is `T`, not a space. */
function isDateTime(text: string): boolean {
  return /^[Tt]$/.test(text[10] ?? '') && isDate(text.slice(0, 10)) && isTime(text.slice(11))
}

function isDate(text: string): boolean {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)
  if (parts === null) return false
  const [year = 0, month = 0, day = 0] = parts.slice(1).map(Number)
  return month >= 1 && month <= 12 && day >= 1 && day <= daysIn(month, year)
}

function daysIn(month: number, year: number): number {
  if (month !== 2) return [4, 6, 9, 11].includes(month) ? 30 : 31
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
}

/** RFC 3339 §5.6 `full-time`: the offset is required, and :60 only where UTC has leap seconds. */
function isTime(text: string): boolean {
  const parts = /^(\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))$/.exec(text)
  if (parts === null) return false
  const [hour = 0, minute = 0, second = 0] = parts.slice(1, 4).map(Number)
  const [offsetHour = 0, offsetMinute = 0] = parts.slice(5).map((part) => Number(part ?? 0))
  if (hour > 23 || minute > 59 || second > 60 || offsetHour > 23 || offsetMinute > 59) return false
  const offset = (offsetHour * 60 + offsetMinute) * (parts[4] === '-' ? -1 : 1)
  const minutesUtc = (hour * 60 + minute - offset + 2 * 1440) % 1440
  return second < 60 || minutesUtc === 1439
}

/** RFC 4291 §2.2: eight groups, one run of zeros cut, the last two perhaps as IPv4. */
function isIpv6(text: string): boolean {
  return /^[\da-fA-F:.]{2,45}$/.test(text) && fromLibrary('ipv6', text)
}
