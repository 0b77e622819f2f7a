/**
 * `type`, `enum`, `const` and the assertions that speak about one type, as one test.
 *
 * Promises that a value's type is looked at once; the common cases of one type, or of one type and null, have closures of
 * their own.
 */
import { isObject, member, type JsonObject } from '../../json-value.ts'
import { compileAssertions, isNumber, typeTests } from '../assertions.ts'
import type { Test } from '../run.ts'
import { every, everyTyped, fails, holds, type TypedTest } from './tests.ts'

export type PartTests = {
  readonly object: TypedTest<JsonObject>
  readonly array: TypedTest<readonly unknown[]>
}

/** The test of a schema's types, its assertions, and of what it says about parts. */
export function typedTest(schema: JsonObject, parts: PartTests): Test {
  const { any, string, number, array, object } = compileAssertions(schema)
  const types = namedTypes(schema)
  const tests: KindTests = {
    string: everyTyped(string.map(({ test }) => test)),
    number: everyTyped(number.map(({ test }) => test)),
    array: everyTyped([...array.map(({ test }) => test), ...some(parts.array)]),
    object: everyTyped([...object.map(({ test }) => test), ...some(parts.object)]),
  }
  const typed = types === null ? ofAnyType(tests) : ofTypes(types, tests)
  return every([typed, ...any.map(({ test }) => test)])
}

type KindTests = {
  readonly string: TypedTest<string>
  readonly number: TypedTest<number>
  readonly array: TypedTest<readonly unknown[]>
  readonly object: TypedTest<JsonObject>
}

function some<T>(test: TypedTest<T>): readonly Exclude<TypedTest<T>, null>[] {
  return test === null ? [] : [test]
}

function namedTypes(schema: JsonObject): readonly unknown[] | null {
  const types = [member(schema, 'type')].flat().filter((type) => typeTests.has(type))
  return types.length === 0 ? null : types
}

function ofTypes(types: readonly unknown[], tests: KindTests): Test {
  const [first, second] = types
  if (types.length === 1) return ofType(first, tests)
  if (types.length === 2 && (first === 'null' || second === 'null')) {
    const other = ofType(first === 'null' ? second : first, tests)
    return (value, run) => value === null || other(value, run)
  }
  const each = types.map((type) => ofType(type, tests))
  return (value, run) => each.some((test) => test(value, run))
}

function ofType(type: unknown, { string, number, array, object }: KindTests): Test {
  switch (type) {
    case 'string':
      if (string === null) return (value) => typeof value === 'string'
      return (value, run) => typeof value === 'string' && string(value, run)
    case 'integer':
      if (number === null) return Number.isInteger
      return (value, run) =>
        typeof value === 'number' && Number.isInteger(value) && number(value, run)
    case 'number':
      if (number === null) return isNumber
      return (value, run) => isNumber(value) && number(value, run)
    case 'boolean':
      return (value) => value === true || value === false
    case 'null':
      return (value) => value === null
    case 'array':
      if (array === null) return Array.isArray
      return (value, run) => Array.isArray(value) && array(value, run)
    case 'object':
      if (object === null) return isObject
      return (value, run) => isObject(value) && object(value, run)
    default:
      return fails
  }
}

/** What is said of one type holds for every other. */
function ofAnyType({ string, number, array, object }: KindTests): Test {
  if (string === null && number === null && array === null) {
    if (object === null) return holds
    return (value, run) => !isObject(value) || object(value, run)
  }
  return (value, run) => {
    if (typeof value === 'string') return string === null || string(value, run)
    if (typeof value === 'number') return number === null || number(value, run)
    if (Array.isArray(value)) return array === null || array(value, run)
    return object === null || !isObject(value) || object(value, run)
  }
}
