/**
 * What a temperature reading is on the wire. A number may come as a string, as simple sensors send it;
 * members nobody asked for are ignored, because keeping them out is the shield's work.
 */
import { err, ok, type Result } from '#engines/result'

/** As it is stored and listed: degrees Celsius, and the time as the sensor wrote it. */
export type Reading = { readonly temperature: number; readonly time: string }

export type ReadReading = Reading & { readonly timeMs: number }

export type ReadingError = 'not_json' | 'not_an_object' | 'invalid_temperature' | 'invalid_time'

export const BODY_BYTES_MAX = 4096

/** Reads the body of a POST. */
export function readReading(body: string): Result<ReadReading, ReadingError> {
  const value = parseJson(body)
  if (value === undefined) return err('not_json')
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return err('not_an_object')
  const temperature = 'temperature' in value ? readTemperature(value.temperature) : null
  if (temperature === null) return err('invalid_temperature')
  const time = 'time' in value ? value.time : null
  const timeMs = readTime(time)
  if (typeof time !== 'string' || timeMs === null) return err('invalid_time')
  return ok({ temperature, time, timeMs })
}

/** Undefined, which no JSON text stands for, when the text is none. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // JSON.parse has no other way to say so, and its message would describe the parser, not the mistake.
    return undefined
  }
}

const NUMBER = /^-?\d{1,4}(?:\.\d{1,15})?$/

function readTemperature(value: unknown): number | null {
  if (typeof value === 'number') return value
  return typeof value === 'string' && NUMBER.test(value) ? Number(value) : null
}

// RFC 3339 §5.6 date-time. Leap seconds are beyond JavaScript's calendar and refused.
const DATE_TIME = /^(\d{4}-\d{2}-\d{2})[Tt]\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:[Zz]|[+-]\d{2}:\d{2})$/

/** Milliseconds since 1970; null when it is no RFC 3339 time or a day that the calendar lacks. */
function readTime(value: unknown): number | null {
  if (typeof value !== 'string') return null
  const day = DATE_TIME.exec(value)?.[1]
  if (day === undefined) return null
  // Date.parse takes 30 February for 1 March.
  const dayMs = Date.parse(`${day}T00:00:00Z`)
  if (Number.isNaN(dayMs) || new Date(dayMs).toISOString().slice(0, 10) !== day) return null
  const timeMs = Date.parse(value.toUpperCase())
  return Number.isNaN(timeMs) ? null : timeMs
}
