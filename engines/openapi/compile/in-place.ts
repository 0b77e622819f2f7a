/**
 * The keywords that apply schemas to the value itself (JSON Schema 2020-12 core §10.2).
 *
 * Promises that the branches of `anyOf`, `oneOf` and `not` are asked silently: what is reported is that
 * no branch holds, not the complaints of each.
 */
import { arrayMember, isObject, member, objectMember, type JsonObject } from '../json-value.ts'
import { fail, isDone, silently, type Check, type Marks, type Run } from './run.ts'
import type { Compiler } from './schema.ts'

/** Checks of `allOf`, `anyOf`, `oneOf`, `not`, `if` and `dependentSchemas`. */
export function compileInPlace(schema: JsonObject, compiler: Compiler): readonly Check[] {
  const allOf = arrayMember(schema, 'allOf').map((each) => compiler.inPlace(each))
  return [
    ...(allOf.length > 0 ? [compileAll(allOf)] : []),
    ...(member(schema, 'anyOf') === undefined ? [] : [compileAny(schema, compiler)]),
    ...(member(schema, 'oneOf') === undefined ? [] : [compileOne(schema, compiler)]),
    ...(member(schema, 'not') === undefined ? [] : [compileNot(schema, compiler)]),
    ...(member(schema, 'if') === undefined ? [] : [compileIf(schema, compiler)]),
    ...compileDependent(schema, compiler),
  ]
}

function compileAll(checks: readonly Check[]): Check {
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

function compileAny(schema: JsonObject, compiler: Compiler): Check {
  const checks = arrayMember(schema, 'anyOf').map((each) => compiler.inPlace(each))
  return (value, run, marks) => {
    let isValid = false
    for (const check of checks) {
      if (!holds(check, { value, run, marks })) continue
      isValid = true
      // With marks every branch that holds counts (core §11.3), so none may be left out.
      if (marks === null) return true
    }
    return isValid || fail(run, 'any_of')
  }
}

function compileOne(schema: JsonObject, compiler: Compiler): Check {
  const checks = arrayMember(schema, 'oneOf').map((each) => compiler.inPlace(each))
  return (value, run, marks) => {
    let valid = 0
    for (const check of checks) {
      if (holds(check, { value, run, marks })) valid += 1
      if (valid > 1) break
    }
    return valid === 1 || fail(run, 'one_of')
  }
}

function compileNot(schema: JsonObject, compiler: Compiler): Check {
  const check = compiler.inPlace(schema['not'])
  return (value, run) => !holds(check, { value, run, marks: null }) || fail(run, 'not')
}

function compileIf(schema: JsonObject, compiler: Compiler): Check {
  const condition = compiler.inPlace(schema['if'])
  const onTrue = compiler.inPlace(member(schema, 'then') ?? true)
  const onFalse = compiler.inPlace(member(schema, 'else') ?? true)
  return (value, run, marks) =>
    holds(condition, { value, run, marks }) ? onTrue(value, run, marks) : onFalse(value, run, marks)
}

function compileDependent(schema: JsonObject, compiler: Compiler): readonly Check[] {
  const dependent = Object.entries(objectMember(schema, 'dependentSchemas'))
  return dependent.map(([name, each]) => {
    const check = compiler.inPlace(each)
    return (value, run, marks) =>
      !isObject(value) || !Object.hasOwn(value, name) || check(value, run, marks)
  })
}

type Question = { readonly value: unknown; readonly run: Run; readonly marks: Marks | null }

/** The silent answer of one branch; only one that holds leaves marks. */
function holds(check: Check, { value, run, marks }: Question): boolean {
  if (marks === null) return silently(run, () => check(value, run, null))
  const own: Marks = { names: new Set(), items: new Set() }
  if (!silently(run, () => check(value, run, own))) return false
  for (const name of own.names) marks.names.add(name)
  for (const item of own.items) marks.items.add(item)
  return true
}
