/**
 * Parses and checks an expression in one pass, as wirefilter's `ast/logical_expr.rs` does: precedence, nesting and
 * quantifiers are settled here, and that the whole is one Bool or a value of the wanted type.
 */
import { ok, type Result } from '#engines/result'
import type { CombiningOperator, Expression, Operand, Quantifier } from './ast.ts'
import { argumentType, resultType } from './call-checker.ts'
import { readComparison } from './comparison-parser.ts'
import type { Environment } from './environment.ts'
import type { Fault } from './error.ts'
import { type Input, nest } from './input.ts'
import {
  expectLiteral,
  fault,
  faultAt,
  type Read,
  readSpelling,
  type Refusal,
  skipBlanks,
} from './lexer.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { findQuantifier, NEGATIONS, readArgument, readOperand } from './operand-parser.ts'
import { rewriteRefusal } from './rewrites.ts'
import { arrayOf, BOOL, isSameType, type Type, typeName, type ValueTypeName } from './types.ts'

/** From loosest to tightest binding. */
const LEVELS: readonly {
  readonly operator: CombiningOperator
  readonly spellings: readonly string[]
}[] = [
  { operator: 'or', spellings: ['or', '||'] },
  { operator: 'xor', spellings: ['xor', '^^'] },
  { operator: 'and', spellings: ['and', '&&'] },
]
const COMBINING = LEVELS.flatMap(({ spellings }) => spellings)
/** What Rust's `trim` takes from both ends. */
const BLANK_HEAD = /^\p{White_Space}*/u
const BLANK_TAIL = /\p{White_Space}$/u

/** Parses an expression that is one Bool. */
export function parse(source: string, environment: Environment): Result<Expression, Fault> {
  const start = begin(source, { environment, isValue: false })
  if (!start.ok) return start
  const { input, at } = start.value
  const read = readExpression(input, at)
  if (!read.ok) return read
  const { value, next } = read.value
  if (value.isMany) return mismatch(BOOL, arrayOf(BOOL), { source: input.source, at: next })
  return complete(input, value, next)
}

export type TypedValue = { readonly operand: Operand; readonly type: ValueTypeName }

/** Parses a value of one of the types: a field or a call, with indexes. */
export function parseValue(
  source: string,
  types: readonly ValueTypeName[],
  environment: Environment,
): Result<TypedValue, Fault> {
  const start = begin(source, { environment, isValue: true })
  if (!start.ok) return start
  const { input, at } = start.value
  const read = readOperand(input, at)
  if (!read.ok) return read
  const { value: operand, next } = read.value
  const own = typeName(operand.eachCount > 0 ? arrayOf(operand.type) : operand.type)
  const type = types.find((name) => name === own)
  if (type === undefined) {
    const message = `expected value of type ${types.join(' or ')}, but got ${own}`
    return faultAt('type_mismatch', message, { source: input.source, at })
  }
  const completed = complete(input, operand, next)
  return completed.ok ? ok({ operand: completed.value, type }) : completed
}

function begin(
  source: string,
  outer: { readonly environment: Environment; readonly isValue: boolean },
): Result<{ readonly input: Input; readonly at: number }, Fault> {
  const { expressionCharactersMax } = EXPRESSION_LIMITS
  if (source.length > expressionCharactersMax) {
    const message = `expression is longer than ${expressionCharactersMax} characters`
    return faultAt('expression_too_long', message, { source, at: expressionCharactersMax })
  }
  let end = source.length
  while (end > 0 && BLANK_TAIL.test(source.charAt(end - 1))) end -= 1
  const trimmed = source.slice(0, end)
  const at = BLANK_HEAD.exec(trimmed)?.[0].length ?? 0
  return ok({ input: { source: trimmed, depth: 0, readExpression, ...outer }, at })
}

function complete<T extends Expression | Operand>(
  { source }: Input,
  value: T,
  next: number,
): Result<T, Fault> {
  if (next < source.length) {
    return faultAt('unexpected_input', 'unrecognised input', { source, at: next })
  }
  return rewriteRefusal(value) ?? ok(value)
}

function readExpression(input: Input, at: number): Read<Expression> {
  return readLevel(input, at, 0)
}

