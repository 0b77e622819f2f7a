/**
 * Where a schema document names its parts: `$id`, `$anchor`, `$dynamicAnchor`.
 *
 * Promises that only schemas are looked into: a name in a constant, an example or an unknown keyword is data.
 */
import { isObject, member, type JsonObject, type Place } from './json-value.ts'
import { keywordKind } from './keywords.ts'

export type IdentifiedSchema = { readonly schema: JsonObject; readonly place: Place }

/** The named schemas in a schema, outer ones before those inside. */
export function identifiedSchemas(root: unknown): readonly IdentifiedSchema[] {
  const found: IdentifiedSchema[] = []
  const pending: { readonly schema: unknown; readonly place: Place }[] = [
    { schema: root, place: [] },
  ]
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { schema, place } = next
    if (!isObject(schema)) continue
    if (isIdentified(schema)) found.push({ schema, place })
    for (const keyword of Object.keys(schema)) {
      for (const { step, value } of partsOf(keyword, schema[keyword])) {
        pending.push({ schema: value, place: [...place, keyword, ...step] })
      }
    }
  }
  return found
}

/** Whether the schema has a name of its own. */
export function isIdentified(schema: JsonObject): boolean {
  return ['$id', '$anchor', '$dynamicAnchor'].some(
    (keyword) => typeof member(schema, keyword) === 'string',
  )
}

type Part = { readonly step: Place; readonly value: unknown }

function partsOf(keyword: string, operand: unknown): readonly Part[] {
  switch (keywordKind(keyword)) {
    case 'schema':
      return [{ step: [], value: operand }]
    case 'schemas':
      return Array.isArray(operand)
        ? operand.map((value: unknown, index) => ({ step: [index], value }))
        : []
    case 'schemaMap':
    case 'definitions':
    case 'dependencies':
      return isObject(operand)
        ? Object.entries(operand).map(([name, value]) => ({ step: [name], value }))
        : []
    case 'reference':
    case 'operand':
    case 'described':
    case 'unsupported':
      return []
  }
}
