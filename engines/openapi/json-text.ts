/**
 * One look over a JSON text before `JSON.parse` sees it.
 *
 * Promises, without recursion and in one pass: nesting and members within bounds, and no object with
 * two members of one name (parsers disagree which of them counts, so an attacker shows one to the
 * shield and the other to the origin). It does not check the grammar: `JSON.parse` does.
 */
import { err, ok, type Result } from '#engines/result'

export type JsonTextLimits = { readonly depthMax: number; readonly keysMax: number }

export type JsonTextError =
  | { readonly reason: 'too_deep'; readonly index: number; readonly depthMax: number }
  | { readonly reason: 'too_many_keys'; readonly index: number; readonly keysMax: number }
  | { readonly reason: 'duplicate_key'; readonly index: number; readonly key: string }
  | { readonly reason: 'invalid_json'; readonly index: number }

/** Parses JSON within bounds; indexes in errors are UTF-16 units, -1 when the parser names none. */
export function parseJson(text: string, limits: JsonTextLimits): Result<unknown, JsonTextError> {
  const wrong = scan(text, limits)
  if (wrong !== null) return err(wrong)
  try {
    const value: unknown = JSON.parse(text)
    return ok(value)
  } catch (error) {
    const index = /position (\d+)/.exec(String(error))?.[1]
    return err({ reason: 'invalid_json', index: index === undefined ? -1 : Number(index) })
  }
}

const QUOTE = 0x22
const COMMA = 0x2c
const BACKSLASH = 0x5c

function scan(text: string, limits: JsonTextLimits): JsonTextError | null {
  // One entry a container: the names seen in an object, null for an array.
  const open: (Set<string> | null)[] = []
  let keys = 0
  let nextIsName = false
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index)
    if (code === QUOTE) {
      const end = endOfString(text, index)
      const names = open.at(-1)
      if (nextIsName && names) {
        const key = unescaped(text.slice(index, end + 1))
        if (names.has(key)) return { reason: 'duplicate_key', index, key }
        names.add(key)
        keys += 1
        if (keys > limits.keysMax) {
          return { reason: 'too_many_keys', index, keysMax: limits.keysMax }
        }
        nextIsName = false
      }
      index = end
    } else if (code === COMMA) {
      nextIsName = Boolean(open.at(-1))
    } else if (code === 0x7b || code === 0x5b) {
      open.push(code === 0x7b ? new Set() : null)
      if (open.length > limits.depthMax) {
        return { reason: 'too_deep', index, depthMax: limits.depthMax }
      }
      nextIsName = code === 0x7b
    } else if (code === 0x7d || code === 0x5d) {
      open.pop()
      nextIsName = false
    }
  }
  return null
}

function endOfString(text: string, start: number): number {
  let end = start
  do {
    end = text.indexOf('"', end + 1)
    if (end < 0) return text.length
  } while (isEscaped(text, end))
  return end
}

function isEscaped(text: string, index: number): boolean {
  let backslashes = 0
  while (text.charCodeAt(index - 1 - backslashes) === BACKSLASH) backslashes += 1
  return backslashes % 2 === 1
}

/** `"\u0061"` and `"a"` are one name. */
function unescaped(literal: string): string {
  if (!literal.includes('\\')) return literal.slice(1, -1)
  try {
    return String(JSON.parse(literal))
  } catch {
    // An invalid escape: JSON.parse refuses the whole text right after this scan.
    return literal
  }
}
