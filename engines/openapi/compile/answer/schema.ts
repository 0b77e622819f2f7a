/**
 * A schema to a closure that only answers whether a value conforms: the path that nearly every value takes.
 *
 * Promises the same answers as the reporters of `report/`. References compile when first met and once; one that comes back
 * to the same value without having looked into it adds nothing and holds.
 */
import { isObject, member, type JsonObject } from '../../json-value.ts'
import { enter, leave, type Test } from '../run.ts'
import { referenceName, usesUnevaluated, type SharedSchemas } from '../shared.ts'
import { compileArray } from './array.ts'
import { compileInPlace } from './in-place.ts'
import { compileObject } from './object.ts'
import { every, fails, holds } from './tests.ts'
import { typedTest } from './typed.ts'

/** Compiles subschemas; handed down so that the keyword files need not import this one. */
export type AnswerCompiler = {
  schema(this: void, schema: unknown): Test
  /** The test of a schema with `unevaluated` keywords, which only reporters know to ask. */
  unevaluated(this: void, schema: JsonObject): Test
}

/** A compiler of tests over shared schemas. */
export function createAnswerCompiler(
  shared: SharedSchemas,
  unevaluated: AnswerCompiler['unevaluated'],
): AnswerCompiler['schema'] {
  const definitions = new Map<string, Test>()
  const reference = (name: string): Test => {
    const known = definitions.get(name)
    if (known !== undefined) return known
    const schema = Object.hasOwn(shared, name) ? shared[name] : true
    const definition = isPlain(schema)
      ? compiler.schema(schema)
      : createDefinition(() => compiler.schema(schema))
    definitions.set(name, definition)
    return definition
  }
  const compiler: AnswerCompiler = {
    schema: (schema) => compile(compiler, schema, reference),
    unevaluated,
  }
  return compiler.schema
}

/** Refers to nothing: compiled at once, and not counted when it is followed. */
function isPlain(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return true
  return referenceName(member(schema, '$ref')) === null && Object.values(schema).every(isPlain)
}

const nothing = Symbol('nothing')

function createDefinition(compileNow: () => Test): Test {
  let test: Test | null = null
  let asked: unknown = nothing
  return (value, run) => {
    if (asked === value) return true
    const outer = asked
    asked = value
    try {
      return enter(run) && (test ??= compileNow())(value, run)
    } finally {
      // Even past an overflow of the stack: what stays here would hold for the next value like it.
      asked = outer
      leave(run)
    }
  }
}

function compile(
  compiler: AnswerCompiler,
  schema: unknown,
  reference: (name: string) => Test,
): Test {
  if (schema === false) return fails
  if (!isObject(schema)) return holds
  if (usesUnevaluated(schema)) return compiler.unevaluated(schema)
  const name = referenceName(member(schema, '$ref'))
  return every([
    typedTest(schema, {
      object: compileObject(schema, compiler),
      array: compileArray(schema, compiler),
    }),
    ...(name === null ? [] : [reference(name)]),
    ...compileInPlace(schema, compiler),
  ])
}
