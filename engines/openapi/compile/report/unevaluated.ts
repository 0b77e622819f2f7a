/**
 * `unevaluatedProperties` and `unevaluatedItems` (JSON Schema 2020-12 core §11).
 *
 * Promises that they run last, over what no other keyword of the schema or of one applied in place has
 * looked at; what they accept counts as looked at for the schema around.
 */
import { isObject, member, type JsonObject } from '../../json-value.ts'
import { reportChild, isDone, type Reporter, type Marks, type Run } from '../run.ts'
import type { ReportCompiler } from './schema.ts'

/** Wraps the check of all other keywords, or null when the schema has neither keyword. */
export function compileUnevaluated(
  schema: JsonObject,
  compiler: ReportCompiler,
): ((others: Reporter) => Reporter) | null {
  const properties = member(schema, 'unevaluatedProperties')
  const items = member(schema, 'unevaluatedItems')
  if (properties === undefined && items === undefined) return null
  const checkName = properties === undefined ? null : compiler.schema(properties)
  const checkItem = items === undefined ? null : compiler.schema(items)
  return (others) => (value, run, marks) => {
    const own: Marks = { names: new Set(), items: new Set() }
    const othersHold = others(value, run, own)
    // A branch that fails marks nothing, so more would be reported than is wrong.
    if (!othersHold) return false
    const isValid = checkRest(value, run, { own, checkName, checkItem })
    for (const name of own.names) marks?.names.add(name)
    for (const item of own.items) marks?.items.add(item)
    return isValid
  }
}

type Rest = {
  readonly own: Marks
  readonly checkName: Reporter | null
  readonly checkItem: Reporter | null
}

function checkRest(value: unknown, run: Run, { own, checkName, checkItem }: Rest): boolean {
  let isValid = true
  for (const { step, value: part, check } of partsOf(value, checkName, checkItem)) {
    if (typeof step === 'string' ? own.names.has(step) : own.items.has(step)) continue
    if (typeof step === 'string') own.names.add(step)
    else own.items.add(step)
    if (reportChild(check, run, { step, value: part })) continue
    isValid = false
    if (isDone(run)) return false
  }
  return isValid
}

type Part = { readonly step: string | number; readonly value: unknown; readonly check: Reporter }

function partsOf(
  value: unknown,
  checkName: Reporter | null,
  checkItem: Reporter | null,
): readonly Part[] {
  if (Array.isArray(value) && checkItem !== null) {
    return value.map((item: unknown, step) => ({ step, value: item, check: checkItem }))
  }
  if (!isObject(value) || checkName === null) return []
  return Object.entries(value).map(([step, part]) => ({ step, value: part, check: checkName }))
}
