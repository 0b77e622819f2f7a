/**
 * The keywords that look into objects (JSON Schema 2020-12 core §10.3.2, validation §6.5).
 *
 * Promises that every own member is seen, whatever its name, and is reported at its own path.
 */
import { arrayMember, isObject, member, objectMember, type JsonObject } from '../../json-value.ts'
import { patternOf } from '../pattern.ts'
import { requestLimits } from '../../limits.ts'
import { reportChild, fail, isDone, type Reporter, type Run } from '../run.ts'
import type { ReportCompiler } from './schema.ts'

/** Checks of `required`, `dependentRequired`, `propertyNames` and the three that hold schemas. */
export function compileMembers(schema: JsonObject, compiler: ReportCompiler): readonly Reporter[] {
  const required = arrayMember(schema, 'required').filter((name) => typeof name === 'string')
  const keywords = ['properties', 'patternProperties', 'additionalProperties']
  const holdsSchemas = keywords.some((keyword) => member(schema, keyword) !== undefined)
  return [
    ...(required.length > 0 ? [compileRequired(required)] : []),
    ...compileDependentRequired(schema),
    ...(member(schema, 'propertyNames') === undefined ? [] : [compileNames(schema, compiler)]),
    ...(holdsSchemas ? [compileParts(schema, compiler)] : []),
  ]
}

function compileRequired(required: readonly string[]): Reporter {
  return (value, run) => {
    if (!isObject(value)) return true
    let isValid = true
    for (const name of required) {
      if (Object.hasOwn(value, name)) continue
      isValid = failAt(run, name)
      if (isDone(run)) return false
    }
    return isValid
  }
}

/** Reported where the member should stand. */
function failAt(run: Run, name: string): boolean {
  return reportChild((_value, at) => fail(at, 'missing'), run, { step: name, value: null })
}

function compileDependentRequired(schema: JsonObject): readonly Reporter[] {
  const dependent = objectMember(schema, 'dependentRequired')
  return Object.keys(dependent).map((trigger) => {
    const required = arrayMember(dependent, trigger).filter((name) => typeof name === 'string')
    const check = compileRequired(required)
    return (value, run) =>
      !isObject(value) || !Object.hasOwn(value, trigger) || check(value, run, null)
  })
}

function compileNames(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const check = compiler.schema(schema['propertyNames'])
  return (value, run) => {
    if (!isObject(value)) return true
    let isValid = true
    for (const name of Object.keys(value)) {
      if (reportChild(check, run, { step: name, value: name })) continue
      isValid = false
      if (isDone(run)) return false
    }
    return isValid
  }
}

function compileParts(schema: JsonObject, compiler: ReportCompiler): Reporter {
  const properties = new Map(
    Object.entries(objectMember(schema, 'properties')).map(([name, part]) => [
      name,
      compiler.schema(part),
    ]),
  )
  const patterns = Object.entries(objectMember(schema, 'patternProperties')).flatMap(
    ([source, part]) => {
      const pattern = patternOf(source)
      return pattern === null ? [] : [{ pattern, check: compiler.schema(part) }]
    },
  )
  const rest = member(schema, 'additionalProperties')
  const additional = rest === undefined ? null : compiler.schema(rest)
  const checksFor = (name: string): readonly Reporter[] => {
    const property = properties.get(name)
    if (patterns.length === 0) return property === undefined ? [] : [property]
    const matching = patterns.filter(({ pattern }) => isShort(name) && pattern(name))
    return [...(property === undefined ? [] : [property]), ...matching.map(({ check }) => check)]
  }
  return (value, run, marks) => {
    if (!isObject(value)) return true
    let isValid = true
    for (const name of Object.keys(value)) {
      const declared = checksFor(name)
      const checks = declared.length === 0 && additional !== null ? [additional] : declared
      for (const check of checks) {
        marks?.names.add(name)
        if (reportChild(check, run, { step: name, value: value[name] })) continue
        isValid = false
        if (isDone(run)) return false
      }
    }
    return isValid
  }
}

/** A name too long for a pattern matches none, and so falls to `additionalProperties`. */
function isShort(name: string): boolean {
  return name.length <= requestLimits.patternCharsMax
}
