/** Checks the arguments of a call against the parameters of its function. */
import type { CheckedArgument, CheckedExpression } from './checked.ts'
import type { FunctionRow, Parameter } from './functions/row.ts'
import { arrayOf, BOOL, type Type, typeName } from './types.ts'

/** The reason why an argument does not fit its parameter, or undefined. */
export function argumentFault(
  row: FunctionRow,
  { index, argument, first }: { index: number; argument: CheckedArgument; first: CheckedArgument },
): string | undefined {
  const parameter = row.parameters[index] ?? row.parameters.at(-1)
  if (parameter === undefined) return 'invalid number of arguments'
  if (index > 0 && argument.kind === 'operand' && argument.eachCount > 0) {
    return '[*] is only allowed in the first argument'
  }
  const type = elementOrOwnType(argument)
  if (!parameter.accepts(type, elementOrOwnType(first))) {
    return `invalid type of argument #${index}: expected ${parameter.expected}, but got ${typeName(type)}`
  }
  return literalFault(parameter, { index, argument })
}

function literalFault(
  parameter: Parameter,
  { index, argument }: { index: number; argument: CheckedArgument },
): string | undefined {
  const isLiteral = argument.kind === 'constant'
  if (isLiteral && parameter.literal === 'refused') {
    return `invalid kind of argument #${index}: expected a field or function, but got a literal`
  }
  if (!isLiteral && parameter.literal === 'required') {
    return `invalid kind of argument #${index}: expected a literal`
  }
  const { values } = parameter
  const isText = isLiteral && typeof argument.value === 'string'
  return values !== undefined && isText && !values.includes(argument.value)
    ? `invalid value of argument #${index}`
    : undefined
}

/** Type of a call's argument: with `[*]`, the type of one element, for the call is made for each. */
export function elementOrOwnType(argument: CheckedArgument): Type {
  return argument.kind === 'constant' || argument.kind === 'operand'
    ? argument.type
    : resultType(argument)
}

/** Type of an expression: one Bool or many. */
export function resultType({ isMany }: CheckedExpression): Type {
  return isMany ? arrayOf(BOOL) : BOOL
}
