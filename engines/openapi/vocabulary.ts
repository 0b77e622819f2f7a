/**
 * The vocabularies that a schema's dialect is made of (JSON Schema 2020-12 core §8.1.2).
 *
 * Promises to know only dialects whose meta-schema is at hand; any other is taken as 2020-12.
 */
import { member, objectMember, stringMember } from './json-value.ts'
import type { SchemaResource, SchemaResources } from './schema-resources.ts'

const validation = 'https://json-schema.org/draft/2020-12/vocab/validation'

/** Whether the dialect of a resource leaves the assertions of 2020-12 without effect. */
export function assertsNothing(resource: SchemaResource, resources: SchemaResources): boolean {
  const { root } = resource
  const dialect = stringMember(root, '$schema') ?? stringMember(root, 'jsonSchemaDialect')
  if (dialect === undefined) return false
  const found = resources.resolve(dialect, resource)
  if (!found.ok || member(found.value.schema, '$vocabulary') === undefined) return false
  return member(objectMember(found.value.schema, '$vocabulary'), validation) !== true
}
