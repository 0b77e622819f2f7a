/**
 * The keywords that apply schemas to the value itself (JSON Schema 2020-12 core §10.2).
 *
 * Promises that the branches of `anyOf`, `oneOf` and `not` are asked silently: what is reported is that
 * no branch holds, not the complaints of each.
 */
import { arrayMember, isObject, member, objectMember, type JsonObject } from '../../json-value.ts'
import { fail, isDone, silently, type Marks, type Reporter, type Run, type Test } from '../run.ts'
import type { ReportCompiler } from './schema.ts'

/** Checks of `allOf`, `anyOf`, `oneOf`, `not`, `if` and `dependentSchemas`. */
export function compileInPlace(schema: JsonObject, compiler: ReportCompiler): readonly Reporter[] {
  const allOf = arrayMember(schema, 'allOf').map((each) => compiler.schema(each))
  return [
    ...(allOf.length > 0 ? [compileAll(allOf)] : []),
    ...(member(schema, 'anyOf') === undefined ? [] : [compileAny(schema, compiler)]),
    ...(member(schema, 'oneOf') === undefined ? [] : [compileOne(schema, compiler)]),
    ...(member(schema, 'not') === undefined ? [] : [compileNot(schema, compiler)]),
    ...(member(schema, 'if') === undefined ? [] : [compileIf(schema, compiler)]),
    ...compileDependent(schema, compiler),
  ]
}

function compileAll(checks: readonly Reporter[]): Reporter {
  return (value, run, marks) => {
    let isValid = true
    for (const check of checks) {
      if (check(value, run, marks)) continue
      isValid = false
      if (isDone(run)) return false
    }
    return isValid
  }
}

function compileAny(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const branches = arrayMember(schema, 'anyOf').map((each) => branchOf(each, compiler))
  return (value, run, marks) => {
    let isValid = false
    for (const branch of branches) {
      if (!holds(branch, { value, run, marks })) continue
      isValid = true
      // With marks every branch that holds counts (core §11.3), so none may be left out.
      if (marks === null) return true
    }
    return isValid || fail(run, 'any_of')
  }
}

function compileOne(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const branches = arrayMember(schema, 'oneOf').map((each) => branchOf(each, compiler))
  return (value, run, marks) => {
    let valid = 0
    for (const branch of branches) {
      if (holds(branch, { value, run, marks })) valid += 1
      if (valid > 1) break
    }
    return valid === 1 || fail(run, 'one_of')
  }
}

function compileNot(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const branch = branchOf(schema['not'], compiler)
  return (value, run) => !holds(branch, { value, run, marks: null }) || fail(run, 'not')
}

function compileIf(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const condition = branchOf(schema['if'], compiler)
  const onTrue = compiler.schema(member(schema, 'then') ?? true)
  const onFalse = compiler.schema(member(schema, 'else') ?? true)
  return (value, run, marks) =>
    holds(condition, { value, run, marks }) ? onTrue(value, run, marks) : onFalse(value, run, marks)
}

function compileDependent(schema: JsonObject, compiler: ReportCompiler): readonly Reporter[] {
  const dependent = Object.entries(objectMember(schema, 'dependentSchemas'))
  return dependent.map(([name, each]) => {
    const check = compiler.schema(each)
    return (value, run, marks) =>
      !isObject(value) || !Object.hasOwn(value, name) || check(value, run, marks)
  })
}

type Branch = { readonly test: Test; report(this: void): Reporter }

/** Branches are asked for findings only where marks are wanted, and compiled for them then. */
function branchOf(schema: unknown, compiler: ReportCompiler): Branch {
  let reporter: Reporter | null = null
  return { test: compiler.test(schema), report: () => (reporter ??= compiler.schema(schema)) }
}

type Question = { readonly value: unknown; readonly run: Run; readonly marks: Marks | null }

/** The silent answer of one branch; only one that holds leaves marks. */
function holds({ test, report }: Branch, { value, run, marks }: Question): boolean {
  if (marks === null) return test(value, run)
  const own: Marks = { names: new Set(), items: new Set() }
  if (!silently(run, () => report()(value, run, own))) return false
  for (const name of own.names) marks.names.add(name)
  for (const item of own.items) marks.items.add(item)
  return true
}
