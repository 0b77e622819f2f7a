/**
 * The keywords that look at one value and not into it (JSON Schema 2020-12 validation §6).
 *
 * Promises that each speaks about one JSON type, or about any, and that its work is linear in the value.
 */
import { formatNamed } from '../formats.ts'
import { isObject, member, type JsonObject } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import type { FindingKind } from '../violations.ts'
import { canonical } from './canonical.ts'
import { isMultiple } from './multiple.ts'
import { patternOf } from './pattern.ts'

export type Assertion<T> = {
  test(this: void, value: T): boolean
  readonly kind: FindingKind
  readonly argument: string
}

/** A schema's assertions besides `type`, by what they speak about. */
export type Assertions = {
  readonly any: readonly Assertion<unknown>[]
  readonly string: readonly Assertion<string>[]
  readonly number: readonly Assertion<number>[]
  readonly array: readonly Assertion<readonly unknown[]>[]
  readonly object: readonly Assertion<JsonObject>[]
}

/** Compiles them, in the order of the schema. */
export function compileAssertions(schema: JsonObject): Assertions {
  return {
    any: rowsOf(anyRows, schema),
    string: rowsOf(stringRows, schema),
    number: rowsOf(numberRows, schema),
    array: rowsOf(arrayRows, schema),
    object: rowsOf(objectRows, schema),
  }
}

/** What no keyword asks, but every value is held to: 1e400 reads as Infinity, a number that no receiver can hold. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

type Row<T> = (operand: unknown, schema: JsonObject) => Assertion<T> | null
type Rows<T> = ReadonlyMap<string, Row<T>>
type Compare = (value: number, bound: number) => boolean

const anyRows: Rows<unknown> = new Map([
  ['enum', (operand: unknown) => assertion(enumTest(operand), 'enum')],
  ['const', (operand: unknown) => assertion(constTest(operand), 'const')],
])

const stringRows: Rows<string> = new Map<string, Row<string>>([
  ['minLength', (operand) => assertion(minLength(Number(operand)), 'length')],
  ['maxLength', (operand) => assertion(maxLength(Number(operand)), 'length')],
  ['pattern', (operand) => patternAssertion(String(operand))],
  ['format', (operand) => stringFormat(String(operand))],
])

const numberRows: Rows<number> = new Map<string, Row<number>>([
  ['minimum', range('too_small', (value, bound) => value >= bound)],
  ['exclusiveMinimum', range('too_small', (value, bound) => value > bound)],
  ['maximum', range('too_big', (value, bound) => value <= bound)],
  ['exclusiveMaximum', range('too_big', (value, bound) => value < bound)],
  ['multipleOf', (operand) => multipleOf(Number(operand))],
  ['format', (operand) => numberFormat(String(operand))],
])

const arrayRows: Rows<readonly unknown[]> = new Map<string, Row<readonly unknown[]>>([
  ['minItems', count('item_count', (length, bound) => length >= bound)],
  ['maxItems', count('item_count', (length, bound) => length <= bound)],
  ['uniqueItems', (operand) => (operand === true ? assertion(areUnique, 'repeated_item') : null)],
])

const objectRows: Rows<JsonObject> = new Map<string, Row<JsonObject>>([
  ['minProperties', countMembers((length, bound) => length >= bound)],
  ['maxProperties', countMembers((length, bound) => length <= bound)],
])

function rowsOf<T>(rows: Rows<T>, schema: JsonObject): readonly Assertion<T>[] {
  return Object.keys(schema).flatMap((keyword) => {
    const compiled = rows.get(keyword)?.(schema[keyword], schema)
    return compiled === undefined || compiled === null ? [] : [compiled]
  })
}

function assertion<T>(test: (value: T) => boolean, kind: FindingKind, argument = ''): Assertion<T> {
  return { test, kind, argument }
}

function enumTest(operand: unknown): (value: unknown) => boolean {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : []
  const scalars = new Set(values.filter(isScalar))
  const others = new Set(values.filter((value) => !isScalar(value)).map(canonical))
  if (others.size === 0) return (value) => scalars.has(value)
  return (value) => (isScalar(value) ? scalars.has(value) : others.has(canonical(value)))
}

function constTest(operand: unknown): (value: unknown) => boolean {
  if (isScalar(operand)) return (value) => value === operand
  const expected = canonical(operand)
  return (value) => !isScalar(value) && canonical(value) === expected
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null
}

/** Characters are code points: at least half as many as there are units, at most as many. */
function minLength(bound: number): (text: string) => boolean {
  return (text) => text.length >= bound && (text.length >= 2 * bound || characters(text) >= bound)
}

function maxLength(bound: number): (text: string) => boolean {
  return (text) => text.length <= bound || (text.length <= 2 * bound && characters(text) <= bound)
}

function characters(text: string): number {
  const surrogates = text.match(/[\ud800-\udbff][\udc00-\udfff]/g)
  return text.length - (surrogates?.length ?? 0)
}

function patternAssertion(source: string): Assertion<string> | null {
  const pattern = patternOf(source)
  if (pattern === null) return null
  return assertion(
    (text) => text.length <= requestLimits.patternCharsMax && pattern(text),
    'pattern',
  )
}

function stringFormat(name: string): Assertion<string> | null {
  const format = formatNamed(name)
  if (format?.type !== 'string') return null
  const { test } = format
  return assertion(
    (text) => text.length <= requestLimits.patternCharsMax && test(text),
    'format',
    name,
  )
}

function numberFormat(name: string): Assertion<number> | null {
  const format = formatNamed(name)
  return format?.type === 'number' ? assertion(format.test, 'format', name) : null
}

function range(kind: 'too_small' | 'too_big', holds: Compare): Row<number> {
  return (operand, schema) => {
    const bound = Number(operand)
    return assertion(
      (value) => holds(value, bound),
      isBoundedOnBothSides(schema) ? 'not_in_range' : kind,
    )
  }
}

function isBoundedOnBothSides(schema: JsonObject): boolean {
  const has = (name: string) => member(schema, name) !== undefined
  return (has('minimum') || has('exclusiveMinimum')) && (has('maximum') || has('exclusiveMaximum'))
}

function multipleOf(divisor: number): Assertion<number> {
  return assertion((value) => isMultiple(value, divisor), 'multiple_of', String(divisor))
}

function count(kind: 'item_count', holds: Compare): Row<readonly unknown[]> {
  return (operand) => {
    const bound = Number(operand)
    return assertion((items) => holds(items.length, bound), kind)
  }
}

function areUnique(items: readonly unknown[]): boolean {
  const scalars = new Set<unknown>()
  const others = new Set<string>()
  for (const item of items) {
    if (isScalar(item)) scalars.add(item)
    else others.add(canonical(item))
  }
  return scalars.size + others.size === items.length
}

function countMembers(holds: Compare): Row<JsonObject> {
  return (operand) => {
    const bound = Number(operand)
    return assertion((value) => holds(Object.keys(value).length, bound), 'property_count')
  }
}

/** Whether a value has a JSON type; null for a name that is none. */
export const typeTests: ReadonlyMap<unknown, (value: unknown) => boolean> = new Map([
  ['array', Array.isArray],
  ['boolean', (value: unknown) => typeof value === 'boolean'],
  ['integer', Number.isInteger],
  ['null', (value: unknown) => value === null],
  ['number', isNumber],
  ['object', isObject],
  ['string', (value: unknown) => typeof value === 'string'],
])
