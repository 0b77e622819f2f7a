/**
 * Schemas of an OpenAPI document, as written, with references followed and `allOf` merged, so that a value can be made from
 * each. It reads the document by itself: what it makes tests the engine's reading and cannot share its mistakes.
 */
export type Json = { readonly [name: string]: unknown }

export function isJson(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What `#/a/b` leads to, references followed. */
export function resolve(root: Json, value: unknown): Json {
  let found = value
  for (let hops = 0; hops < 20; hops++) {
    if (!isJson(found)) return {}
    const ref = found['$ref']
    if (typeof ref !== 'string') return found
    found = pointed(root, ref)
  }
  return {}
}

function pointed(root: Json, ref: string): unknown {
  const steps = ref.split('/').slice(1)
  return steps.reduce<unknown>((value, step) => {
    const name = decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')
    if (Array.isArray(value)) return value[Number(name)]
    return isJson(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }, root)
}

/** `choice` says which alternative is taken wherever there are some. */
export function flat(root: Json, schema: unknown, choice: number, depth = 0): Json {
  if (!isJson(schema) || depth > 20) return {}
  const { $ref: ref, allOf, anyOf, oneOf, ...own } = schema
  if (typeof ref === 'string') {
    const target = flat(root, pointed(root, ref), choice, depth + 1)
    // In 3.0 nothing stands beside a reference.
    return String(root['openapi']).startsWith('3.0')
      ? target
      : merged(target, flat(root, { allOf, anyOf, oneOf, ...own }, choice, depth + 1))
  }
  const parts = [...list(allOf), ...picked(anyOf, choice), ...picked(oneOf, choice)]
  return parts
    .map((part) => flat(root, part, choice, depth + 1))
    .reduce((whole, part) => merged(whole, part), own)
}

export function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function picked(alternatives: unknown, choice: number): readonly unknown[] {
  const all = list(alternatives)
  return all.length === 0 ? [] : [all[choice % all.length]]
}

function merged(one: Json, other: Json): Json {
  const both: Record<string, unknown> = { ...one }
  for (const [keyword, value] of Object.entries(other)) {
    const known = both[keyword]
    both[keyword] = known === undefined ? value : (MERGE[keyword] ?? keepFirst)(known, value)
  }
  return both
}

type Merge = (one: unknown, other: unknown) => unknown

const keepFirst: Merge = (one) => one
const least: Merge = (one, other) => Math.min(Number(one), Number(other))
const most: Merge = (one, other) => Math.max(Number(one), Number(other))
const together: Merge = (one, other) => ({ allOf: [one, other] })

const MERGE: { readonly [keyword: string]: Merge } = {
  minimum: most,
  minLength: most,
  minItems: most,
  minProperties: most,
  maximum: least,
  maxLength: least,
  maxItems: least,
  maxProperties: least,
  items: together,
  required: (one, other) => [...new Set([...list(one), ...list(other)])],
  enum: (one, other) => list(one).filter((value) => list(other).includes(value)),
  additionalProperties: (one, other) => (one === false || other === false ? false : one),
  type: (one, other) => {
    const types = [one].flat().filter((type) => [other].flat().includes(type))
    return types.length > 0 ? types : one === 'integer' || other === 'integer' ? 'integer' : one
  },
  properties: (one, other) => {
    const all: Record<string, unknown> = isJson(one) ? { ...one } : {}
    for (const [name, schema] of Object.entries(isJson(other) ? other : {})) {
      all[name] = all[name] === undefined ? schema : together(all[name], schema)
    }
    return all
  },
}
