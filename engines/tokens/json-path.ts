/**
 * The part of JSONPath (RFC 9535) that names one value: `$`, names and indexes. Refuses wildcards, slices, filters, descent
 * and unions, because what they select may be several values.
 */
import { err, ok, type Result } from '#engines/result'
import { TOKEN_LIMITS } from './limits.ts'

export type JsonPath = {
  /**
   * Text as it is, numbers and booleans as JSON writes them; null for what is absent, null, an object or an array.
   */
  read(value: unknown): string | null
}

type Step = string | number

/** The error is one line with the place. */
export function compileJsonPath(source: string): Result<JsonPath, string> {
  const { pathCharactersMax, pathStepsMax } = TOKEN_LIMITS
  if (source.length > pathCharactersMax)
    return err(`the path is longer than ${pathCharactersMax} characters`)
  if (!source.startsWith('$')) return err('the path must begin with $')
  const steps: Step[] = []
  for (let at = 1; at < source.length;) {
    const segment = segmentAt(source, at)
    if (segment === null) return err(`at character ${at + 1}: expected .name, ["name"] or [index]`)
    steps.push(segment.step)
    at += segment.length
  }
  if (steps.length > pathStepsMax) return err(`the path has more than ${pathStepsMax} steps`)
  return ok({ read: (value) => textOf(follow(value, steps)) })
}

type Segment = { readonly step: Step; readonly length: number }

/** RFC 9535 §2.5.1.1: a name without quotes begins with a letter, `_` or a character outside ASCII. */
const NAME = /\s*\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)/y
/** RFC 9535 §2.3.3.1: no leading zeros, no minus zero. */
const INDEX = /\s*\[\s*(0|-?[1-9]\d{0,9})\s*\]/y
const SINGLE_QUOTED = /\s*\[\s*'((?:[^'\\]|\\.)*)'\s*\]/y
const DOUBLE_QUOTED = /\s*\[\s*"((?:[^"\\]|\\.)*)"\s*\]/y

function segmentAt(source: string, at: number): Segment | null {
  const name = match(NAME, source, at)
  if (name !== null) return { step: name.inner, length: name.length }
  const index = match(INDEX, source, at)
  if (index !== null) return { step: Number(index.inner), length: index.length }
  const double = match(DOUBLE_QUOTED, source, at)
  if (double !== null) return quoted(double)
  const single = match(SINGLE_QUOTED, source, at)
  if (single === null) return null
  // The same text as JSON quotes it: `\'` has no escape there and `"` needs one.
  const inner = single.inner.replaceAll(/\\.|"/g, (found) =>
    found === String.raw`\'` ? "'" : found === '"' ? String.raw`\"` : found,
  )
  return quoted({ ...single, inner })
}

type Match = { readonly inner: string; readonly length: number }

function match(pattern: RegExp, source: string, at: number): Match | null {
  const sticky = new RegExp(pattern)
  sticky.lastIndex = at
  const found = sticky.exec(source)
  return found === null ? null : { inner: found[1] ?? '', length: found[0].length }
}

/** Null for an escape that does not exist and for control characters (RFC 9535 §2.3.1.1: as in JSON). */
function quoted({ inner, length }: Match): Segment | null {
  try {
    return { step: String(JSON.parse(`"${inner}"`)), length }
  } catch {
    // JSON has no other way to say so.
    return null
  }
}

function follow(value: unknown, steps: readonly Step[]): unknown {
  let reached = value
  for (const step of steps) {
    if (typeof step === 'number') {
      if (!Array.isArray(reached)) return undefined
      reached = reached.at(step)
    } else {
      if (!isMembers(reached) || !Object.hasOwn(reached, step)) return undefined
      reached = reached[step]
    }
  }
  return reached
}

function isMembers(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : null
}
