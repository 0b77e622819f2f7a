/** The schemas of one operation: what one of them has compiled of the shared ones, the next finds. */
import type { Check } from '../compile/run.ts'
import { createSchemaCompiler, type JsonSchema, referenceName } from '../compile/schema.ts'
import { member } from '../json-value.ts'

export type SchemaSet = {
  readonly compile: (schema: JsonSchema) => Check
  /** The shared schema that a `$ref` names. */
  readonly resolve: (ref: string) => unknown
}

export function createSchemaSet(shared: { readonly [name: string]: JsonSchema }): SchemaSet {
  return {
    compile: createSchemaCompiler(shared),
    resolve: (ref) => member(shared, referenceName(ref) ?? ''),
  }
}
