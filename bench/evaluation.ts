/** What the benches of the rules language share. */
import { type CompiledExpression, compileExpression } from '#engines/expressions'
import { quantile } from './harness.ts'

/** @throws when it does not compile: benches choose their expressions. */
export function compileForBench(source: string): CompiledExpression {
  const compiled = compileExpression(source)
  if (!compiled.ok) throw new Error(`${source}: ${compiled.error.message}`)
  return compiled.value
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
