/** What every reader of the grammar is handed: the source, how deep it is in, and what surrounds the expression. */
import { ok, type Result } from '#engines/result'
import type { Expression } from './ast.ts'
import type { Environment } from './environment.ts'
import type { Fault } from './error.ts'
import { faultAt, type Read } from './lexer.ts'
import { EXPRESSION_LIMITS } from './limits.ts'

export type Input = {
  readonly source: string
  readonly depth: number
  readonly environment: Environment
  /** The whole is a value and not a decision. */
  readonly isValue: boolean
  /** How arguments that are expressions are read; passed in, since the parser stands above its parts. */
  readonly readExpression: (input: Input, at: number) => Read<Expression>
}

/** One level deeper, unless that is too deep. */
export function nest(input: Input, at: number): Result<Input, Fault> {
  const { nestingDepthMax } = EXPRESSION_LIMITS
  if (input.depth < nestingDepthMax) return ok({ ...input, depth: input.depth + 1 })
  const message = `maximum nesting depth exceeded (limit: ${nestingDepthMax})`
  return faultAt('nesting_too_deep', message, { source: input.source, at })
}
