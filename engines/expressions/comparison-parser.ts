/** The right half of a comparison: operator, and literal, pattern, set or list. Follows `ast/field_expr.rs`. */
import { ok } from '#engines/result'
import type { ComparisonOperator, Condition, Literal, RightSide } from './ast.ts'
import {
  faultAt,
  type Read,
  readListName,
  readQuotedPattern,
  readSpelling,
  readString,
  readWord,
  skipBlanks,
} from './lexer.ts'

/** Tried in this order, as wirefilter does; `strict wildcard` is one word with one blank. */
const OPERATORS: readonly { readonly spelling: string; readonly operator: ComparisonOperator }[] = [
  { spelling: 'in', operator: 'in' },
  { spelling: 'eq', operator: 'eq' },
  { spelling: '==', operator: 'eq' },
  { spelling: 'ne', operator: 'ne' },
  { spelling: '!=', operator: 'ne' },
  { spelling: 'ge', operator: 'ge' },
  { spelling: '>=', operator: 'ge' },
  { spelling: 'le', operator: 'le' },
  { spelling: '<=', operator: 'le' },
  { spelling: 'gt', operator: 'gt' },
  { spelling: '>', operator: 'gt' },
  { spelling: 'lt', operator: 'lt' },
  { spelling: '<', operator: 'lt' },
  { spelling: '&', operator: 'bitwise_and' },
  { spelling: 'bitwise_and', operator: 'bitwise_and' },
  { spelling: 'contains', operator: 'contains' },
  { spelling: '~', operator: 'matches' },
  { spelling: 'matches', operator: 'matches' },
  { spelling: 'wildcard', operator: 'wildcard' },
  { spelling: 'strict wildcard', operator: 'strict wildcard' },
]

/** Reads ` operator right-side`; undefined when no operator follows, so that the operand stands alone. */
export function readCondition(source: string, at: number): Read<Condition> | undefined {
  const start = skipBlanks(source, at)
  // `&&` combines expressions, and is no `&` with something odd behind it.
  if (source.startsWith('&&', start)) return undefined
  const row = OPERATORS.find(({ spelling }) => source.startsWith(spelling, start))
  if (row === undefined) return undefined
  const end = start + row.spelling.length
  const right = readRightSide(source, skipBlanks(source, end), row.operator)
  if (!right.ok) return right
  const { value, next } = right.value
  const operatorSpan = { start, end }
  return ok({ value: { operator: row.operator, right: value, operatorSpan }, next })
}

/** A string or a word, as in a set or after an ordering operator. */
export function readLiteral(source: string, at: number): Read<Literal> {
  const isString = source.charAt(at) === '"' || source.charAt(at) === 'r'
  const read = isString ? readString(source, at) : readWord(source, at)
  if (!read.ok) return read
  const { value, next } = read.value
  const kind = isString ? 'string' : 'word'
  return ok({ value: { kind, text: value, span: { start: at, end: next } }, next })
}

function readRightSide(source: string, at: number, operator: ComparisonOperator): Read<RightSide> {
  switch (operator) {
    case 'in':
      return source.charAt(at) === '$' ? readList(source, at) : readSet(source, at)
    case 'matches':
      return readPattern(source, at)
    case 'wildcard':
    case 'strict wildcard':
      return readSpelling(source, at, ['"', 'r']) === undefined
        ? faultAt('expected_token', 'expected " or r', { source, at })
        : readLiteral(source, at)
    case 'eq':
    case 'ne':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
    case 'bitwise_and':
    case 'contains':
      return readLiteral(source, at)
  }
}

function readList(source: string, at: number): Read<RightSide> {
  const read = readListName(source, at)
  if (!read.ok) return read
  const { value, next } = read.value
  return ok({ value: { kind: 'list', name: value, span: { start: at, end: next } }, next })
}

function readSet(source: string, at: number): Read<RightSide> {
  if (source.charAt(at) !== '{')
    return faultAt('expected_token', 'expected literal "{"', { source, at })
  const items: Literal[] = []
  let next = skipBlanks(source, at + 1)
  while (source.charAt(next) !== '}') {
    const item = readLiteral(source, next)
    if (!item.ok) return item
    items.push(item.value.value)
    next = skipBlanks(source, item.value.next)
  }
  next += 1
  return ok({ value: { kind: 'set', items, span: { start: at, end: next } }, next })
}

function readPattern(source: string, at: number): Read<RightSide> {
  const read = source.charAt(at) === '"' ? readQuotedPattern(source, at) : readString(source, at)
  if (!read.ok) return read
  const { value, next } = read.value
  return ok({ value: { kind: 'pattern', pattern: value, span: { start: at, end: next } }, next })
}
