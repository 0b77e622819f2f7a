/**
 * The compiled form of a document: what requests to its operations must look like.
 *
 * Promises plain JSON, complete in itself, from which `createValidator` builds one operation at a time;
 * shared schemas stand once. What it cannot enforce is named in the warnings.
 */
import { parseTemplate } from '#engines/paths'
import type { JsonSchema } from './compile/schema.ts'
import type { ReadDocument } from './document.ts'
import { isObject, member, type Place } from './json-value.ts'
import { isValidated } from './media-types.ts'
import type { DocumentOperation } from './path-items.ts'
import { templateText } from './path-rules.ts'
import { compileContent, type ContentProfile } from './profile-content.ts'
import type { ProfileContext } from './profile-context.ts'
import { compileParameter, isChecked, type ParameterProfile } from './profile-parameter.ts'
import { dereference } from './references.ts'
import { createSchemaConverter } from './schemas.ts'
import { warningsOf, type Warning } from './warnings.ts'

export type SchemaProfile = {
  /** By `profile_key` of the extracted operation: `POST /temps`. */
  readonly operations: { readonly [key: string]: OperationProfile }
  /** What `#/$defs/{name}` refers to. */
  readonly schemas: { readonly [name: string]: JsonSchema }
}

export type OperationProfile = {
  /** Names of the path variables, in the order of the endpoint. */
  readonly path_variables: readonly string[]
  readonly parameters: readonly ParameterProfile[]
  /** Null when the document says nothing about a body: then none is looked at. */
  readonly body: BodyProfile | null
}

export type BodyProfile = {
  readonly required: boolean
  readonly content: ContentProfile
}

export type CompiledProfile = {
  readonly profile: SchemaProfile
  readonly warnings: readonly Warning[]
}

/** Compiles every operation of a document. */
export function compileProfile(document: ReadDocument): CompiledProfile {
  const context: ProfileContext = {
    root: document.root,
    converter: createSchemaConverter(document),
    looksInto: isValidated,
    notes: [],
  }
  const operations = document.operations.map(
    (each) => [each.key, compileOperation(context, each)] as const,
  )
  const { schemas, notes } = context.converter.finish()
  return {
    profile: { operations: Object.fromEntries(operations), schemas },
    warnings: warningsOf([...context.notes, ...notes]),
  }
}

function compileOperation(context: ProfileContext, described: DocumentOperation): OperationProfile {
  const template = parseTemplate(templateText(described.path))
  const path_variables = template.ok ? template.value.variables : []
  const place = ['paths', described.path, described.method.toLowerCase()]
  return {
    path_variables,
    parameters: described.parameters
      .filter(({ in: location, name }) => location !== 'path' || path_variables.includes(name))
      .filter(isChecked)
      .map((each) => compileParameter(context, each, [...place, 'parameters', each.name])),
    body: compileBody(context, member(described.operation, 'requestBody'), [
      ...place,
      'requestBody',
    ]),
  }
}

function compileBody(
  context: ProfileContext,
  requestBody: unknown,
  place: Place,
): BodyProfile | null {
  const body = dereference(context.root, requestBody)
  if (!isObject(body)) return null
  const content = compileContent(context, member(body, 'content'), [...place, 'content'])
  return { required: body['required'] === true, content }
}
