/**
 * The JSON types a schema lets a parameter's text stand for.
 *
 * Promises an answer for any schema: `$ref`, `allOf`, `anyOf` and `oneOf` are looked through to a
 * bounded depth, and a schema that names no type says `string`, which every text is.
 */
import { arrayMember, isObject, member, stringMember } from './json-value.ts'

export type ValueKind = 'array' | 'boolean' | 'integer' | 'null' | 'number' | 'object' | 'string'

/** How many references and combinations deep types are looked for. */
const lookThroughMax = 8

/** The types a schema names, `resolve` giving what a `$ref` leads to. */
export function valueKinds(
  schema: unknown,
  resolve: (ref: string) => unknown,
): readonly ValueKind[] {
  const kinds = namedKinds(schema, resolve, lookThroughMax)
  return kinds.length > 0 ? kinds : ['string']
}

/** The first of the keywords that names types decides. */
function namedKinds(
  schema: unknown,
  resolve: (ref: string) => unknown,
  depth: number,
): readonly ValueKind[] {
  if (!isObject(schema) || depth === 0) return []
  const types = [member(schema, 'type')].flat().filter(isKind)
  const isNullable = schema['nullable'] === true
  if (types.length > 0) return isNullable ? [...types, 'null'] : types
  const ref = stringMember(schema, '$ref')
  if (ref !== undefined) return namedKinds(resolve(ref), resolve, depth - 1)
  const parts = ['allOf', 'anyOf', 'oneOf']
    .flatMap((keyword) => arrayMember(schema, keyword))
    .concat(member(schema, 'else') ?? [])
    .flatMap((part) => namedKinds(part, resolve, depth - 1))
  return [...new Set(parts.length > 0 ? parts : kindsOfConstants(schema))]
}

function kindsOfConstants(schema: unknown): readonly ValueKind[] {
  const constants = [...arrayMember(schema, 'enum'), ...[member(schema, 'const')].flat()]
  return constants.flatMap((value): readonly ValueKind[] => {
    if (value === null) return ['null']
    const type = typeof value
    return type === 'boolean' || type === 'number' || type === 'string' ? [type] : []
  })
}

function isKind(value: unknown): value is ValueKind {
  return (
    typeof value === 'string' && /^(?:array|boolean|integer|null|number|object|string)$/.test(value)
  )
}
