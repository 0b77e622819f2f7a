/**
 * `$ref` inside one document.
 *
 * Promises that only JSON Pointers into the document are followed (RFC 6901 §6); a reference to
 * another resource is refused with its place and never fetched.
 */
import type { Problem } from './document-error.ts'
import { isObject, stringMember, type JsonObject, type Place } from './json-value.ts'
import type { FoundReference } from './structure.ts'

/** `#/a/b~1c` to its tokens, or null when the reference is not a pointer into this document. */
export function pointerTokens(ref: string): readonly string[] | null {
  if (ref === '#' || ref === '#/') return ref === '#' ? [] : ['']
  if (!ref.startsWith('#/')) return null
  return ref
    .slice(2)
    .split('/')
    .map((token) => decodeToken(token).replaceAll('~1', '/').replaceAll('~0', '~'))
}

/** The value a pointer leads to, or undefined. */
export function resolvePointer(root: unknown, tokens: readonly string[]): unknown {
  let value = root
  for (const token of tokens) {
    if (Array.isArray(value))
      value = /^(?:0|[1-9]\d*)$/.test(token) ? value[Number(token)] : undefined
    else if (isObject(value) && Object.hasOwn(value, token)) value = value[token]
    else return undefined
  }
  return value
}

/** Follows `$ref` until a value that has none; undefined when it leads nowhere or in a circle. */
export function dereference(root: JsonObject, value: unknown): unknown {
  const seen = new Set<string>()
  let current = value
  for (;;) {
    const ref = stringMember(current, '$ref')
    if (ref === undefined) return current
    const tokens = pointerTokens(ref)
    if (tokens === null || seen.has(ref)) return undefined
    seen.add(ref)
    current = resolvePointer(root, tokens)
  }
}

/** Problems of the references a document holds. */
export function checkReferences(
  root: JsonObject,
  references: readonly FoundReference[],
): readonly Problem[] {
  return references.flatMap(({ ref, place }): readonly Problem[] => {
    const detail = ref.slice(0, 200)
    const tokens = pointerTokens(ref)
    if (tokens === null) return [{ code: 'external_reference', detail, place }]
    if (resolvePointer(root, tokens) === undefined) {
      return [{ code: 'unresolved_reference', detail, place }]
    }
    if (isInSchema(place) || dereference(root, { $ref: ref }) !== undefined) return []
    return [{ code: 'circular_reference', detail, place }]
  })
}

/** A schema that refers to itself is how trees are described; elsewhere it means nothing. */
function isInSchema(place: Place): boolean {
  return place.includes('schema') || place.includes('schemas')
}

function decodeToken(token: string): string {
  try {
    return decodeURIComponent(token)
  } catch {
    // A stray percent sign: taken literally, as most tools do.
    return token
  }
}
