/** What a call with checked arguments becomes: a function to run with its type, or the entry of a field it stands for. */
import { ok, type Result } from '#engines/result'
import type { Argument, CallBase, FieldBase, Step } from './ast.ts'
import { argumentType } from './call-checker.ts'
import type { Fault } from './error.ts'
import { fieldIndex } from './fields/fields.ts'
import type { FunctionRow } from './functions/row.ts'
import { fault } from './lexer.ts'
import { arrayOf, BOOL, type Type } from './types.ts'

/** What an operand begins with. */
export type Base = {
  readonly base: FieldBase | CallBase
  readonly type: Type
  /** Steps that are part of the base already. */
  readonly steps: readonly Step[]
}

/** An argument with its place in the source. */
export type PlacedArgument = {
  readonly argument: Argument
  readonly start: number
  readonly end: number
}

/** Compiles the literals of a call that wants it; they may be refused, as a pattern is. */
export function baseOfCall(
  row: FunctionRow,
  placed: readonly PlacedArgument[],
  at: number,
): Result<Base, Fault> {
  const args = placed.map(({ argument }) => argument)
  const literals = args.map((argument) =>
    argument.kind === 'constant' ? argument.value : undefined,
  )
  const [first] = args
  const own = row.returns(first === undefined ? BOOL : argumentType(first))
  const { run } = row
  if (run.kind === 'entry') {
    const [key] = literals
    const steps: readonly Step[] = typeof key === 'string' ? [{ kind: 'key', key }] : []
    return ok({ base: { kind: 'field', index: fieldIndex(run.field) }, type: own, steps })
  }
  const call = run.kind === 'call' ? ok(run.call) : run.compile(literals)
  if (!call.ok) {
    const { argument, code, message } = call.error
    const { start, end } = placed[argument] ?? { start: at, end: at }
    return fault(code, message, { start, end })
  }
  const isMapped = first?.kind === 'operand' && first.eachCount > 0
  const type = isMapped ? arrayOf(own) : own
  const base: CallBase = { kind: 'call', row, arguments: args, call: call.value, isMapped, at }
  return ok({ base, type, steps: [] })
}
