/**
 * A JSON Schema, as `compileProfile` writes it, to closures.
 *
 * Promises JSON Schema 2020-12 for the keywords of `schemas.ts`, `$ref` only by name into the shared schemas, and that
 * nothing throws. What answers and what reports are compiled apart: the first when asked for, the second when a value fails.
 */
import { createAnswerCompiler } from './answer/schema.ts'
import { createReportCompiler } from './report/schema.ts'
import type { Check } from './run.ts'
import type { JsonSchema, SharedSchemas } from './shared.ts'

export { referenceName, type JsonSchema } from './shared.ts'

/** Compiles one schema against the shared ones. */
export function compileSchema(schema: JsonSchema, shared: SharedSchemas): Check {
  return createSchemaCompiler(shared)(schema)
}

/** Compiles schemas that share others: what one of them has compiled, the next finds. */
export function createSchemaCompiler(shared: SharedSchemas): (schema: JsonSchema) => Check {
  const reporter = createReportCompiler(shared, (schema) => answer(schema))
  const answer = createAnswerCompiler(shared, (schema) => {
    const report = reporter(schema)
    return (value, run) => report(value, run, null)
  })
  return (schema) => {
    let report: ReturnType<typeof reporter> | null = null
    return { test: answer(schema), report: () => (report ??= reporter(schema)) }
  }
}
