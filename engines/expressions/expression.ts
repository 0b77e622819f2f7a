/** The whole way of a rule's expression: parse, check, compile. It happens when a rule is written, not per request. */
import { err, ok, type Result } from '#engines/result'
import { check } from './checker.ts'
import { compile } from './compiler.ts'
import { type ExpressionError, locate } from './error.ts'
import { parse } from './parser.ts'
import { collectUses, type FieldUse } from './uses.ts'
import type { FieldSource } from './value.ts'

export type CompiledExpression = {
  readonly source: string
  readonly uses: readonly FieldUse[]
  /** Never throws unless the source of fields does. */
  evaluate(source: FieldSource): boolean
}

/** Compiles an expression that is one Bool; the error has a code, a reason and a place. */
export function compileExpression(source: string): Result<CompiledExpression, ExpressionError> {
  const parsed = parse(source)
  if (!parsed.ok) return err(locate(source, parsed.error))
  const checked = check(parsed.value)
  if (!checked.ok) return err(locate(source, checked.error))
  return ok({ source, uses: collectUses(checked.value), evaluate: compile(checked.value) })
}
