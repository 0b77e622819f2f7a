/**
 * Parses operands: a field or a call, with its indexes. Names are resolved and arguments checked where they stand, so
 * that the first fault in the source is the one that is reported. Follows `function_expr.rs` and `index_expr.rs`.
 */
import { ok } from '#engines/result'
import type { Argument, Operand } from './ast.ts'
import { type Base, baseOfCall, type PlacedArgument } from './call-base.ts'
import { argumentRefusal } from './call-checker.ts'
import { findOperator, readComparison } from './comparison-parser.ts'
import { fieldRefusal, functionRefusal } from './environment.ts'
import { fieldAt, fieldIndex } from './fields/fields.ts'
import { findFunction, refusedFunction } from './functions/index.ts'
import type { FunctionRow } from './functions/row.ts'
import { type Input, nest } from './input.ts'
import { readSteps } from './index-parser.ts'
import { expectLiteral, fault, type Read, readName, readSpelling, skipBlanks } from './lexer.ts'
import { readAnyLiteral } from './literals.ts'
import { readBytes } from './string-reader.ts'
import { BYTES } from './types.ts'

/** Words that make an argument an expression when they stand at its start. */
export const NEGATIONS = ['not', '!']
const QUANTIFIERS = ['any', 'all'] as const

/** Two hexadecimal digits or less, and then something that no literal has: the word is a name. */
const STARTS_NAME = /^[0-9A-Fa-f]{0,2}[G-Zg-z_]/
const STARTS_STRING = /^(?:"|r["#])/

/** Reads a field or call with its indexes. */
export function readOperand(input: Input, at: number): Read<Operand> {
  const base = readBase(input, at)
  if (!base.ok) return base
  const indexes = readSteps(input.source, base.value.next, base.value.value.type)
  if (!indexes.ok) return indexes
  const { type } = indexes.value.value
  const steps = [...base.value.value.steps, ...indexes.value.value.steps]
  const eachCount = steps.filter(({ kind }) => kind === 'each').length
  const operand: Operand = {
    kind: 'operand',
    base: base.value.value.base,
    steps,
    eachCount,
    type,
  }
  return ok({ value: operand, next: indexes.value.next })
}

/** `any` and `all` are quantifiers only in front of a parenthesis. */
export function findQuantifier(source: string, at: number): 'any' | 'all' | undefined {
  return QUANTIFIERS.find(
    (name) =>
      source.startsWith(name, at) && source.charAt(skipBlanks(source, at + name.length)) === '(',
  )
}

/** A literal, an expression that announces itself, or an operand, which may be the left side of a comparison. */
export function readArgument(input: Input, at: number): Read<Argument> {
  const { source } = input
  const head = source.slice(at, at + 3)
  if (STARTS_STRING.test(head)) return readStringArgument(source, at)
  const isLogical =
    head.startsWith('(') ||
    readSpelling(source, at, NEGATIONS) !== undefined ||
    findQuantifier(source, at) !== undefined
  if (isLogical) return input.readExpression(input, at)
  const operand = readOperand(input, at)
  if (!operand.ok) return STARTS_NAME.test(head) ? operand : readAnyLiteral(source, at)
  const { value, next } = operand.value
  return findOperator(source, next) === undefined ? operand : readComparison(input, value, next)
}

function readStringArgument(source: string, at: number): Read<Argument> {
  const text = readBytes(source, at)
  if (!text.ok) return text
  const { value, next } = text.value
  return ok({ value: { kind: 'constant', value, type: BYTES }, next })
}

function readBase(input: Input, at: number): Read<Base> {
  const name = readName(input.source, at)
  if (!name.ok) return name
  const { value, next } = name.value
  const span = { start: at, end: next }
  const index = fieldIndex(value)
  const field = fieldAt(index)
  if (field !== undefined) {
    const base: Base = { base: { kind: 'field', index }, type: field.type, steps: [] }
    return fieldRefusal(input.environment, field, span) ?? ok({ value: base, next })
  }
  const row = findFunction(value)
  if (row === undefined) {
    const reason = refusedFunction(value)
    return reason === undefined
      ? fault('unknown_identifier', 'unknown identifier', span)
      : fault('unsupported_function', reason, span)
  }
  const { isValue } = input
  return functionRefusal(input.environment, row, { span, isValue }) ?? readCall(input, row, span)
}

function readCall(
  input: Input,
  row: FunctionRow,
  span: { readonly start: number; readonly end: number },
): Read<Base> {
  const open = skipBlanks(input.source, span.end)
  const nested = nest(input, open)
  if (!nested.ok) return nested
  const args = readArguments(nested.value, row, open)
  if (!args.ok) return args
  const { value, next } = args.value
  const base = baseOfCall(row, value, span.start)
  return base.ok ? ok({ value: base.value, next }) : base
}

function readArguments(
  input: Input,
  row: FunctionRow,
  at: number,
): Read<readonly PlacedArgument[]> {
  const { source } = input
  const open = expectLiteral(source, at, '(')
  if (!open.ok) return open
  const args: PlacedArgument[] = []
  let next = skipBlanks(source, open.value)
  while (next < source.length && source.charAt(next) !== ')') {
    const comma = args.length === 0 ? ok(next) : expectLiteral(source, next, ',')
    if (!comma.ok) return comma
    const start = skipBlanks(source, comma.value)
    const read = readArgument(input, start)
    if (!read.ok) return read
    const { value: argument, next: end } = read.value
    const refusal = argumentRefusal(row, args.length, {
      argument,
      first: args[0]?.argument ?? argument,
      span: { start, end },
      end: source.length,
    })
    if (refusal !== undefined) return refusal
    args.push({ argument, start, end })
    next = skipBlanks(source, end)
  }
  if (args.length < row.required) {
    const span = { start: next, end: source.length }
    return fault('invalid_arguments', 'invalid number of arguments', span)
  }
  const close = expectLiteral(source, next, ')')
  return close.ok ? ok({ value: args, next: close.value }) : close
}
