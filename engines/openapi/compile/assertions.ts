/**
 * The keywords that look at one value and not into it.
 *
 * Promises JSON Schema 2020-12 validation (§6): each speaks about one JSON type and holds for others.
 */
import { patternOf } from './pattern.ts'
import { formatNamed } from '../formats.ts'
import { isObject, member, type JsonObject } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import { canonical } from './canonical.ts'
import { fail, type Check } from './run.ts'

/** Checks of the schema's assertions besides `type`, in the order they are reported. */
export function compileAssertions(schema: JsonObject): readonly Check[] {
  return Object.keys(schema).flatMap((keyword) => {
    const compile = assertions.get(keyword)
    return compile === undefined ? [] : [compile(schema[keyword], schema)]
  })
}

/** The check of `type`, or null when any type will do. */
export function compileType(schema: JsonObject): Check | null {
  const type = schema['type']
  const types = (Array.isArray(type) ? type : [type]).filter((each) => typeof each === 'string')
  const tests = types.flatMap((name) => typeTests.get(name) ?? [])
  const [first, ...others] = tests
  if (first === undefined) return null
  const expected = types.length === 1 ? String(types[0]) : 'one_of'
  if (others.length === 0) return (value, run) => first(value) || fail(run, 'type', expected)
  return (value, run) => tests.some((test) => test(value)) || fail(run, 'type', expected)
}

const typeTests: ReadonlyMap<string, (value: unknown) => boolean> = new Map([
  ['array', Array.isArray],
  ['boolean', (value: unknown) => typeof value === 'boolean'],
  ['integer', Number.isInteger],
  ['null', (value: unknown) => value === null],
  // 1e400 reads as Infinity: a number no receiver can hold.
  ['number', Number.isFinite],
  ['object', isObject],
  ['string', (value: unknown) => typeof value === 'string'],
])

type Compile = (operand: unknown, schema: JsonObject) => Check

const assertions: ReadonlyMap<string, Compile> = new Map<string, Compile>([
  ['enum', (operand) => compileEnum(operand)],
  ['const', (operand) => compileConst(operand)],
  ['minimum', range('too_small', (value, bound) => value >= bound)],
  ['exclusiveMinimum', range('too_small', (value, bound) => value > bound)],
  ['maximum', range('too_big', (value, bound) => value <= bound)],
  ['exclusiveMaximum', range('too_big', (value, bound) => value < bound)],
  ['multipleOf', (operand) => compileMultipleOf(Number(operand))],
  ['minLength', lengthBound((length, bound) => length >= bound)],
  ['maxLength', lengthBound((length, bound) => length <= bound)],
  ['pattern', (operand) => compilePattern(String(operand))],
  ['format', (operand) => compileFormat(String(operand))],
  ['minItems', itemBound((count, bound) => count >= bound)],
  ['maxItems', itemBound((count, bound) => count <= bound)],
  ['uniqueItems', (operand) => (operand === true ? checkUnique : () => true)],
  ['minProperties', propertyBound((count, bound) => count >= bound)],
  ['maxProperties', propertyBound((count, bound) => count <= bound)],
])

type Compare = (value: number, bound: number) => boolean

function compileEnum(operand: unknown): Check {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : []
  const scalars = new Set(values.filter((value) => typeof value !== 'object' || value === null))
  const others = new Set(values.filter((value) => typeof value === 'object').map(canonical))
  return (value, run) => {
    const isScalar = typeof value !== 'object' || value === null
    return (isScalar ? scalars.has(value) : others.has(canonical(value))) || fail(run, 'enum')
  }
}

function compileConst(operand: unknown): Check {
  const expected = canonical(operand)
  return (value, run) => canonical(value) === expected || fail(run, 'const')
}

function range(kind: 'too_small' | 'too_big', holds: Compare): Compile {
  return (operand, schema) => {
    const bound = Number(operand)
    const reported = isBoundedOnBothSides(schema) ? 'not_in_range' : kind
    return (value, run) => typeof value !== 'number' || holds(value, bound) || fail(run, reported)
  }
}

function isBoundedOnBothSides(schema: JsonObject): boolean {
  const has = (name: string) => member(schema, name) !== undefined
  return (has('minimum') || has('exclusiveMinimum')) && (has('maximum') || has('exclusiveMaximum'))
}

function compileMultipleOf(divisor: number): Check {
  return (value, run) =>
    typeof value !== 'number' ||
    isMultiple(value, divisor) ||
    fail(run, 'multiple_of', String(divisor))
}

/** In decimal, as it is written: 0.3 is a multiple of 0.1. */
function isMultiple(value: number, divisor: number): boolean {
  if (!Number.isFinite(value) || divisor <= 0) return false
  const [left, right] = [decimal(value), decimal(divisor)]
  const exponent = Math.min(left.exponent, right.exponent)
  const scale = (one: Decimal) => one.digits * 10n ** BigInt(one.exponent - exponent)
  return scale(left) % scale(right) === 0n
}

type Decimal = { readonly digits: bigint; readonly exponent: number }

function decimal(value: number): Decimal {
  const [mantissa = '', exponent = '0'] = String(value).split('e')
  const [whole = '', fraction = ''] = mantissa.split('.')
  return { digits: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

function lengthBound(holds: Compare): Compile {
  return (operand) => {
    const bound = Number(operand)
    return (value, run) =>
      typeof value !== 'string' || holds(characters(value), bound) || fail(run, 'length')
  }
}

/** Code points, as JSON Schema counts; a string without surrogates is spared the walk. */
function characters(text: string): number {
  const surrogates = text.match(/[\ud800-\udbff][\udc00-\udfff]/g)
  return text.length - (surrogates?.length ?? 0)
}

function compilePattern(source: string): Check {
  const pattern = patternOf(source)
  if (pattern === null) return () => true
  return (value, run) =>
    typeof value !== 'string' ||
    (value.length <= requestLimits.patternCharsMax && pattern(value)) ||
    fail(run, 'pattern')
}

function compileFormat(name: string): Check {
  const format = formatNamed(name)
  if (format === null) return () => true
  if (format.type === 'number') {
    return (value, run) =>
      typeof value !== 'number' || format.test(value) || fail(run, 'format', name)
  }
  return (value, run) =>
    typeof value !== 'string' ||
    (value.length <= requestLimits.patternCharsMax && format.test(value)) ||
    fail(run, 'format', name)
}

function itemBound(holds: Compare): Compile {
  return (operand) => {
    const bound = Number(operand)
    return (value, run) =>
      !Array.isArray(value) || holds(value.length, bound) || fail(run, 'item_count')
  }
}

const checkUnique: Check = (value, run) => {
  if (!Array.isArray(value)) return true
  return new Set(value.map(canonical)).size === value.length || fail(run, 'repeated_item')
}

function propertyBound(holds: Compare): Compile {
  return (operand) => {
    const bound = Number(operand)
    return (value, run) =>
      !isObject(value) || holds(Object.keys(value).length, bound) || fail(run, 'property_count')
  }
}
