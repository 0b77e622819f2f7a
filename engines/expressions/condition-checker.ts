/** Checks the right half of a comparison against the type on its left, and gives the test to compile. */
import { ok, type Result } from '#engines/result'
import type { Condition, Literal, OrderingOperator, RightSide } from './ast.ts'
import type { Test } from './checked.ts'
import type { Fault, Span } from './error.ts'
import { fault } from './lexer.ts'
import { readBytesLiteral, readIntLiteral, readIpLiteral } from './literals.ts'
import { type Type, typeName } from './types.ts'
import { parseIntRange } from './values/int-range.ts'
import { parseIpRange } from './values/ip-range.ts'
import { compileRegex } from './values/regex.ts'
import { compileWildcard } from './values/wildcard.ts'

type Checked<T> = Result<T, Fault>

/** Refuses operators the type does not have, and literals that are not of the type. */
export function checkCondition(type: Type, condition: Condition): Checked<Test> {
  const { operator, right } = condition
  switch (operator) {
    case 'eq':
    case 'ne':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
      return checkOrdering(type, condition, operator)
    case 'in':
      return checkMembership(type, condition)
    case 'bitwise_and':
      return type.kind === 'Int' ? checkBits(right) : unsupported(type, condition)
    case 'contains':
      return type.kind === 'Bytes' ? checkContains(right) : unsupported(type, condition)
    case 'matches':
      return type.kind === 'Bytes' ? checkPattern(right) : unsupported(type, condition)
    case 'wildcard':
    case 'strict wildcard':
      return type.kind === 'Bytes'
        ? checkWildcard(right, { isStrict: operator === 'strict wildcard' })
        : unsupported(type, condition)
  }
}

function checkOrdering(
  type: Type,
  condition: Condition,
  operator: OrderingOperator,
): Checked<Test> {
  const literal = toLiteral(condition.right)
  if (!literal.ok) return literal
  switch (type.kind) {
    case 'Bytes': {
      const right = readBytesLiteral(literal.value)
      return right.ok ? ok({ kind: 'text-order', operator, right: right.value }) : right
    }
    case 'Int': {
      const right = readIntLiteral(literal.value)
      return right.ok ? ok({ kind: 'int-order', operator, right: right.value }) : right
    }
    case 'Ip': {
      const right = readIpLiteral(literal.value)
      return right.ok ? ok({ kind: 'ip-order', operator, right: right.value }) : right
    }
    case 'Bool':
    case 'Array':
    case 'Map':
      return unsupported(type, condition)
  }
}

function checkMembership(type: Type, condition: Condition): Checked<Test> {
  const { right } = condition
  if (type.kind !== 'Bytes' && type.kind !== 'Int' && type.kind !== 'Ip') {
    return unsupported(type, condition)
  }
  if (right.kind === 'list') {
    return fault('lists_unavailable', 'lists are not available yet', right.span)
  }
  if (right.kind !== 'set') return expectedLiteral('{', right.span)
  switch (type.kind) {
    case 'Bytes': {
      const members = readAll(right.items, readBytesLiteral)
      return members.ok ? ok({ kind: 'text-set', members: members.value }) : members
    }
    case 'Int': {
      const ranges = readAll(right.items, readRange(parseIntRange))
      return ranges.ok ? ok({ kind: 'int-set', ranges: ranges.value }) : ranges
    }
    case 'Ip': {
      const ranges = readAll(right.items, readRange(parseIpRange))
      return ranges.ok ? ok({ kind: 'ip-set', ranges: ranges.value }) : ranges
    }
  }
}

function checkBits(right: RightSide): Checked<Test> {
  const literal = toLiteral(right)
  if (!literal.ok) return literal
  const mask = readIntLiteral(literal.value)
  return mask.ok ? ok({ kind: 'bits', mask: mask.value }) : mask
}

function checkContains(right: RightSide): Checked<Test> {
  const literal = toLiteral(right)
  if (!literal.ok) return literal
  const needle = readBytesLiteral(literal.value)
  return needle.ok ? ok({ kind: 'contains', needle: needle.value }) : needle
}

function checkPattern(right: RightSide): Checked<Test> {
  if (right.kind !== 'pattern') return expectedLiteral('"', right.span)
  const compiled = compileRegex(right.pattern)
  if (compiled.ok) return ok({ kind: 'text-test', test: compiled.value })
  const { code, message, at, length } = compiled.error
  return fault(code, message, spanInPattern(right, { at, length }))
}

/** A place in the pattern is a place in the source unless a backslash or quote before it was unescaped. */
function spanInPattern(
  { pattern, span }: { readonly pattern: string; readonly span: Span },
  { at, length }: { readonly at: number; readonly length: number },
): Span {
  const headLength = (span.end - span.start - pattern.length + 1) >> 1
  const start = Math.min(span.start + headLength + at, span.end - 1)
  return { start, end: Math.min(start + length, span.end) }
}

function checkWildcard(right: RightSide, options: { isStrict: boolean }): Checked<Test> {
  const literal = toLiteral(right)
  if (!literal.ok) return literal
  const compiled = compileWildcard(literal.value.text, options)
  return compiled.ok
    ? ok({ kind: 'text-test', test: compiled.value })
    : fault('invalid_wildcard', compiled.error, right.span)
}

function toLiteral(right: RightSide): Checked<Literal> {
  return right.kind === 'string' || right.kind === 'word'
    ? ok(right)
    : expectedLiteral('"', right.span)
}

function readAll<T>(
  literals: readonly Literal[],
  read: (literal: Literal) => Checked<T>,
): Checked<readonly T[]> {
  const values: T[] = []
  for (const literal of literals) {
    const value = read(literal)
    if (!value.ok) return value
    values.push(value.value)
  }
  return ok(values)
}

function readRange<T>(
  parse: (text: string) => Result<T, { code: Fault['code']; message: string }>,
): (literal: Literal) => Checked<T> {
  return (literal) => {
    if (literal.kind === 'string') {
      return fault('type_mismatch', 'a string cannot be a member of this set', literal.span)
    }
    const range = parse(literal.text)
    return range.ok ? range : fault(range.error.code, range.error.message, literal.span)
  }
}

function unsupported(type: Type, { operatorSpan }: Condition): Checked<never> {
  const message = `cannot perform this operation on type ${typeName(type)}`
  return fault('unsupported_operator', message, operatorSpan)
}

function expectedLiteral(text: string, span: Span): Checked<never> {
  return fault('expected_token', `expected literal ${JSON.stringify(text)}`, span)
}
