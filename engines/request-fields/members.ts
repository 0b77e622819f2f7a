/** Reads `request.cf` and what hangs below it, of which the runtime promises nothing. */

/** A member of something that may not be an object at all. */
export function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined
  return Object.getOwnPropertyDescriptor(value, name)?.value
}

/** The same where only a text means anything; empty otherwise. */
export function textOf(value: unknown, name: string): string {
  const member = memberOf(value, name)
  return typeof member === 'string' ? member : ''
}
