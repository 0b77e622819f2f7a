/** The keywords that apply schemas to the value itself (JSON Schema 2020-12 core §10.2), as tests. */
import { arrayMember, member, type JsonObject } from '../../json-value.ts'
import type { Test } from '../run.ts'
import type { AnswerCompiler } from './schema.ts'

/** Tests of `allOf`, `anyOf`, `oneOf`, `not` and `if`. */
export function compileInPlace(schema: JsonObject, compiler: AnswerCompiler): readonly Test[] {
  const branches = (keyword: string) =>
    arrayMember(schema, keyword).map((each) => compiler.schema(each))
  return [
    ...branches('allOf'),
    ...(member(schema, 'anyOf') === undefined ? [] : [testAny(branches('anyOf'))]),
    ...(member(schema, 'oneOf') === undefined ? [] : [testOne(branches('oneOf'))]),
    ...(member(schema, 'not') === undefined ? [] : [testNot(compiler.schema(schema['not']))]),
    ...(member(schema, 'if') === undefined ? [] : [testIf(schema, compiler)]),
  ]
}

function testAny(tests: readonly Test[]): Test {
  return (value, run) => {
    for (const test of tests) if (test(value, run)) return true
    return false
  }
}

function testOne(tests: readonly Test[]): Test {
  return (value, run) => {
    let valid = 0
    for (const test of tests) {
      if (!test(value, run)) continue
      valid += 1
      if (valid > 1) return false
    }
    return valid === 1
  }
}

function testNot(test: Test): Test {
  return (value, run) => !test(value, run)
}

function testIf(schema: JsonObject, compiler: AnswerCompiler): Test {
  const condition = compiler.schema(schema['if'])
  const onTrue = compiler.schema(member(schema, 'then') ?? true)
  const onFalse = compiler.schema(member(schema, 'else') ?? true)
  return (value, run) => (condition(value, run) ? onTrue(value, run) : onFalse(value, run))
}
