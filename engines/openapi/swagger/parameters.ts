/**
 * Parameters of Swagger 2.0: those in path, query and header keep their place and put what they say of the value into a
 * schema; `body` and `formData` become the request body.
 */
import { isObject, member, stringMember, type JsonObject } from '../json-value.ts'
import { dereference } from '../references.ts'
import { contentOf, convertSchema, rewriteReference } from './schemas.ts'

/** What an operation reads and writes, its own or the document's. */
export type MediaTypes = {
  readonly consumes: readonly string[]
  readonly produces: readonly string[]
}

type OperationParameters = {
  readonly own: readonly unknown[]
  readonly shared: readonly unknown[]
  readonly consumes: readonly string[]
}

/** `parameters` and `requestBody` of an operation; its own parameters replace the path's of the same name and place. */
export function convertOperationParameters(
  root: JsonObject,
  { own, shared, consumes }: OperationParameters,
): JsonObject {
  const identity = (parameter: unknown) => {
    const found = dereference(root, parameter)
    const location = stringMember(found, 'in')
    return location === 'body' ? 'body' : `${location} ${stringMember(found, 'name')}`
  }
  const replaced = new Set(own.map(identity))
  const all = [...shared.filter((parameter) => !replaced.has(identity(parameter))), ...own]
  const isInBody = (parameter: unknown) => isSentInBody(dereference(root, parameter))
  const others = all.filter((parameter) => !isInBody(parameter))
  const inBody = all.filter(isInBody).map((parameter) => dereference(root, parameter))
  return {
    ...(others.length > 0 ? { parameters: others.map(convertParameter) } : {}),
    ...(inBody.length > 0 ? { requestBody: convertBody(inBody.filter(isObject), consumes) } : {}),
  }
}

/** Whether a parameter is the body or a part of a form. */
export function isSentInBody(parameter: unknown): boolean {
  const location = stringMember(parameter, 'in')
  return location === 'body' || location === 'formData'
}

/** Converts a parameter that stays one, or a reference to it. */
export function convertParameter(parameter: unknown): unknown {
  if (!isObject(parameter)) return parameter
  if (member(parameter, '$ref') !== undefined) return { $ref: rewriteReference(parameter['$ref']) }
  return {
    ...pick(parameter, (name) => describing.has(name) || name.startsWith('x-')),
    ...styleOf(parameter),
    schema: convertValueSchema(parameter),
  }
}

const describing = new Set(['name', 'in', 'description', 'required', 'allowEmptyValue'])
const notOfValue = new Set([...describing, 'collectionFormat'])

/** The schema that the members of a parameter, a header or an item are, but for those that describe it. */
export function convertValueSchema(value: JsonObject): unknown {
  const schema = pick(
    value,
    (name) => !notOfValue.has(name) && (!name.startsWith('x-') || name === 'x-nullable'),
  )
  const items = member(value, 'items')
  return convertSchema({
    ...schema,
    ...(isObject(items) ? { items: convertValueSchema(items) } : {}),
  })
}

function pick(value: JsonObject, isWanted: (name: string) => boolean): JsonObject {
  return Object.fromEntries(Object.entries(value).filter(([name]) => isWanted(name)))
}

/** `collectionFormat`, `csv` where there is none; tabs have no style, so such a list is not taken apart. */
const styles: { readonly [format: string]: JsonObject } = {
  csv: { explode: false },
  ssv: { style: 'spaceDelimited', explode: false },
  pipes: { style: 'pipeDelimited', explode: false },
  multi: { style: 'form', explode: true },
}

function styleOf(parameter: JsonObject): JsonObject {
  if (parameter['type'] !== 'array') return {}
  const format = stringMember(parameter, 'collectionFormat') ?? 'csv'
  // Lists in a path or a header are written with commas in any case.
  if (parameter['in'] !== 'query' && parameter['in'] !== 'formData') return {}
  return (Object.hasOwn(styles, format) ? styles[format] : undefined) ?? { explode: false }
}

function convertBody(parameters: readonly JsonObject[], consumes: readonly string[]): JsonObject {
  const body = parameters.find((parameter) => parameter['in'] === 'body')
  if (body === undefined) return convertForm(parameters, consumes)
  const { description } = body
  return {
    ...(description === undefined ? {} : { description }),
    required: body['required'] === true,
    content: contentOf(consumes, { schema: convertSchema(member(body, 'schema') ?? {}) }),
  }
}

const formTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data'])

function convertForm(fields: readonly JsonObject[], consumes: readonly string[]): JsonObject {
  const named = fields.map((field) => [String(field['name']), field] as const)
  const hasFile = fields.some((field) => field['type'] === 'file')
  const declared = consumes.filter((type) => formTypes.has(type))
  const fallback = hasFile ? 'multipart/form-data' : 'application/x-www-form-urlencoded'
  const required = named.filter(([, field]) => field['required'] === true).map(([name]) => name)
  const lists = named.filter(([, field]) => field['type'] === 'array')
  const properties = named.map(([name, field]) => [name, fieldSchema(field)] as const)
  const schema = {
    type: 'object',
    properties: Object.fromEntries(properties),
    ...(required.length > 0 ? { required: [...new Set(required)] } : {}),
  }
  const encoding = Object.fromEntries(lists.map(([name, field]) => [name, styleOf(field)]))
  return {
    required: required.length > 0,
    content: contentOf(declared.length > 0 ? declared : [fallback], {
      schema,
      ...(lists.length > 0 ? { encoding } : {}),
    }),
  }
}

function fieldSchema(field: JsonObject): unknown {
  const isFile = field['type'] === 'file'
  return isFile ? { type: 'string', format: 'binary' } : convertValueSchema(field)
}
