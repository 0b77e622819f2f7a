/**
 * Resolves names and checks types, with wirefilter's verdicts: which operand may be compared how, which expression is
 * one Bool and which an Array<Bool>, and that the whole is one Bool.
 */
import { ok, type Result } from '#engines/result'
import { argumentFault, elementOrOwnType, resultType } from './argument-checker.ts'
import type { Argument, Comparison, Expression, Index, Literal, Operand } from './ast.ts'
import type {
  CallBase,
  CheckedArgument,
  CheckedExpression,
  CheckedOperand,
  Step,
} from './checked.ts'
import { checkCondition } from './condition-checker.ts'
import type { Fault, Span } from './error.ts'
import { fieldAt, fieldIndex } from './fields/fields.ts'
import { findFunction } from './functions/index.ts'
import type { FunctionRow } from './functions/row.ts'
import { fault } from './lexer.ts'
import { readAnyLiteral } from './literals.ts'
import { arrayOf, BOOL, isSameType, type Type, typeName } from './types.ts'

type Checked<T> = Result<T, Fault>

/** Checks a whole expression: it must be one Bool. */
export function check(expression: Expression): Checked<CheckedExpression> {
  const checked = checkExpression(expression)
  if (!checked.ok || !checked.value.isMany) return checked
  return mismatch(BOOL, arrayOf(BOOL), expression.span)
}

function checkExpression(expression: Expression): Checked<CheckedExpression> {
  switch (expression.kind) {
    case 'combination':
      return checkCombination(expression)
    case 'negation': {
      const item = checkExpression(expression.item)
      return item.ok ? ok({ kind: 'negation', item: item.value, isMany: item.value.isMany }) : item
    }
    case 'quantifier':
      return checkQuantifier(expression)
    case 'comparison':
      return checkComparison(expression)
  }
}

function checkCombination(
  expression: Expression & { kind: 'combination' },
): Checked<CheckedExpression> {
  const items: CheckedExpression[] = []
  for (const item of expression.items) {
    const checked = checkExpression(item)
    if (!checked.ok) return checked
    const first = items[0] ?? checked.value
    if (first.isMany !== checked.value.isMany) {
      return mismatch(resultType(first), resultType(checked.value), item.span)
    }
    items.push(checked.value)
  }
  const isMany = items[0]?.isMany ?? false
  return ok({ kind: 'combination', operator: expression.operator, items, isMany })
}

function checkQuantifier(
  expression: Expression & { kind: 'quantifier' },
): Checked<CheckedExpression> {
  const { argument, quantifier } = expression
  const checked = checkArgument(argument)
  if (!checked.ok) return checked
  // wirefilter takes `bools` and refuses `bools[*]`, which is one Bool to it.
  const type = elementOrOwnType(checked.value)
  if (checked.value.kind === 'constant' || !isSameType(type, arrayOf(BOOL))) {
    return mismatch(arrayOf(BOOL), type, argument.span)
  }
  return ok({ kind: 'quantifier', quantifier, argument: checked.value, isMany: false })
}

function checkComparison({ operand, condition, span }: Comparison): Checked<CheckedExpression> {
  const checked = checkOperand(operand)
  if (!checked.ok) return checked
  const { type, eachCount } = checked.value
  const isBoolArray = isSameType(type, arrayOf(BOOL))
  if (type.kind === 'Bool' || isBoolArray) {
    if (condition !== undefined) return unsupported(type, condition.operatorSpan)
    // Each element of an array of arrays would be an array again.
    if (isBoolArray && eachCount > 0) return unsupported(arrayOf(type), span)
    const isMany = isBoolArray || eachCount > 0
    return ok({ kind: 'comparison', operand: checked.value, test: { kind: 'truth' }, isMany })
  }
  if (condition === undefined) {
    const end = { start: span.end, end: span.end }
    return fault('expected_token', `expected a comparison operator after ${typeName(type)}`, end)
  }
  const test = checkCondition(type, condition)
  if (!test.ok) return test
  const isMany = eachCount > 0
  return ok({ kind: 'comparison', operand: checked.value, test: test.value, isMany })
}

