/**
 * The compiled form of a document: what requests to its operations must look like.
 *
 * Promises plain JSON, complete in itself, from which `createValidator` builds one operation at a time;
 * shared schemas stand once. What it cannot enforce is named in the warnings.
 */
import { parseTemplate } from '#engines/paths'
import type { JsonSchema } from './compile/schema.ts'
import type { ReadDocument } from './document.ts'
import {
  isObject,
  member,
  objectMember,
  stringMember,
  type JsonObject,
  type Place,
} from './json-value.ts'
import { parseMediaRange } from './media-types.ts'
import type { DocumentOperation, DocumentParameter } from './path-items.ts'
import { templateText } from './path-rules.ts'
import { dereference } from './references.ts'
import { createSchemaConverter, type SchemaConverter } from './schemas.ts'
import { valueKinds } from './value-kinds.ts'
import { warningsOf, type Note, type Warning } from './warnings.ts'

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

export type ParameterLocation = 'path' | 'query' | 'header' | 'cookie'

export type ParameterProfile = {
  readonly in: ParameterLocation
  readonly name: string
  readonly required: boolean
  /** Whether an array's items are parameters of one name rather than parted by commas. */
  readonly explode: boolean
  /** Null when the value is not checked. */
  readonly schema: JsonSchema | null
}

export type BodyProfile = {
  readonly required: boolean
  /** By media range in lower case; null passes unvalidated. */
  readonly content: { readonly [mediaRange: string]: JsonSchema | null }
}

export type CompiledProfile = {
  readonly profile: SchemaProfile
  readonly warnings: readonly Warning[]
}

/** Compiles every operation of a document. */
export function compileProfile(document: ReadDocument): CompiledProfile {
  const { root } = document
  const context: Context = { root, converter: createSchemaConverter(document), notes: [] }
  const operations = document.operations.map(
    (each) => [each.key, compileOperation(context, each)] as const,
  )
  const { schemas, notes } = context.converter.finish()
  return {
    profile: { operations: Object.fromEntries(operations), schemas },
    warnings: warningsOf([...context.notes, ...notes]),
  }
}

type Context = {
  readonly root: JsonObject
  readonly converter: SchemaConverter
  readonly notes: Note[]
}

function compileOperation(context: Context, described: DocumentOperation): OperationProfile {
  const template = parseTemplate(templateText(described.path))
  const path_variables = template.ok ? template.value.variables : []
  const place = ['paths', described.path, described.method.toLowerCase()]
  return {
    path_variables,
    parameters: described.parameters
      .filter(({ in: location, name }) => location !== 'path' || path_variables.includes(name))
      .filter(isChecked)
      .map((parameter) => compileParameter(context, parameter, place)),
    body: compileBody(context, member(described.operation, 'requestBody'), [
      ...place,
      'requestBody',
    ]),
  }
}

/** OpenAPI 3.0.4 §4.7.12.1: these three header parameters are described elsewhere and ignored. */
function isChecked({ in: location, name }: DocumentParameter): boolean {
  return (
    location !== 'header' ||
    !['accept', 'content-type', 'authorization'].includes(name.toLowerCase())
  )
}

function compileParameter(
  context: Context,
  { in: location, name, parameter }: DocumentParameter,
  operationPlace: Place,
): ParameterProfile {
  const place = [...operationPlace, 'parameters', name]
  const style = stringMember(parameter, 'style') ?? defaultStyle(location)
  const explode = member(parameter, 'explode')
  return {
    in: isLocation(location) ? location : 'query',
    name,
    required: location === 'path' || parameter['required'] === true,
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    schema: compileParameterSchema(context, { parameter, location, style }, place),
  }
}

function isLocation(location: string): location is ParameterLocation {
  return ['path', 'query', 'header', 'cookie'].includes(location)
}

function defaultStyle(location: string): 'form' | 'simple' {
  return location === 'query' || location === 'cookie' ? 'form' : 'simple'
}

type StyledParameter = {
  readonly parameter: JsonObject
  readonly location: string
  readonly style: string
}

function compileParameterSchema(
  context: Context,
  { parameter, location, style }: StyledParameter,
  place: Place,
): JsonSchema | null {
  const unchecked = (code: Note['code'], detail: string) => {
    context.notes.push({ code, detail, place })
    return null
  }
  const schema = member(parameter, 'schema')
  if (schema === undefined) return unchecked('parameter_content_unsupported', '')
  if (style !== defaultStyle(location)) return unchecked('parameter_style_unsupported', style)
  const resolve = (ref: string) => dereference(context.root, { $ref: ref })
  if (valueKinds(schema, resolve).includes('object'))
    return unchecked('parameter_object_unsupported', '')
  return context.converter.convert(schema, [...place, 'schema'])
}

function compileBody(context: Context, requestBody: unknown, place: Place): BodyProfile | null {
  const body = dereference(context.root, requestBody)
  if (!isObject(body)) return null
  const content = Object.entries(objectMember(body, 'content')).map(([range, mediaType]) => {
    const at = [...place, 'content', range]
    return [
      range.toLowerCase().trim(),
      compileMediaType(context, { range, mediaType }, at),
    ] as const
  })
  return { required: body['required'] === true, content: Object.fromEntries(content) }
}

type DescribedMediaType = { readonly range: string; readonly mediaType: unknown }

function compileMediaType(
  context: Context,
  { range, mediaType }: DescribedMediaType,
  place: Place,
): JsonSchema | null {
  const parsed = parseMediaRange(range)
  if (parsed === null || !parsed.mayBeJson) {
    context.notes.push({ code: 'media_type_not_validated', detail: range.slice(0, 100), place })
    return null
  }
  const schema = member(mediaType, 'schema')
  return schema === undefined ? true : context.converter.convert(schema, [...place, 'schema'])
}
