/** Values that a schema of a document describes: the least there is, or with all optional members. */
import { flat, isJson, type Json, list } from './flat-schema.ts'
import { samplePattern } from './sample-pattern.ts'

export type Making = {
  readonly root: Json
  readonly isFull: boolean
  /** Which alternative is taken of `anyOf` and `oneOf`. */
  readonly choice: number
  /** Lists have an item: only JSON can write one without. */
  readonly isJson?: boolean
  /** Members that are not sent; of requests, those that can only be read. */
  readonly omits?: 'readOnly' | 'writeOnly'
}

/** `undefined` when no value could be made. */
export function makeValue(making: Making, schema: unknown): unknown {
  return make({ making, schema, depth: 0, variant: 0 })
}

type Task = {
  readonly making: Making
  readonly schema: unknown
  readonly depth: number
  /** Counts the items of a list that must differ. */
  readonly variant: number
}

function make(task: Task): unknown {
  const { making, depth, variant } = task
  if (depth > 24) return undefined
  const schema = flat(making.root, task.schema, making.choice)
  if (schema['const'] !== undefined) return schema['const']
  const values = list(schema['enum']).filter((value) => value !== null)
  if (values.length > 0) return values[variant % values.length]
  switch (typeOf(schema)) {
    case 'object':
      return makeObject(task, schema)
    case 'array':
      return makeArray(task, schema)
    case 'integer':
    case 'number':
      return makeNumber(schema, variant)
    case 'boolean':
      return variant % 2 === 0
    case 'null':
      return null
    default:
      return makeString(schema, variant)
  }
}

function typeOf(schema: Json): string {
  const type = [schema['type']].flat().find((each) => each !== 'null')
  if (typeof type === 'string') return type
  if (schema['type'] !== undefined) return 'null'
  if (schema['properties'] !== undefined || schema['required'] !== undefined) return 'object'
  if (schema['items'] !== undefined) return 'array'
  return schema['minimum'] === undefined && schema['maximum'] === undefined ? 'string' : 'number'
}

function makeObject({ making, depth, variant }: Task, schema: Json): unknown {
  const properties = isJson(schema['properties']) ? schema['properties'] : {}
  const required = new Set(list(schema['required']).map(String))
  const isOptionalMade = making.isFull && depth < 4
  const made: Record<string, unknown> = {}
  const add = (name: string, isNeeded: boolean): boolean => {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined
    if (
      property !== undefined &&
      flat(making.root, property, 0)[making.omits ?? 'readOnly'] === true
    )
      return true
    const described = property ?? schema['additionalProperties']
    const value = make({ making, schema: described, depth: depth + 1, variant })
    if (value !== undefined)
      Object.defineProperty(made, name, {
        value,
        enumerable: true,
        configurable: true,
        writable: true,
      })
    return value !== undefined || !isNeeded
  }
  for (const name of required) if (!add(name, true)) return undefined
  const most = Number(schema['maxProperties'] ?? Infinity)
  const least = Number(schema['minProperties'] ?? 0)
  const size = (): number => Object.keys(made).length
  for (const name of Object.keys(properties)) {
    if (required.has(name) || size() >= most) continue
    if (isOptionalMade || size() < least) add(name, false)
  }
  for (let extra = 0; size() < least && extra < least; extra++) add(`extra${extra}`, false)
  return made
}

function makeArray({ making, depth }: Task, schema: Json): unknown {
  const least = Number(schema['minItems'] ?? 0)
  const isFilled = (making.isFull && depth < 4) || (making.isJson !== true && depth < 2)
  const count = Math.max(least, isFilled && schema['maxItems'] !== 0 ? 1 : 0)
  const items: unknown[] = []
  for (let variant = 0; variant < count; variant++) {
    const prefix = list(schema['prefixItems'])[variant]
    const item = make({ making, schema: prefix ?? schema['items'], depth: depth + 1, variant })
    // Nothing can be made of what describes itself without an end.
    if (item === undefined) return items.length >= least ? items : undefined
    items.push(item)
  }
  return items
}

function makeNumber(schema: Json, variant: number): number | undefined {
  const isInteger = typeOf(schema) === 'integer' || /^u?int/.test(String(schema['format']))
  const step = Number(schema['multipleOf'] ?? (isInteger ? 1 : 0.5))
  const low = bound(schema, 'minimum', 'exclusiveMinimum')
  const high = bound(schema, 'maximum', 'exclusiveMaximum')
  const start = low ?? (high === undefined ? 1 : Math.min(1, high.value))
  const from = typeof start === 'number' ? start : start.value
  const isShut = (value: number): boolean =>
    (low !== undefined && (low.isExclusive ? value <= low.value : value < low.value)) ||
    (high !== undefined && (high.isExclusive ? value >= high.value : value > high.value))
  const multiples = Math.ceil(from / step)
  for (const offset of [0, 1, -1]) {
    const value = (multiples + offset + variant) * step
    if (!isShut(value)) return value
  }
  return low !== undefined && !low.isExclusive ? low.value : undefined
}

type Bound = { readonly value: number; readonly isExclusive: boolean }

function bound(schema: Json, inclusive: string, exclusive: string): Bound | undefined {
  const limit = schema[exclusive]
  if (typeof limit === 'number') return { value: limit, isExclusive: true }
  const value = schema[inclusive]
  return typeof value === 'number' ? { value, isExclusive: limit === true } : undefined
}

const FORMATS: { readonly [format: string]: string } = {
  'date-time': '2026-01-01T12:00:00Z',
  date: '2026-01-01',
  time: '12:00:00Z',
  duration: 'P1D',
  email: 'a@example.com',
  'idn-email': 'a@example.com',
  hostname: 'a.example.com',
  'idn-hostname': 'a.example.com',
  ipv4: '192.0.2.1',
  ipv6: '2001:db8::1',
  uri: 'https://example.com/a',
  'uri-reference': '/a',
  'uri-template': '/a/{b}',
  iri: 'https://example.com/a',
  'iri-reference': '/a',
  url: 'https://example.com/a',
  uuid: '123e4567-e89b-42d3-a456-426614174000',
  byte: 'YWJj',
  regex: 'a',
  'json-pointer': '/a',
  'relative-json-pointer': '0/a',
}

function makeString(schema: Json, variant: number): string | undefined {
  const least = Number(schema['minLength'] ?? 0)
  const most = Number(schema['maxLength'] ?? Infinity)
  const format = FORMATS[String(schema['format'])]
  const pattern = schema['pattern']
  if (typeof pattern === 'string') {
    if (format !== undefined && new RegExp(pattern).test(format)) return format
    return samplePattern(pattern, least, variant) ?? undefined
  }
  if (format !== undefined) return format.length > most ? undefined : format
  const text = variant === 0 ? 'a' : `a${variant}`
  return text.padEnd(least, 'a').slice(0, Math.max(least, Math.min(most, 1000)))
}