function checkOperand(operand: Operand): Checked<CheckedOperand> {
  const base = operand.call === undefined ? checkField(operand) : checkCall(operand, operand.call)
  if (!base.ok) return base
  let { type } = base.value
  for (const index of operand.indexes) {
    const element = elementType(type, index)
    if (element === undefined) {
      const message = `cannot access index ${indexName(index)} for type ${typeName(type)}`
      return fault('invalid_index', message, index.span)
    }
    type = element
  }
  const steps = operand.indexes.map((index) => toStep(index))
  const eachCount = steps.filter(({ kind }) => kind === 'each').length
  return ok({ kind: 'operand', base: base.value.base, steps, eachCount, type })
}

type TypedBase = { readonly base: CheckedOperand['base']; readonly type: Type }

function checkField({ name, nameSpan }: Operand): Checked<TypedBase> {
  const index = fieldIndex(name)
  const field = fieldAt(index)
  return field === undefined
    ? fault('unknown_identifier', 'unknown identifier', nameSpan)
    : ok({ base: { kind: 'field', index }, type: field.type })
}

function checkCall(
  { name, nameSpan, span }: Operand,
  call: { readonly arguments: readonly Argument[] },
): Checked<TypedBase> {
  const row = findFunction(name)
  if (row === undefined) return fault('unknown_identifier', 'unknown identifier', nameSpan)
  const { length } = call.arguments
  if (length < row.required || (!row.isVariadic && length > row.parameters.length)) {
    return fault('invalid_arguments', 'invalid number of arguments', span)
  }
  const checked: CheckedArgument[] = []
  for (const [index, argument] of call.arguments.entries()) {
    const value = checkArgument(argument)
    if (!value.ok) return value
    checked.push(value.value)
    const reason = argumentFault(row, {
      index,
      argument: value.value,
      first: checked[0] ?? value.value,
    })
    if (reason !== undefined) return fault('invalid_arguments', reason, argument.span)
  }
  const base = callBase(row, checked)
  const first = checked[0]
  const type = row.returns(first === undefined ? BOOL : elementOrOwnType(first))
  return ok({ base, type: base.isMapped ? arrayOf(type) : type })
}

function callBase(row: FunctionRow, checked: readonly CheckedArgument[]): CallBase {
  const first = checked[0]
  const isMapped = first?.kind === 'operand' && first.eachCount > 0
  return { kind: 'call', row, arguments: checked, isMapped }
}

function checkArgument(argument: Argument): Checked<CheckedArgument> {
  switch (argument.kind) {
    case 'string':
    case 'word':
      return checkLiteral(argument)
    case 'operand':
      return checkOperand(argument)
    case 'combination':
    case 'negation':
    case 'quantifier':
    case 'comparison':
      return checkExpression(argument)
  }
}

function checkLiteral(literal: Literal): Checked<CheckedArgument> {
  const read = readAnyLiteral(literal)
  return read.ok ? ok({ kind: 'constant', ...read.value }) : read
}

function elementType(type: Type, index: Index): Type | undefined {
  if (!('of' in type)) return undefined
  if (index.kind === 'each') return type.of
  return type.kind === (index.kind === 'key' ? 'Map' : 'Array') ? type.of : undefined
}

function toStep(index: Index): Step {
  if (index.kind === 'key') return { kind: 'key', key: index.key }
  return index.kind === 'position'
    ? { kind: 'position', position: index.position }
    : { kind: 'each' }
}

function indexName(index: Index): string {
  if (index.kind === 'key') return JSON.stringify(index.key)
  return index.kind === 'position' ? String(index.position) : '*'
}

function mismatch(expected: Type, actual: Type, span: Span): Checked<never> {
  const message = `expected value of type ${typeName(expected)}, but got ${typeName(actual)}`
  return fault('type_mismatch', message, span)
}

function unsupported(type: Type, span: Span): Checked<never> {
  return fault(
    'unsupported_operator',
    `cannot perform this operation on type ${typeName(type)}`,
    span,
  )
}
