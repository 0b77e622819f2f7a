/** The schemas of one profile that refer to one another by name. */
import { member, type JsonObject } from '../json-value.ts'

/** A JSON Schema 2020-12 whose references are `#/$defs/{name}`. */
export type JsonSchema = JsonObject | boolean

export type SharedSchemas = { readonly [name: string]: JsonSchema }

/** The name in `#/$defs/{name}`, or null. */
export function referenceName(ref: unknown): string | null {
  return typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : null
}

/** Whether a schema asks what its other keywords looked at. */
export function usesUnevaluated(schema: JsonObject): boolean {
  return ['unevaluatedProperties', 'unevaluatedItems'].some(
    (keyword) => member(schema, keyword) !== undefined,
  )
}
