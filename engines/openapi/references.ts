/**
 * `$ref` inside one document.
 *
 * Promises that only JSON Pointers into the document are followed (RFC 6901 §6); a reference to
 * another resource is refused with its place and never fetched.
 */
import type { Problem } from './document-error.ts'
import { stringMember, type JsonObject, type Place } from './json-value.ts'
import { pointerTokens, resolvePointer } from './pointer.ts'
import type { ReferenceError, SchemaResources } from './schema-resources.ts'
import type { ObjectName } from './shape.ts'
import type { FoundReference } from './structure.ts'
import type { Note } from './warnings.ts'

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

/** What is wrong with the references a document holds: what cannot be meant is refused, what merely is not there is noted. */
export function checkReferences(
  root: JsonObject,
  references: readonly FoundReference[],
  resources: SchemaResources,
): { readonly problems: readonly Problem[]; readonly notes: readonly Note[] } {
  const problems: Problem[] = []
  const notes: Note[] = []
  for (const { ref, place, of } of references) {
    const code = of === 'schema' ? schemaError(ref, place, resources) : pointerError(root, ref)
    const found = { detail: ref.slice(0, 200), place }
    if (code === null) continue
    // An operation whose path item is nowhere would be missing without a word; anything else is only not checked.
    const isNote = code === 'unresolved_reference' ? of !== 'pathItem' : isBesideRequests(of)
    if (!isNote || code === 'circular_reference') problems.push({ code, ...found })
    // Of a schema the converter says it, if the schema is used at all.
    else if (of !== 'schema') notes.push({ code, ...found })
  }
  return { problems, notes }
}

/** What says nothing about the requests and responses of an operation. */
function isBesideRequests(of: ObjectName): boolean {
  return ['example', 'link', 'securityScheme', 'callback'].includes(of)
}

/** A schema that refers to itself is how trees are described. */
function schemaError(ref: string, place: Place, resources: SchemaResources): ReferenceError | null {
  const found = resources.resolve(ref, resources.around(place))
  return found.ok ? null : found.error
}

type PointerError = ReferenceError | 'circular_reference'

function pointerError(root: JsonObject, ref: string): PointerError | null {
  const tokens = pointerTokens(ref)
  if (tokens === null) return 'external_reference'
  if (resolvePointer(root, tokens) === undefined) return 'unresolved_reference'
  return isCircle(root, ref) ? 'circular_reference' : null
}

function isCircle(root: JsonObject, start: string): boolean {
  const seen = new Set<string>()
  for (let ref: string | undefined = start; ref !== undefined;) {
    if (seen.has(ref)) return true
    seen.add(ref)
    ref = stringMember(resolvePointer(root, pointerTokens(ref) ?? []), '$ref')
  }
  return false
}
