/**
 * What documents write, in the spelling of JSON Schema 2020-12.
 *
 * Promises new schemas and leaves the given ones alone; each function is about one habit of OpenAPI 3.0 or of its authors.
 */
import { typeTests } from './compile/assertions.ts'
import { arrayMember, member, type JsonObject } from './json-value.ts'

/** A schema that asks for more schemas beside it. */
export function withApart(schema: JsonObject, apart: readonly JsonObject[]): JsonObject {
  return apart.length === 0
    ? schema
    : { ...schema, allOf: [...arrayMember(schema, 'allOf'), ...apart] }
}

/** Whether no value can conform, since none of those listed has the type. */
export function isContradiction(schema: JsonObject): boolean {
  const types = [member(schema, 'type')].flat().filter((type) => type !== 'null')
  const values = arrayMember(schema, 'enum').filter((value) => value !== null)
  if (types.length === 0 || types[0] === undefined || values.length === 0) return false
  return !values.some((value) => types.some((type) => typeTests.get(type)?.(value) === true))
}

/** Lets a value through that satisfies either: the author meant one of the two, and clients send what the service takes. */
export function eitherOf({ type, enum: values, ...schema }: JsonObject): JsonObject {
  return withApart(schema, [{ anyOf: [{ type }, { enum: values }] }])
}

/** In 3.0 (JSON Schema draft 4) `exclusiveMinimum: true` sharpens `minimum`. */
export function exclusiveBounds(plain: JsonObject, schema: JsonObject): JsonObject {
  const { minimum, maximum, ...others } = plain
  return {
    ...others,
    ...(minimum === undefined
      ? {}
      : schema['exclusiveMinimum'] === true
        ? { exclusiveMinimum: minimum }
        : { minimum }),
    ...(maximum === undefined
      ? {}
      : schema['exclusiveMaximum'] === true
        ? { exclusiveMaximum: maximum }
        : { maximum }),
  }
}

/**
 * OpenAPI 3.0.4 §4.7.24.1 gives `nullable` an effect beside `type` only, and none on an `enum` without null; documents write
 * it beside `allOf` and such an `enum` and mean it, so there null is let through as well.
 */
export function nullable(schema: JsonObject): JsonObject {
  const type = schema['type']
  if (type === undefined) return { if: { type: 'null' }, else: schema }
  const values = schema['enum']
  return {
    ...schema,
    type: [...new Set([type, 'null'].flat())],
    ...(Array.isArray(values) ? { enum: [...new Set([...values, null])] } : {}),
  }
}
