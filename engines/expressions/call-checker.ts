/** Checks the arguments of a call against the parameters of its function. */
import type { Argument, Expression } from './ast.ts'
import type { Span } from './error.ts'
import { fieldAt } from './fields/fields.ts'
import type { FunctionRow, Parameter } from './functions/row.ts'
import { fault, type Refusal } from './lexer.ts'
import { arrayOf, BOOL, type Type, typeName } from './types.ts'

/** The refusal of an argument that does not fit its parameter. */
export function argumentRefusal(
  { parameters, isVariadic }: FunctionRow,
  index: number,
  {
    argument,
    first,
    span,
    end,
  }: {
    readonly argument: Argument
    readonly first: Argument
    readonly span: Span
    readonly end: number
  },
): Refusal | undefined {
  if (index > 0 && argument.kind === 'operand' && argument.eachCount > 0) {
    return fault('invalid_arguments', '[*] is only allowed in the first argument', span)
  }
  const parameter = parameters[index] ?? (isVariadic ? parameters.at(-1) : undefined)
  if (parameter === undefined) {
    return fault('invalid_arguments', 'invalid number of arguments', { ...span, end })
  }
  const type = argumentType(argument)
  const reason = parameter.accepts(type, argumentType(first))
    ? kindReason(parameter, argument)
    : `expected ${parameter.expected}, but got ${typeName(type)}`
  return reason === undefined
    ? undefined
    : fault('invalid_arguments', `invalid argument #${index}: ${reason}`, span)
}

/** Type of a call's argument: with `[*]`, the type of one element, for the call is made for each. */
export function argumentType(argument: Argument): Type {
  return argument.kind === 'constant' || argument.kind === 'operand'
    ? argument.type
    : resultType(argument)
}

/** Type of an expression: one Bool or many. */
export function resultType({ isMany }: Expression): Type {
  return isMany ? arrayOf(BOOL) : BOOL
}

function kindReason(parameter: Parameter, argument: Argument): string | undefined {
  const { literal, fields, refusal } = parameter
  if (argument.kind === 'constant') {
    return literal === 'refused'
      ? 'expected a field or function, but got a literal'
      : refusal?.(argument.value)
  }
  if (literal === 'required') return 'expected a literal'
  return fields === undefined || fields.includes(bareFieldName(argument))
    ? undefined
    : `expected one of the fields ${fields.join(', ')}`
}

function bareFieldName(argument: Argument): string {
  const isField =
    argument.kind === 'operand' && argument.base.kind === 'field' && argument.steps.length === 0
  return isField ? (fieldAt(argument.base.index)?.name ?? '') : ''
}
