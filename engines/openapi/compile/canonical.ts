/**
 * JSON equality (JSON Schema 2020-12 core §4.2.2) as equality of strings.
 *
 * Promises one string for equal values whatever the order of members, in linear work but for sorting;
 * nesting is bounded by the readers of documents and bodies.
 */

/** The canonical text of a JSON value. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  // Not JSON.stringify: it writes the Infinity that 1e400 reads as like null.
  if (typeof value === 'number') return String(value)
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(
    ([name, child]) => `${JSON.stringify(name)}:${canonical(child)}`,
  )
  return `{${members.sort().join(',')}}`
}
