/**
 * A schema to a closure that says what is wrong with a value, and at which of its parts.
 *
 * Promises the same answers as the tests of `answer/`; a wrong type is said alone, since what else fails follows from it.
 */
import { isObject, member, type JsonObject } from '../../json-value.ts'
import { compileAssertions, typeTests, type Assertion } from '../assertions.ts'
import { enter, fail, isDone, leave, type Reporter, type Test } from '../run.ts'
import { referenceName, type SharedSchemas } from '../shared.ts'
import { compileInPlace } from './in-place.ts'
import { compileItems } from './items.ts'
import { compileMembers } from './members.ts'
import { compileUnevaluated } from './unevaluated.ts'

/** Compiles subschemas; handed down so that the keyword files need not import this one. */
export type ReportCompiler = {
  schema(this: void, schema: unknown): Reporter
  /** The answer alone, where neither findings nor marks are wanted. */
  test(this: void, schema: unknown): Test
}

/** A compiler of reporters over shared schemas. */
export function createReportCompiler(
  shared: SharedSchemas,
  test: ReportCompiler['test'],
): ReportCompiler['schema'] {
  const definitions = new Map<string, Reporter>()
  const reference = (name: string): Reporter => {
    const known = definitions.get(name)
    if (known !== undefined) return known
    const definition = createDefinition(() =>
      compiler.schema(Object.hasOwn(shared, name) ? shared[name] : true),
    )
    definitions.set(name, definition)
    return definition
  }
  const compiler: ReportCompiler = {
    schema: (schema) => compile(compiler, schema, reference),
    test,
  }
  return compiler.schema
}

const nothing = Symbol('nothing')

/** One that comes back to the same value without having looked into it adds nothing. */
function createDefinition(compileNow: () => Reporter): Reporter {
  let reporter: Reporter | null = null
  let asked: unknown = nothing
  return (value, run, marks) => {
    if (asked === value) return true
    const outer = asked
    asked = value
    try {
      return enter(run) && (reporter ??= compileNow())(value, run, marks)
    } finally {
      // Even past an overflow of the stack: what stays here would hold for the next value like it.
      asked = outer
      leave(run)
    }
  }
}

function compile(
  compiler: ReportCompiler,
  schema: unknown,
  reference: (name: string) => Reporter,
): Reporter {
  if (schema === false) return (_value, run) => fail(run, 'forbidden')
  if (!isObject(schema)) return () => true
  const name = referenceName(member(schema, '$ref'))
  const all = combine(reportType(schema), [
    ...(name === null ? [] : [reference(name)]),
    ...reportAssertions(schema),
    ...compileInPlace(schema, compiler),
    ...compileMembers(schema, compiler),
    ...compileItems(schema, compiler),
  ])
  return compileUnevaluated(schema, compiler)?.(all) ?? all
}

function reportType(schema: JsonObject): Reporter | null {
  const types = [member(schema, 'type')].flat()
  const tests = types.flatMap((name) => typeTests.get(name) ?? [])
  if (tests.length === 0) return null
  const expected = types.length === 1 ? String(types[0]) : 'one_of'
  return (value, run) => tests.some((test) => test(value)) || fail(run, 'type', expected)
}

function reportAssertions(schema: JsonObject): readonly Reporter[] {
  const { any, string, number, array, object } = compileAssertions(schema)
  return [
    ...any.map((each) => report(each, (_value): _value is unknown => true)),
    ...string.map((each) => report(each, (value) => typeof value === 'string')),
    ...number.map((each) => report(each, (value) => typeof value === 'number')),
    ...array.map((each) => report(each, (value) => Array.isArray(value))),
    ...object.map((each) => report(each, isObject)),
  ]
}

function report<T>(
  { test, kind, argument }: Assertion<T>,
  speaksOf: (value: unknown) => value is T,
): Reporter {
  return (value, run) => !speaksOf(value) || test(value) || fail(run, kind, argument)
}

function combine(type: Reporter | null, reporters: readonly Reporter[]): Reporter {
  const rest = every(reporters)
  if (type === null) return rest
  return (value, run, marks) => type(value, run, null) && rest(value, run, marks)
}

function every(reporters: readonly Reporter[]): Reporter {
  return (value, run, marks) => {
    let isValid = true
    for (const reporter of reporters) {
      if (reporter(value, run, marks)) continue
      isValid = false
      if (isDone(run)) return false
    }
    return isValid
  }
}
