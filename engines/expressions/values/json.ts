/** Finds one value in a JSON document (RFC 8259) and gives it as written, so that `42` and `42.0` stay different. */
import { EXPRESSION_LIMITS } from '../limits.ts'
import { hasEscapedBytes } from './bytes.ts'
import type { Value } from '../value.ts'

const BLANK = /[ \t\n\r]*/y
const OTHER = /[^,\]}\s]+/y
const STRUCTURE = /["{}[\]]/g

/**
 * The text of the value that names and positions lead to; undefined when there is none, when the document is not valid
 * or not UTF-8, or when it is longer than `jsonCharactersMax`. Of members with one name the last counts.
 */
export function findInJson(text: string, path: readonly (Value | undefined)[]): string | undefined {
  if (text.length > EXPRESSION_LIMITS.jsonCharactersMax) return undefined
  if (hasEscapedBytes(text) || !isJson(text)) return undefined
  let at = skip(BLANK, text, 0)
  for (const key of path) {
    const next = typeof key === 'number' ? findItem(text, at, key) : findMember(text, at, key)
    if (next === undefined) return undefined
    at = next
  }
  return text.slice(at, endOfValue(text, at))
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    // A stranger's body need not be JSON: then nothing is found in it.
    return false
  }
}

function findItem(text: string, open: number, position: number): number | undefined {
  if (text.charAt(open) !== '[') return undefined
  let at = skip(BLANK, text, open + 1)
  for (let index = 0; text.charAt(at) !== ']'; index += 1) {
    if (index === position) return at
    at = skip(BLANK, text, endOfValue(text, at))
    if (text.charAt(at) === ',') at = skip(BLANK, text, at + 1)
  }
  return undefined
}

function findMember(text: string, open: number, key: Value | undefined): number | undefined {
  if (text.charAt(open) !== '{') return undefined
  let found: number | undefined
  let at = skip(BLANK, text, open + 1)
  while (text.charAt(at) !== '}') {
    const end = endOfString(text, at)
    const name: unknown = JSON.parse(text.slice(at, end))
    at = skip(BLANK, text, skip(BLANK, text, end) + 1)
    if (name === key) found = at
    at = skip(BLANK, text, endOfValue(text, at))
    if (text.charAt(at) === ',') at = skip(BLANK, text, at + 1)
  }
  return found
}

/** The offset after a value; the document is known to be valid. */
function endOfValue(text: string, at: number): number {
  const first = text.charAt(at)
  if (first === '"') return endOfString(text, at)
  if (first !== '{' && first !== '[') return skip(OTHER, text, at)
  let depth = 0
  let next = at
  do {
    STRUCTURE.lastIndex = next
    const found = STRUCTURE.exec(text)
    if (found === null) return text.length
    const isString = found[0] === '"'
    if (!isString) depth += found[0] === '{' || found[0] === '[' ? 1 : -1
    next = isString ? endOfString(text, found.index) : found.index + 1
  } while (depth > 0)
  return next
}

/** The offset after a string: its end is the first quote with an even number of backslashes before it. */
function endOfString(text: string, open: number): number {
  let quote = text.indexOf('"', open + 1)
  while (quote !== -1) {
    let run = quote
    while (text.charAt(run - 1) === '\\') run -= 1
    if ((quote - run) % 2 === 0) return quote + 1
    quote = text.indexOf('"', quote + 1)
  }
  return text.length
}

function skip(shape: RegExp, text: string, at: number): number {
  shape.lastIndex = at
  return at + (shape.exec(text)?.[0].length ?? 0)
}
