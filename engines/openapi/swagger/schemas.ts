/** Schemas of Swagger 2.0: draft 4 as in OpenAPI 3.0, with other places to refer to and two other spellings. */
import { isObject, type JsonObject } from '../json-value.ts'

const places: readonly (readonly [string, string])[] = [
  ['#/definitions/', '#/components/schemas/'],
  ['#/parameters/', '#/components/parameters/'],
  ['#/responses/', '#/components/responses/'],
]

/** A reference to where its target has gone. */
export function rewriteReference(ref: unknown): unknown {
  if (typeof ref !== 'string') return ref
  const moved = places.find(([from]) => ref.startsWith(from))
  return moved === undefined ? ref : moved[1] + ref.slice(moved[0].length)
}

/** The values of an object, each made into another; anything else stays as it is. */
export function mapMembers(value: unknown, change: (value: unknown) => unknown): unknown {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, change(each)]))
}

/** One description under each media type. */
export function contentOf(mediaTypes: readonly string[], mediaType: JsonObject): JsonObject {
  return Object.fromEntries(mediaTypes.map((name) => [name, mediaType]))
}

/** Converts a schema and what it holds. */
export function convertSchema(schema: unknown): unknown {
  if (!isObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).map(([keyword, operand]) => convertKeyword(keyword, operand, schema)),
  )
}

function convertKeyword(
  keyword: string,
  operand: unknown,
  schema: JsonObject,
): readonly [string, unknown] {
  switch (keyword) {
    case '$ref':
      return [keyword, rewriteReference(operand)]
    case 'properties':
      return [keyword, mapMembers(operand, convertSchema)]
    case 'items':
    case 'additionalProperties':
    case 'not':
      return [keyword, convertSchema(operand)]
    case 'allOf':
      return [keyword, Array.isArray(operand) ? operand.map(convertSchema) : operand]
    case 'discriminator':
      return [keyword, typeof operand === 'string' ? { propertyName: operand } : operand]
    case 'x-nullable':
      return ['nullable', operand]
    case 'type':
      return [keyword, operand === 'file' ? 'string' : operand]
    case 'format':
      return [keyword, schema['type'] === 'file' ? 'binary' : operand]
    default:
      return [keyword, operand]
  }
}
