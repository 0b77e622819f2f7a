/** The expression of a stored rule. It was checked when it was written, so failing here is a bug or damage. */
import { compileCondition, type CompiledExpression } from '#engines/expressions'
import type { Lists } from './lists.ts'

/** @throws when it does not compile: a configuration with such a rule is refused as a whole. */
export function compiled(source: string, { kinds }: Lists): CompiledExpression {
  const result = compileCondition(source, { lists: kinds })
  if (result.ok) return result.value
  throw new Error(`rule does not compile: ${source}: ${result.error.message}`)
}
