/** The whole way of an expression: parse and check, compile. It happens when a rule is written, not per request. */
import { err, ok, type Result } from '#engines/result'
import { compile, compileValue } from './compiler.ts'
import { necessaryConditions, type NecessaryConditions } from './conditions.ts'
import type { Environment } from './environment.ts'
import { type ExpressionError, locate } from './error.ts'
import { parse, parseValue } from './parser.ts'
import { printExpression, printValue } from './print.ts'
import type { ValueTypeName } from './types.ts'
import { collectUses, type FieldUse } from './uses.ts'
import type { FieldSource, Value } from './value.ts'
import { type ExpressionWarning, warningsOf } from './warnings.ts'

/** What is known about an expression without evaluating it. */
type Description = {
  readonly source: string
  /** The same expression in one fixed spelling. */
  print(): string
  readonly uses: readonly FieldUse[]
  /** Names of the lists it asks, without the `$`. */
  readonly lists: readonly string[]
  readonly warnings: readonly ExpressionWarning[]
}

export type CompiledExpression = Description & {
  readonly conditions: NecessaryConditions
  /** Never throws unless the source of fields does. */
  evaluate(source: FieldSource): boolean
}

export type CompiledValueExpression = Description & {
  readonly type: ValueTypeName
  /** Undefined when the value is missing. Never throws unless the source of fields does. */
  evaluate(source: FieldSource): Value | undefined
}

/** Compiles an expression that is one Bool; the error has a code, a reason and a place. */
export function compileExpression(
  source: string,
  environment: Environment = {},
): Result<CompiledExpression, ExpressionError> {
  const parsed = parse(source, environment)
  if (!parsed.ok) return err(locate(source, parsed.error))
  const expression = parsed.value
  const { fields, lists } = collectUses(expression)
  return ok({
    source,
    print: () => printExpression(expression),
    uses: fields,
    lists,
    warnings: warningsOf(fields),
    conditions: necessaryConditions(expression),
    evaluate: compile(expression),
  })
}

/**
 * Compiles what a rule of a ruleset asks: an expression, or `true`. The language has no word for always, but Cloudflare's
 * rulesets take that one, and rules that execute a ruleset for every request are written so.
 */
export function compileCondition(
  source: string,
  environment: Environment = {},
): Result<CompiledExpression, ExpressionError> {
  return source.trim() === 'true'
    ? ok({ ...ALWAYS, source })
    : compileExpression(source, environment)
}

const ALWAYS: Omit<CompiledExpression, 'source'> = {
  print: () => 'true',
  uses: [],
  lists: [],
  warnings: [],
  conditions: {},
  evaluate: () => true,
}

/** Compiles an expression that is a value of one of the types: where a token stands, what a header is rewritten to. */
export function compileValueExpression(
  source: string,
  { types, ...environment }: Environment & { readonly types: readonly ValueTypeName[] },
): Result<CompiledValueExpression, ExpressionError> {
  const parsed = parseValue(source, types, environment)
  if (!parsed.ok) return err(locate(source, parsed.error))
  const { operand, type } = parsed.value
  const { fields, lists } = collectUses(operand)
  return ok({
    source,
    print: () => printValue(operand),
    type,
    uses: fields,
    lists,
    warnings: warningsOf(fields),
    evaluate: compileValue(operand),
  })
}
