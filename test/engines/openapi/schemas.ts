/** Schemas that are a document of their own, for the tests. */
import { findingsOf, type Check } from '../../../engines/openapi/compile/run.ts'
import { compileSchema, type JsonSchema } from '../../../engines/openapi/compile/schema.ts'
import { identifiedSchemas } from '../../../engines/openapi/identified-schemas.ts'
import { createResources } from '../../../engines/openapi/schema-resources.ts'
import { createSchemaConverter } from '../../../engines/openapi/schemas.ts'
import type { OpenApiVersion } from '../../../engines/openapi/shape.ts'
import type { Note } from '../../../engines/openapi/warnings.ts'

type Setting = {
  readonly version?: OpenApiVersion
  readonly lookUp?: (uri: string) => unknown
}

export function isValid(schema: JsonSchema, value: unknown): boolean {
  return findingsOf(compiledFrom(schema).check, value).length === 0
}

export function compiledFrom(
  schema: JsonSchema,
  { version = '3.1', ...setting }: Setting = {},
): { readonly check: Check; readonly notes: readonly Note[] } {
  const root = typeof schema === 'boolean' ? {} : schema
  const identified = version === '3.1' ? identifiedSchemas(root) : []
  const resources = createResources({ root, identified, ...setting })
  const converter = createSchemaConverter({ root, version, resources })
  const converted = converter.convert(schema, [])
  const { schemas, notes } = converter.finish()
  return { check: compileSchema(converted, schemas), notes }
}
