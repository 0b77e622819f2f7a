/**
 * Parses an expression to a tree. Precedence, nesting, quantifiers, calls and indexes are settled here; names, types
 * and the meaning of literals are the checker's business. Follows wirefilter's `ast/logical_expr.rs`
 * and `function_expr.rs`.
 */
import { ok, type Result } from '#engines/result'
import type { Argument, CombiningOperator, Expression, Operand, Quantifier } from './ast.ts'
import { readCondition, readLiteral } from './comparison-parser.ts'
import type { Fault } from './error.ts'
import { fault, faultAt, type Read, readName, readSpelling, skipBlanks } from './lexer.ts'
import { EXPRESSION_LIMITS } from './limits.ts'
import { readIndexes } from './index-parser.ts'

type Input = { readonly source: string; readonly depth: number }

/** From loosest to tightest binding. */
const LEVELS: readonly {
  readonly operator: CombiningOperator
  readonly spellings: readonly string[]
}[] = [
  { operator: 'or', spellings: ['or', '||'] },
  { operator: 'xor', spellings: ['xor', '^^'] },
  { operator: 'and', spellings: ['and', '&&'] },
]
const NEGATIONS = ['not', '!']
const QUANTIFIERS: readonly Quantifier[] = ['any', 'all']
/** Where an argument could be a name or a literal: digits, a colon after a group, a dash after a byte. */
const STARTS_WORD = /^(?:-?[0-9]|[0-9A-Fa-f]{0,4}:|[0-9A-Fa-f]{2}-)/
const STARTS_STRING = /^(?:"|r["#])/

/** Parses a whole expression; blanks around it are ignored. */
export function parse(source: string): Result<Expression, Fault> {
  const { expressionCharactersMax } = EXPRESSION_LIMITS
  if (source.length > expressionCharactersMax) {
    const message = `expression is longer than ${expressionCharactersMax} characters`
    return faultAt('expression_too_long', message, { source, at: expressionCharactersMax })
  }
  const trimmed = source.trimEnd()
  const start = trimmed.length - trimmed.trimStart().length
  const read = readLevel({ source: trimmed, depth: 0 }, start, 0)
  if (!read.ok) return read
  const { value, next } = read.value
  return next === trimmed.length
    ? ok(value)
    : faultAt('unexpected_input', 'unrecognised input', { source: trimmed, at: next })
}

function readLevel(input: Input, at: number, level: number): Read<Expression> {
  const row = LEVELS[level]
  if (row === undefined) return readSimple(input, at)
  const items: Expression[] = []
  let start = at
  for (;;) {
    const item = readLevel(input, start, level + 1)
    if (!item.ok) return item
    const { value, next } = item.value
    items.push(value)
    const blank = skipBlanks(input.source, next)
    const spelling = readSpelling(input.source, blank, row.spellings)
    if (spelling === undefined) {
      if (items.length === 1) return item
      const span = { start: at, end: next }
      return ok({ value: { kind: 'combination', operator: row.operator, items, span }, next })
    }
    start = skipBlanks(input.source, blank + spelling.length)
  }
}

/** `simple := '(' expr ')' | (not|!) simple | (any|all) '(' arg ')' | comparison` */
function readSimple(input: Input, at: number): Read<Expression> {
  const { source } = input
  if (source.charAt(at) === '(') return readParenthesised(input, at)
  const negation = readSpelling(source, at, NEGATIONS)
  if (negation !== undefined) return readNegation(input, at, at + negation.length)
  const quantifier = readQuantifierName(source, at)
  return quantifier === undefined
    ? readComparison(input, at)
    : readQuantifier(input, at, quantifier)
}

function readParenthesised(input: Input, at: number): Read<Expression> {
  const nested = nest(input, at)
  if (!nested.ok) return nested
  const inner = readLevel(nested.value, skipBlanks(input.source, at + 1), 0)
  return inner.ok ? closeParenthesis(input.source, inner.value) : inner
}

function readNegation(input: Input, at: number, end: number): Read<Expression> {
  const nested = nest(input, at)
  if (!nested.ok) return nested
  const item = readSimple(nested.value, skipBlanks(input.source, end))
  if (!item.ok) return item
  const { value, next } = item.value
  return ok({ value: { kind: 'negation', item: value, span: { start: at, end: next } }, next })
}

/** `any` and `all` are quantifiers only in front of a parenthesis. */
function readQuantifierName(source: string, at: number): Quantifier | undefined {
  return QUANTIFIERS.find(
    (name) =>
      source.startsWith(name, at) && source.charAt(skipBlanks(source, at + name.length)) === '(',
  )
}

function readQuantifier(input: Input, at: number, quantifier: Quantifier): Read<Expression> {
  const { source } = input
  const open = skipBlanks(source, at + quantifier.length)
  const nested = nest(input, at)
  if (!nested.ok) return nested
  const argument = readArgument(nested.value, skipBlanks(source, open + 1))
  if (!argument.ok) return argument
  const closed = closeParenthesis(source, argument.value)
  if (!closed.ok) return closed
  const { value, next } = closed.value
  const span = { start: at, end: next }
  return ok({ value: { kind: 'quantifier', quantifier, argument: value, span }, next })
}

function readComparison(input: Input, at: number): Read<Expression> {
  const operand = readOperand(input, at)
  if (!operand.ok) return operand
  const condition = readCondition(input.source, operand.value.next)
  if (condition?.ok === false) return condition
  const next = condition?.value.next ?? operand.value.next
  return ok({
    value: {
      kind: 'comparison',
      operand: operand.value.value,
      condition: condition?.value.value,
      span: { start: at, end: next },
    },
    next,
  })
}

function readOperand(input: Input, at: number): Read<Operand> {
  const { source } = input
  const name = readName(source, at)
  if (!name.ok) return name
  const nameSpan = { start: at, end: name.value.next }
  const open = skipBlanks(source, name.value.next)
  const call = source.charAt(open) === '(' ? readArguments(input, open) : undefined
  if (call?.ok === false) return call
  const indexes = readIndexes(source, call?.value.next ?? name.value.next)
  if (!indexes.ok) return indexes
  const { value, next } = indexes.value
  return ok({
    value: {
      kind: 'operand',
      name: name.value.value,
      nameSpan,
      call: call === undefined ? undefined : { arguments: call.value.value },
      indexes: value,
      span: { start: at, end: next },
    },
    next,
  })
}

function readArguments(input: Input, open: number): Read<readonly Argument[]> {
  const { source } = input
  const nested = nest(input, open)
  if (!nested.ok) return nested
  const values: Argument[] = []
  let next = skipBlanks(source, open + 1)
  while (source.charAt(next) !== ')') {
    if (values.length > 0) {
      if (source.charAt(next) !== ',') {
        return faultAt('expected_token', 'expected literal ","', { source, at: next })
      }
      next = skipBlanks(source, next + 1)
    }
    const argument = readArgument(nested.value, next)
    if (!argument.ok) return argument
    values.push(argument.value.value)
    next = skipBlanks(source, argument.value.next)
  }
  return ok({ value: values, next: next + 1 })
}

/** A literal, a parenthesised, negated or quantified expression, one comparison, or an operand. */
function readArgument(input: Input, at: number): Read<Argument> {
  const { source } = input
  const head = source.slice(at, at + 5)
  if (STARTS_STRING.test(head) || STARTS_WORD.test(head)) return readLiteral(source, at)
  const isLogical =
    source.charAt(at) === '(' ||
    readSpelling(source, at, NEGATIONS) !== undefined ||
    readQuantifierName(source, at) !== undefined
  if (isLogical) return readLevel(input, at, 0)
  const comparison = readComparison(input, at)
  if (!comparison.ok) return comparison
  const { value, next } = comparison.value
  const isBare = value.kind === 'comparison' && value.condition === undefined
  return ok({ value: isBare ? value.operand : value, next })
}

function closeParenthesis<T>(
  source: string,
  inner: { readonly value: T; readonly next: number },
): Read<T> {
  const at = skipBlanks(source, inner.next)
  return source.charAt(at) === ')'
    ? ok({ value: inner.value, next: at + 1 })
    : faultAt('expected_token', 'expected literal ")"', { source, at })
}

function nest(input: Input, at: number): Result<Input, Fault> {
  const { nestingDepthMax } = EXPRESSION_LIMITS
  if (input.depth < nestingDepthMax) return ok({ source: input.source, depth: input.depth + 1 })
  const message = `maximum nesting depth exceeded (limit: ${nestingDepthMax})`
  return fault('nesting_too_deep', message, { start: at, end: at + 1 })
}
