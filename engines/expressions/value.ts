/**
 * Values of fields at run time, and the port through which an evaluation asks for them.
 * A value that a request does not have is `undefined` and is called missing.
 */
import type { Type } from './types.ts'
import { type Ip, parseIp } from './values/ip.ts'

/** Bool, Int (a safe integer), Bytes (text, see values/bytes.ts), Ip, Array and Map, in this order. */
export type Value = boolean | number | string | Ip | readonly Value[] | ReadonlyMap<string, Value>

/** Where an evaluation reads its fields; the implementor decides what to compute and when. */
export type FieldSource = {
  /** Value of the field with this index (position in FIELDS), undefined when missing. */
  field(index: number): Value | undefined
  /** One key of a map field without building the map; undefined when missing. */
  entry(index: number, key: string): Value | undefined
  /** A named list; undefined when there is none, and then no value is in it. A source without lists leaves it out. */
  list?(name: string): ((value: Value) => boolean) | undefined
}

/** What is asked of a value that is not missing. */
export type ValueTest = (value: Value, source: FieldSource) => boolean

export function isList(value: Value | undefined): value is readonly Value[] {
  return Array.isArray(value)
}

export function isMap(value: Value | undefined): value is ReadonlyMap<string, Value> {
  return value instanceof Map
}

export function isIp(value: Value | undefined): value is Ip {
  return typeof value === 'object' && 'family' in value
}

/** JSON to a value of the type; undefined when any part of it does not fit. */
export function toValue(type: Type, json: unknown): Value | undefined {
  switch (type.kind) {
    case 'Bool':
      return typeof json === 'boolean' ? json : undefined
    case 'Int':
      return typeof json === 'number' && Number.isSafeInteger(json) ? json : undefined
    case 'Bytes':
      return typeof json === 'string' ? json : undefined
    case 'Ip':
      return typeof json === 'string' ? parseIp(json) : undefined
    case 'Array':
      return Array.isArray(json) ? toList(type.of, json) : undefined
    case 'Map':
      return typeof json === 'object' && json !== null && !Array.isArray(json)
        ? toMap(type.of, json)
        : undefined
  }
}

function toList(type: Type, json: readonly unknown[]): readonly Value[] | undefined {
  const values: Value[] = []
  for (const item of json) {
    const value = toValue(type, item)
    if (value === undefined) return undefined
    values.push(value)
  }
  return values
}

function toMap(type: Type, json: object): ReadonlyMap<string, Value> | undefined {
  const values = new Map<string, Value>()
  for (const [key, item] of Object.entries(json)) {
    const value = toValue(type, item)
    if (value === undefined) return undefined
    values.set(key, value)
  }
  return values
}