function readLevel(input: Input, at: number, level: number): Read<Expression> {
  const row = LEVELS[level]
  if (row === undefined) return readSimple(input, at)
  const { source } = input
  const first = readLevel(input, at, level + 1)
  if (!first.ok) return first
  const { isMany } = first.value.value
  const items = [first.value.value]
  let { next } = first.value
  for (;;) {
    const blank = skipBlanks(source, next)
    const spelling = readSpelling(source, blank, row.spellings)
    if (spelling === undefined) break
    const item = readLevel(input, skipBlanks(source, blank + spelling.length), level + 1)
    if (!item.ok) return item
    next = item.value.next
    if (item.value.value.isMany !== isMany) {
      const types = {
        expected: resultType(first.value.value),
        actual: resultType(item.value.value),
      }
      return mismatch(types.expected, types.actual, { source, at: afterOperator(source, next) })
    }
    items.push(item.value.value)
  }
  return items.length === 1
    ? first
    : ok({ value: { kind: 'combination', operator: row.operator, items, isMany }, next })
}

/** wirefilter has read the operator behind an operand before it compares types. */
function afterOperator(source: string, at: number): number {
  const blank = skipBlanks(source, at)
  const spelling = readSpelling(source, blank, COMBINING)
  return spelling === undefined ? at : skipBlanks(source, blank + spelling.length)
}

/** `simple := '(' expr ')' | (not|!) simple | (any|all) '(' arg ')' | comparison` */
function readSimple(input: Input, at: number): Read<Expression> {
  const { source } = input
  if (source.charAt(at) === '(') return readParenthesised(input, at)
  const negation = readSpelling(source, at, NEGATIONS)
  if (negation !== undefined) return readNegation(input, at, at + negation.length)
  const quantifier = findQuantifier(source, at)
  if (quantifier !== undefined) return readQuantifier(input, at, quantifier)
  const operand = readOperand(input, at)
  return operand.ok ? readComparison(input, operand.value.value, operand.value.next) : operand
}

function readParenthesised(input: Input, at: number): Read<Expression> {
  const nested = nest(input, at)
  if (!nested.ok) return nested
  const inner = readExpression(nested.value, skipBlanks(input.source, at + 1))
  if (!inner.ok) return inner
  return closeParenthesis(input.source, inner.value)
}

function readNegation(input: Input, at: number, end: number): Read<Expression> {
  const nested = nest(input, at)
  if (!nested.ok) return nested
  const item = readSimple(nested.value, skipBlanks(input.source, end))
  if (!item.ok) return item
  const { value, next } = item.value
  return ok({ value: { kind: 'negation', item: value, isMany: value.isMany }, next })
}

function readQuantifier(input: Input, at: number, quantifier: Quantifier): Read<Expression> {
  const { source } = input
  const open = skipBlanks(source, at + quantifier.length)
  const nested = nest(input, open)
  if (!nested.ok) return nested
  const start = skipBlanks(source, open + 1)
  const read = readArgument(nested.value, start)
  if (!read.ok) return read
  const { value: argument, next } = read.value
  // wirefilter takes `bools` and refuses `bools[*]`, which is one Bool to it.
  const type = argumentType(argument)
  if (argument.kind === 'constant' || !isSameType(type, arrayOf(BOOL))) {
    return fault('type_mismatch', mismatchMessage(arrayOf(BOOL), type), { start, end: next })
  }
  const value: Expression = { kind: 'quantifier', quantifier, argument, isMany: false }
  return closeParenthesis(source, { value, next })
}

function closeParenthesis<T>(
  source: string,
  inner: { readonly value: T; readonly next: number },
): Read<T> {
  const close = expectLiteral(source, skipBlanks(source, inner.next), ')')
  return close.ok ? ok({ value: inner.value, next: close.value }) : close
}

function mismatch(
  expected: Type,
  actual: Type,
  place: { readonly source: string; readonly at: number },
): Refusal {
  return faultAt('type_mismatch', mismatchMessage(expected, actual), place)
}

function mismatchMessage(expected: Type, actual: Type): string {
  return `expected value of type ${typeName(expected)}, but got ${typeName(actual)}`
}
