/**
 * The rest of a comparison after its operand: which operators a value of its type has, and the literal, pattern, set or
 * list that follows. Follows `ast/field_expr.rs`.
 */
import { ok } from '#engines/result'
import type { Comparison, Operand, OrderingOperator, PatternOperator, Test } from './ast.ts'
import { listRefusal } from './environment.ts'
import { fault, faultAt, type Read, readListName, skipBlanks } from './lexer.ts'
import type { Input } from './input.ts'
import { readInt, readIntRange, readIp, readIpRange } from './literals.ts'
import { readPatternTest } from './pattern-parser.ts'
import { readBytes } from './string-reader.ts'
import { arrayOf, BOOL, isSameType, type Type, typeName } from './types.ts'

type Operator = OrderingOperator | PatternOperator | 'in' | 'bitwise_and' | 'contains'

/** Tried in this order, as wirefilter does; `strict wildcard` is one word with one blank. */
const OPERATORS: readonly { readonly spelling: string; readonly operator: Operator }[] = [
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

/** The operator that follows an operand, if one does. */
export function findOperator(source: string, at: number): Operator | undefined {
  return operatorAt(source, skipBlanks(source, at))?.operator
}

/** Reads what is asked of an operand: nothing of a Bool, which is an answer itself, a condition of anything else. */
export function readComparison(input: Input, operand: Operand, at: number): Read<Comparison> {
  const { type, eachCount } = operand
  const isBoolArray = isSameType(type, arrayOf(BOOL))
  // Each element of an array of arrays would be an array again.
  if (isBoolArray && eachCount > 0) return unsupported(arrayOf(type), at, at)
  const test: Read<Test> =
    type.kind === 'Bool' || isBoolArray
      ? ok({ value: { kind: 'truth' }, next: at })
      : readTest(input, type, skipBlanks(input.source, at))
  if (!test.ok) return test
  const { value, next } = test.value
  const isMany = isBoolArray || eachCount > 0
  return ok({ value: { kind: 'comparison', operand, test: value, isMany }, next })
}

function readTest(input: Input, type: Type, start: number): Read<Test> {
  const { source } = input
  const row = operatorAt(source, start)
  if (row === undefined) {
    const message = `expected a comparison operator after ${typeName(type)}`
    return faultAt('expected_token', message, { source, at: start })
  }
  const end = start + row.spelling.length
  const read = readCondition(input, { type, operator: row.operator }, skipBlanks(source, end))
  return read ?? unsupported(type, start, end)
}

/** Undefined when values of the type do not have the operator. */
function readCondition(
  input: Input,
  { type, operator }: { readonly type: Type; readonly operator: Operator },
  at: number,
): Read<Test> | undefined {
  const { source } = input
  const scalar = SCALARS[type.kind]
  const isBytes = type.kind === 'Bytes'
  switch (operator) {
    case 'in':
      return source.charAt(at) === '$' && scalar !== undefined
        ? readList(input, at, type)
        : scalar?.readSet(source, at)
    case 'bitwise_and':
      return type.kind === 'Int'
        ? mapRead(readInt(source, at), (mask) => ({ kind: 'bits', mask }))
        : undefined
    case 'contains':
      return isBytes
        ? mapRead(readBytes(source, at), (needle) => ({ kind: 'contains', needle }))
        : undefined
    case 'matches':
    case 'wildcard':
    case 'strict wildcard':
      return isBytes ? readPatternTest(source, at, operator) : undefined
    case 'eq':
    case 'ne':
    case 'ge':
    case 'le':
    case 'gt':
    case 'lt':
      return scalar?.readOrder(source, at, operator)
  }
}

/** What every scalar but Bool can be asked, each with its own literals. */
type Scalar = {
  readonly readOrder: (source: string, at: number, operator: OrderingOperator) => Read<Test>
  readonly readSet: (source: string, at: number) => Read<Test>
}

const SCALARS: Readonly<Record<Type['kind'], Scalar | undefined>> = {
  Bytes: {
    readOrder: (source, at, operator) =>
      mapRead(readBytes(source, at), (right) => ({ kind: 'text-order', operator, right })),
    readSet: (source, at) =>
      mapRead(readSet(source, at, readBytes), (members) => ({ kind: 'text-set', members })),
  },
  Int: {
    readOrder: (source, at, operator) =>
      mapRead(readInt(source, at), (right) => ({ kind: 'int-order', operator, right })),
    readSet: (source, at) =>
      mapRead(readSet(source, at, readIntRange), (ranges) => ({ kind: 'int-set', ranges })),
  },
  Ip: {
    readOrder: (source, at, operator) =>
      mapRead(readIp(source, at), (right) => ({ kind: 'ip-order', operator, right })),
    readSet: (source, at) =>
      mapRead(readSet(source, at, readIpRange), (ranges) => ({ kind: 'ip-set', ranges })),
  },
  Bool: undefined,
  Array: undefined,
  Map: undefined,
}

function readList({ source, environment }: Input, at: number, type: Type): Read<Test> {
  const name = readListName(source, at)
  if (!name.ok) return name
  const { value, next } = name.value
  const refusal = listRefusal(environment, { name: value, type }, { start: at, end: next })
  return refusal ?? ok({ value: { kind: 'list', name: value }, next })
}

function readSet<T>(
  source: string,
  at: number,
  readMember: (source: string, at: number) => Read<T>,
): Read<readonly T[]> {
  if (source.charAt(at) !== '{')
    return faultAt('expected_token', 'expected literal "{"', { source, at })
  const members: T[] = []
  let next = skipBlanks(source, at + 1)
  while (source.charAt(next) !== '}') {
    const member = readMember(source, next)
    if (!member.ok) return member
    members.push(member.value.value)
    next = skipBlanks(source, member.value.next)
  }
  return ok({ value: members, next: next + 1 })
}

function operatorAt(
  source: string,
  start: number,
): { readonly spelling: string; readonly operator: Operator } | undefined {
  return OPERATORS.find(({ spelling }) => source.startsWith(spelling, start))
}

function mapRead<T>(read: Read<T>, toTest: (value: T) => Test): Read<Test> {
  return read.ok ? ok({ value: toTest(read.value.value), next: read.value.next }) : read
}

function unsupported(type: Type, start: number, end: number): Read<never> {
  const message = `cannot perform this operation on type ${typeName(type)}`
  return fault('unsupported_operator', message, { start, end })
}
