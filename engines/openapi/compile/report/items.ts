/**
 * The keywords that look into arrays (JSON Schema 2020-12 core §10.3.1, validation §6.4.4 and §6.4.5).
 */
import { arrayMember, member, type JsonObject } from '../../json-value.ts'
import { reportChild, fail, isDone, type Reporter } from '../run.ts'
import type { ReportCompiler } from './schema.ts'

/** Checks of `prefixItems`, `items` and `contains`. */
export function compileItems(schema: JsonObject, compiler: ReportCompiler): readonly Reporter[] {
  const keywords = ['prefixItems', 'items']
  const holdsSchemas = keywords.some((keyword) => member(schema, keyword) !== undefined)
  return [
    ...(holdsSchemas ? [compileParts(schema, compiler)] : []),
    ...(member(schema, 'contains') === undefined ? [] : [compileContains(schema, compiler)]),
  ]
}

function compileParts(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const prefix = arrayMember(schema, 'prefixItems').map((part) => compiler.schema(part))
  const rest = member(schema, 'items')
  const items = rest === undefined ? null : compiler.schema(rest)
  return (value, run, marks) => {
    if (!Array.isArray(value)) return true
    const length = items === null ? Math.min(prefix.length, value.length) : value.length
    let isValid = true
    for (let index = 0; index < length; index++) {
      const check = prefix[index] ?? items
      if (check === null) break
      marks?.items.add(index)
      const item: unknown = value[index]
      if (reportChild(check, run, { step: index, value: item })) continue
      isValid = false
      if (isDone(run)) return false
    }
    return isValid
  }
}

function compileContains(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const test = compiler.test(schema['contains'])
  const min = Number(member(schema, 'minContains') ?? 1)
  const max = Number(member(schema, 'maxContains') ?? Number.POSITIVE_INFINITY)
  return (value, run, marks) => {
    if (!Array.isArray(value)) return true
    let count = 0
    for (const [index, item] of value.entries()) {
      if (!test(item, run)) continue
      count += 1
      marks?.items.add(index)
    }
    return (count >= min && count <= max) || fail(run, 'item_count')
  }
}
