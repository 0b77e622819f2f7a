/**
 * Which shared schemas a piece of a profile refers to.
 *
 * Promises to find every `$ref` and `$dynamicRef`, wherever it stands: also where it is data (inside `const`, say), which costs
 * a schema too many and never loses one. A reference that is not by name may mean any schema, and says so.
 */
import { isObject } from './json-value.ts'

export type References = {
  /** Names of shared schemas, whether they exist or not. */
  readonly names: ReadonlySet<string>
  /** Whether there is a reference that is not `#/$defs/{name}`. */
  readonly isOpen: boolean
}

/** The references of an operation or a schema, those of what it refers to not included. */
export function referencesOf(piece: unknown): References {
  const names = new Set<string>()
  let isOpen = false
  const pending = [piece]
  while (pending.length > 0) {
    const value = pending.pop()
    if (Array.isArray(value)) for (const item of value) pending.push(item)
    if (!isObject(value)) continue
    for (const [keyword, operand] of Object.entries(value)) {
      if (typeof operand === 'object') pending.push(operand)
      if (typeof operand !== 'string' || !REFERRING.has(keyword)) continue
      if (operand.startsWith(BY_NAME)) names.add(operand.slice(BY_NAME.length))
      else isOpen = true
    }
  }
  return { names, isOpen }
}

const REFERRING: ReadonlySet<string> = new Set(['$ref', '$dynamicRef'])
const BY_NAME = '#/$defs/'
