/**
 * Reading values that came out of a JSON or YAML text.
 *
 * Promises that only own members are seen: `__proto__`, `constructor` and friends are ordinary names.
 */

export type JsonObject = { readonly [name: string]: unknown }

/** Whether the value is an object and not an array or null. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The own member, or undefined. */
export function member(value: unknown, name: string): unknown {
  return isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
}

/** The own member when it is an object, else an empty one. */
export function objectMember(value: unknown, name: string): JsonObject {
  const found = member(value, name)
  return isObject(found) ? found : {}
}

/** The own member when it is an array, else an empty one. */
export function arrayMember(value: unknown, name: string): readonly unknown[] {
  const found = member(value, name)
  return Array.isArray(found) ? found : []
}

/** The own member when it is a string, else undefined. */
export function stringMember(value: unknown, name: string): string | undefined {
  const found = member(value, name)
  return typeof found === 'string' ? found : undefined
}

/** A place in a document: member names and array indexes from the root. */
export type Place = readonly (string | number)[]

/** `$.paths['/a'].get` — names that need no quotes stand bare (RFC 9535). */
export function jsonPath(place: Place): string {
  return `$${place.map(jsonPathStep).join('')}`
}

/** One step of a JSONPath. */
export function jsonPathStep(step: string | number): string {
  if (typeof step === 'number') return `[${step}]`
  if (/^[A-Za-z_][\w-]*$/.test(step)) return `.${step}`
  return `['${step.replaceAll('\\', '\\\\').replaceAll("'", String.raw`\'`)}']`
}
