/**
 * A JSON Schema, as `compileProfile` writes it, to closures.
 *
 * Promises JSON Schema 2020-12 for the keywords of `schemas.ts`, `$ref` only by name into the shared
 * schemas, and that nothing throws. References compile when first met and once; a circle of references
 * that never looks into the value has no meaning and holds for everything.
 */
import { isObject, member, type JsonObject } from '../json-value.ts'
import { requestLimits } from '../limits.ts'
import { compileInPlace } from './in-place.ts'
import { compileAssertions, compileType } from './assertions.ts'
import { compileItems } from './items.ts'
import { compileMembers } from './members.ts'
import { fail, isDone, type Check, type Marks, type Run } from './run.ts'
import { compileUnevaluated } from './unevaluated.ts'

/** A JSON Schema 2020-12 whose references are `#/$defs/{name}`. */
export type JsonSchema = JsonObject | boolean

/** Compiles subschemas; handed down so that the keyword files need not import this one. */
export type Compiler = {
  /** A schema that applies to a part of the value. */
  child(schema: unknown): Check
  /** A schema that applies to the value itself. */
  inPlace(schema: unknown): Check
}

/** Compiles one schema against the shared ones. */
export function compileSchema(
  schema: JsonSchema,
  shared: { readonly [name: string]: JsonSchema },
): Check {
  return compile({ shared, compiled: new Map(), chain: [] }, schema)
}

type Context = {
  readonly shared: { readonly [name: string]: JsonSchema }
  readonly compiled: Map<string, Check | null>
  /** Names whose schema applies to the same value as the one being compiled. */
  readonly chain: readonly string[]
}

function compile(context: Context, schema: unknown): Check {
  if (schema === false) return (_value, run) => fail(run, 'forbidden')
  if (!isObject(schema)) return () => true
  const compiler: Compiler = {
    child: (part) => compile({ ...context, chain: [] }, part),
    inPlace: (part) => compile(context, part),
  }
  const type = compileType(schema)
  const checks = [
    ...compileReference(context, schema),
    ...compileAssertions(schema),
    ...compileInPlace(schema, compiler),
    ...compileMembers(schema, compiler),
    ...compileItems(schema, compiler),
  ]
  const all = combine(type, checks)
  const unevaluated = compileUnevaluated(schema, compiler)
  return unevaluated === null ? all : unevaluated(all)
}

/** A wrong type is said alone: what else fails follows from it. */
function combine(type: Check | null, checks: readonly Check[]): Check {
  const [only] = checks
  if (checks.length === 0) return counted(type ?? (() => true))
  const rest = checks.length === 1 && only !== undefined ? only : every(checks)
  if (type === null) return counted(rest)
  return counted((value, run, marks) => type(value, run, null) && rest(value, run, marks))
}

function every(checks: readonly Check[]): Check {
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

function counted(check: Check): Check {
  return (value, run, marks) => {
    run.steps += 1
    run.depth += 1
    const isAffordable =
      run.steps <= requestLimits.stepsMax && run.depth <= requestLimits.stepsDeepMax
    if (!isAffordable) run.isExhausted = true
    const isValid = isAffordable && check(value, run, marks)
    run.depth -= 1
    return isValid
  }
}

function compileReference(context: Context, schema: JsonObject): readonly Check[] {
  const name = referenceName(member(schema, '$ref'))
  if (name === null || context.chain.includes(name)) return []
  const known = context.compiled.get(name)
  if (known) return [known]
  // Still being compiled further up, for an enclosing value: looked up when the check runs.
  if (known === null) return [(value, run, marks) => lookUp(context, name)(value, run, marks)]
  context.compiled.set(name, null)
  const target = Object.hasOwn(context.shared, name) ? context.shared[name] : true
  const check = compile({ ...context, chain: [...context.chain, name] }, target)
  context.compiled.set(name, check)
  return [check]
}

function lookUp(
  context: Context,
  name: string,
): (value: unknown, run: Run, marks: Marks | null) => boolean {
  return context.compiled.get(name) ?? (() => true)
}

/** The name in `#/$defs/{name}`, or null. */
export function referenceName(ref: unknown): string | null {
  return typeof ref === 'string' && ref.startsWith('#/$defs/') ? ref.slice('#/$defs/'.length) : null
}
