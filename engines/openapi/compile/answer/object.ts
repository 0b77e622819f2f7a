/**
 * What a schema says about the members of an object, as one test.
 *
 * Promises that only own members are seen, whatever their names. Objects are plain data: nothing enumerable is
 * inherited.
 */
import { arrayMember, member, objectMember, type JsonObject } from '../../json-value.ts'
import { requestLimits } from '../../limits.ts'
import { patternOf, type Pattern } from '../pattern.ts'
import type { Test } from '../run.ts'
import type { AnswerCompiler } from './schema.ts'
import { everyTyped, holds, type TypedTest } from './tests.ts'

type ObjectTest = Exclude<TypedTest<JsonObject>, null>

/** Compiles `properties`, `required` and the keywords beside them; null when none is there. */
export function compileObject(schema: JsonObject, compiler: AnswerCompiler): TypedTest<JsonObject> {
  return everyTyped([
    ...compileMembers(schema, compiler),
    ...compileDependent(schema, compiler),
    ...compileNames(schema, compiler),
  ])
}

type Declared = {
  readonly name: string | null
  readonly test: Test
  readonly isRequired: boolean
}

function compileMembers(schema: JsonObject, compiler: AnswerCompiler): readonly ObjectTest[] {
  const additional = compiler.schema(member(schema, 'additionalProperties') ?? true)
  const required = arrayMember(schema, 'required').filter((name) => typeof name === 'string')
  const properties = Object.entries(objectMember(schema, 'properties')).map(
    ([name, part]) => [name, compiler.schema(part)] as const,
  )
  const patterns = Object.entries(objectMember(schema, 'patternProperties')).flatMap(
    ([source, part]) => {
      const pattern = patternOf(source)
      return pattern === null ? [] : [{ pattern, test: compiler.schema(part) }]
    },
  )
  if (patterns.length > 0) {
    const named = { properties: new Map(properties), patterns, additional }
    return [...testRequired(required), walkPatterns(named)]
  }
  if (properties.every(([, test]) => test === holds) && additional === holds) {
    return testRequired(required)
  }
  return [walk(declare(properties, { required, additional }), additional)]
}

function testRequired(required: readonly string[]): readonly ObjectTest[] {
  if (required.length === 0) return []
  return [(value) => required.every((name) => Object.hasOwn(value, name))]
}

type Others = { readonly required: readonly string[]; readonly additional: Test }

/** A required name without a property of its own falls under what is said of the others. */
function declare(
  properties: readonly (readonly [string, Test])[],
  { required, additional }: Others,
): ReadonlyMap<string, Declared> {
  const tests = new Map([...required.map((name) => [name, additional] as const), ...properties])
  const isRequired = new Set(required)
  return new Map(
    [...tests].map(([name, test]) => [name, { name, test, isRequired: isRequired.has(name) }]),
  )
}

/** Names of an object whose place is remembered. */
const placesMax = 64

/**
 * Every member in the order of the object. Objects of one kind come in one order, so what stood at a place the last time is
 * tried before it is looked up.
 */
function walk(declared: ReadonlyMap<string, Declared>, additional: Test): ObjectTest {
  const other: Declared = { name: null, test: additional, isRequired: false }
  const requiredCount = [...declared.values()].filter(({ isRequired }) => isRequired).length
  const places: Declared[] = []
  return (value, run) => {
    let place = 0
    let found = 0
    for (const name in value) {
      let expected = places[place]
      if (expected === undefined || expected.name !== name) {
        expected = declared.get(name) ?? other
        if (place < placesMax) places[place] = expected
      }
      place += 1
      if (expected.isRequired) found += 1
      if (expected.test !== holds && !expected.test(value[name], run)) return false
    }
    return found === requiredCount
  }
}

type Named = {
  readonly properties: ReadonlyMap<string, Test>
  readonly patterns: readonly { readonly pattern: Pattern; readonly test: Test }[]
  readonly additional: Test
}

function walkPatterns({ properties, patterns, additional }: Named): ObjectTest {
  return (value, run) => {
    for (const name of Object.keys(value)) {
      const part = value[name]
      const property = properties.get(name)
      let isDeclared = property !== undefined
      if (property !== undefined && !property(part, run)) return false
      for (const { pattern, test } of patterns) {
        // A name too long for a pattern matches none.
        if (name.length > requestLimits.patternCharsMax || !pattern(name)) continue
        isDeclared = true
        if (!test(part, run)) return false
      }
      if (!isDeclared && !additional(part, run)) return false
    }
    return true
  }
}

function compileDependent(schema: JsonObject, compiler: AnswerCompiler): readonly ObjectTest[] {
  const required = Object.entries(objectMember(schema, 'dependentRequired')).map(
    ([trigger, names]): ObjectTest => {
      const needed = Array.isArray(names) ? names.filter((name) => typeof name === 'string') : []
      return (value) =>
        !Object.hasOwn(value, trigger) || needed.every((name) => Object.hasOwn(value, name))
    },
  )
  const schemas = Object.entries(objectMember(schema, 'dependentSchemas')).map(
    ([trigger, part]): ObjectTest => {
      const test = compiler.schema(part)
      return (value, run) => !Object.hasOwn(value, trigger) || test(value, run)
    },
  )
  return [...required, ...schemas]
}

function compileNames(schema: JsonObject, compiler: AnswerCompiler): readonly ObjectTest[] {
  if (member(schema, 'propertyNames') === undefined) return []
  const test = compiler.schema(schema['propertyNames'])
  return [(value, run) => Object.keys(value).every((name) => test(name, run))]
}
