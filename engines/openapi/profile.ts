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
import { isJson, isValidated, parseMediaRange } from './media-types.ts'
import { defaultStyles, type ParameterLocation, type ParameterStyle } from './parameters/decoder.ts'
import { listOperations, type DocumentOperation, type DocumentParameter } from './path-items.ts'
import { withoutQuery } from './path-rules.ts'
import { dereference } from './references.ts'
import { createSchemaConverter, type SchemaConverter } from './schemas.ts'
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

export type ParameterProfile = {
  readonly in: ParameterLocation
  readonly name: string
  readonly required: boolean
  /** Absent: the default of the location, `simple` or `form`. */
  readonly style?: ParameterStyle
  /** Whether the items or members stand apart rather than joined in one text. */
  readonly explode: boolean
  /** A name with nothing behind it is accepted, whatever the schema says. */
  readonly allow_empty?: true
  /** The text is a JSON text. */
  readonly is_json?: true
  /** Null when the value is not checked. */
  readonly schema: JsonSchema | null
}

export type BodyProfile = {
  readonly required: boolean
  /** By media range in lower case; null passes unvalidated. */
  readonly content: { readonly [mediaRange: string]: MediaTypeProfile | null }
}

export type MediaTypeProfile = {
  readonly schema: JsonSchema
  /** How the members of a form are written, by their names. */
  readonly encoding?: { readonly [property: string]: EncodingProfile }
}

export type EncodingProfile = {
  /** Media ranges that a part may have; absent: whatever it says. */
  readonly content_types?: readonly string[]
  /** Absent: each value as the default of its type. */
  readonly style?: ParameterStyle
  readonly explode?: boolean
}

export type CompiledProfile = {
  readonly profile: SchemaProfile
  readonly warnings: readonly Warning[]
}

/** Compiles every operation of a document. */
export function compileProfile({ root, version }: ReadDocument): CompiledProfile {
  const context: Context = { root, converter: createSchemaConverter(root, version), notes: [] }
  const operations = listOperations(root).map(
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
  const template = parseTemplate(withoutQuery(described.path))
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
  { in: written, name, parameter }: DocumentParameter,
  operationPlace: Place,
): ParameterProfile {
  const place = [...operationPlace, 'parameters', name]
  const location = isLocation(written) ? written : 'query'
  const style = readStyle(parameter, location)
  const explode = member(parameter, 'explode')
  const described = describedBy(parameter)
  if (described === null) {
    context.notes.push({ code: 'parameter_content_unsupported', detail: '', place })
  }
  return {
    in: location,
    name,
    required: location === 'path' || parameter['required'] === true,
    ...(style === defaultStyles[location] ? {} : { style }),
    explode: typeof explode === 'boolean' ? explode : style === 'form',
    ...(parameter['allowEmptyValue'] === true && location === 'query' ? { allow_empty: true } : {}),
    ...(described?.isJson === true ? { is_json: true } : {}),
    schema:
      described === null
        ? null
        : context.converter.convert(described.schema, [...place, ...described.place]),
  }
}

function isLocation(location: string): location is ParameterLocation {
  return Object.hasOwn(stylesOf, location)
}

/** OpenAPI 3.1.1, "Style Values"; the first of each is the default. */
const stylesOf = {
  path: ['simple', 'label', 'matrix'],
  query: ['form', 'spaceDelimited', 'pipeDelimited', 'deepObject'],
  header: ['simple'],
  cookie: ['form'],
} as const satisfies { readonly [Location in ParameterLocation]: readonly ParameterStyle[] }

/** A style of another location was refused when the document was read. */
function readStyle(parameter: JsonObject, location: ParameterLocation): ParameterStyle {
  const written = stringMember(parameter, 'style')
  return stylesOf[location].find((each) => each === written) ?? defaultStyles[location]
}

type Described = { readonly schema: unknown; readonly isJson: boolean; readonly place: Place }

/** By a schema, or by the one media type of `content`; null when that is not JSON, or neither is there. */
function describedBy(parameter: JsonObject): Described | null {
  const schema = member(parameter, 'schema')
  if (schema !== undefined) return { schema, isJson: false, place: ['schema'] }
  const [range, mediaType] = Object.entries(objectMember(parameter, 'content'))[0] ?? []
  const parsed = range === undefined ? null : parseMediaRange(range)
  if (range === undefined || parsed === null || !isJson(parsed.essence)) return null
  const place = ['content', range, 'schema']
  return { schema: member(mediaType, 'schema') ?? true, isJson: true, place }
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
): MediaTypeProfile | null {
  const parsed = parseMediaRange(range)
  if (parsed === null || !isValidated(parsed.essence)) {
    context.notes.push({ code: 'media_type_not_validated', detail: range.slice(0, 100), place })
    return null
  }
  const written = member(mediaType, 'schema')
  const schema =
    written === undefined ? true : context.converter.convert(written, [...place, 'schema'])
  const encoding = Object.entries(objectMember(mediaType, 'encoding')).map(
    ([name, each]) => [name, encodingOf(each)] as const,
  )
  return encoding.length === 0 ? { schema } : { schema, encoding: Object.fromEntries(encoding) }
}

/** OpenAPI 3.1.1, "Encoding Object". */
function encodingOf(encoding: unknown): EncodingProfile {
  const types = stringMember(encoding, 'contentType')
  const written = stringMember(encoding, 'style')
  const style = stylesOf.query.find((each) => each === written)
  const explode = member(encoding, 'explode')
  return {
    ...(types === undefined
      ? {}
      : { content_types: types.split(',').map((type) => type.trim().toLowerCase()) }),
    ...(style === undefined ? {} : { style }),
    ...(typeof explode === 'boolean' ? { explode } : {}),
  }
}
