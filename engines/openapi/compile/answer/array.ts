/** What a schema says about the items of an array, as one test. */
import { arrayMember, member, type JsonObject } from '../../json-value.ts'
import type { AnswerCompiler } from './schema.ts'
import { everyTyped, holds, type TypedTest } from './tests.ts'

type ArrayTest = Exclude<TypedTest<readonly unknown[]>, null>

/** Compiles `prefixItems`, `items` and `contains`; null when none is there. */
export function compileArray(
  schema: JsonObject,
  compiler: AnswerCompiler,
): TypedTest<readonly unknown[]> {
  return everyTyped([
    ...compilePrefix(schema, compiler),
    ...compileItems(schema, compiler),
    ...compileContains(schema, compiler),
  ])
}

function compilePrefix(schema: JsonObject, compiler: AnswerCompiler): readonly ArrayTest[] {
  const prefix = arrayMember(schema, 'prefixItems').map((part) => compiler.schema(part))
  if (prefix.length === 0) return []
  return [
    (items, run) => prefix.every((test, index) => index >= items.length || test(items[index], run)),
  ]
}

function compileItems(schema: JsonObject, compiler: AnswerCompiler): readonly ArrayTest[] {
  const test = compiler.schema(member(schema, 'items') ?? true)
  if (test === holds) return []
  const start = arrayMember(schema, 'prefixItems').length
  return [
    (items, run) => {
      for (let index = start; index < items.length; index++) {
        if (!test(items[index], run)) return false
      }
      return true
    },
  ]
}

function compileContains(schema: JsonObject, compiler: AnswerCompiler): readonly ArrayTest[] {
  if (member(schema, 'contains') === undefined) return []
  const test = compiler.schema(schema['contains'])
  const min = Number(member(schema, 'minContains') ?? 1)
  const max = Number(member(schema, 'maxContains') ?? Number.POSITIVE_INFINITY)
  return [
    (items, run) => {
      let count = 0
      for (const item of items) if (test(item, run)) count += 1
      return count >= min && count <= max
    },
  ]
}
