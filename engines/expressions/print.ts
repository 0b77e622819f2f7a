/**
 * Writes an expression down in one fixed spelling: English operators, canonical names of fields, quoted strings, no more
 * parentheses than needed. What is read from it again prints the same.
 */
import type {
  Argument,
  CallBase,
  CombiningOperator,
  Expression,
  Operand,
  Step,
  Test,
} from './ast.ts'
import { fieldAt } from './fields/fields.ts'
import { isIp, type Value } from './value.ts'
import { encodeText, hasEscapedBytes } from './values/bytes.ts'
import { INT64_MAX, type IntRange } from './values/int-range.ts'
import { formatIp } from './values/ip.ts'
import { formatIpRange } from './values/ip-range.ts'

const TIGHTNESS: Readonly<Record<CombiningOperator, number>> = { or: 0, xor: 1, and: 2 }

/** Prints an expression. */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case 'combination':
      return expression.items
        .map((item) => printItem(item, TIGHTNESS[expression.operator]))
        .join(` ${expression.operator} `)
    case 'negation':
      return `not ${printItem(expression.item, TIGHTNESS.and)}`
    case 'quantifier':
      return `${expression.quantifier}(${printArgument(expression.argument)})`
    case 'comparison': {
      const operand = printValue(expression.operand)
      const condition = printTest(expression.test)
      return condition === '' ? operand : `${operand} ${condition}`
    }
  }
}

/** Prints a field or a call with its indexes. */
export function printValue({ base, steps }: Operand): string {
  if (base.kind === 'call') return `${printCall(base)}${printSteps(steps)}`
  const name = fieldAt(base.index)?.name ?? ''
  if (!name.endsWith('()')) return `${name}${printSteps(steps)}`
  // Only a function can name this field; its argument is the first key.
  const [first, ...others] = steps
  const key = first?.kind === 'key' ? quote(first.key) : ''
  return `${name.slice(0, -1)}${key})${printSteps(others)}`
}

/** A combination inside of one that binds as tightly or tighter keeps its parentheses. */
function printItem(item: Expression, tightness: number): string {
  const text = printExpression(item)
  return item.kind === 'combination' && TIGHTNESS[item.operator] <= tightness ? `(${text})` : text
}

function printCall({ row, arguments: args }: CallBase): string {
  return `${row.name}(${args.map((argument) => printArgument(argument)).join(', ')})`
}

function printArgument(argument: Argument): string {
  switch (argument.kind) {
    case 'constant':
      return printLiteral(argument.value)
    case 'operand':
      return printValue(argument)
    case 'combination':
      return `(${printExpression(argument)})`
    case 'negation':
    case 'quantifier':
    case 'comparison':
      return printExpression(argument)
  }
}

function printSteps(steps: readonly Step[]): string {
  return steps.map((step) => `[${printStep(step)}]`).join('')
}

function printStep(step: Step): string {
  if (step.kind === 'each') return '*'
  return step.kind === 'key' ? quote(step.key) : String(step.position)
}

function printTest(test: Test): string {
  switch (test.kind) {
    case 'truth':
      return ''
    case 'text-order':
      return `${test.operator} ${quote(test.right)}`
    case 'int-order':
      return `${test.operator} ${test.right}`
    case 'ip-order':
      return `${test.operator} ${formatIp(test.right)}`
    case 'text-set':
      return printSet(test.members.map((member) => quote(member)))
    case 'int-set':
      return printSet(test.ranges.map((range) => printIntRange(range)))
    case 'ip-set':
      return printSet(test.ranges.map((range) => formatIpRange(range)))
    case 'list':
      return `in $${test.name}`
    case 'bits':
      return `bitwise_and ${test.mask}`
    case 'contains':
      return `contains ${quote(test.needle)}`
    case 'pattern':
      return `${test.operator} ${test.operator === 'matches' ? rawQuote(test.pattern) : quote(test.pattern)}`
  }
}

function printSet(members: readonly string[]): string {
  return `in {${members.join(' ')}}`
}

function printIntRange({ first, last }: IntRange): string {
  return first === last ? String(first) : `${first}..${last}`
}

function printLiteral(value: Value): string {
  if (typeof value === 'string') return quote(value)
  if (typeof value === 'number') return printInt(value)
  return isIp(value) ? formatIp(value) : JSON.stringify(value)
}

/** Of the integers beyond 2^53 a number is the nearest it can be, which for the largest is one too many. */
function printInt(value: number): string {
  const exact = BigInt(value)
  return String(exact > INT64_MAX ? INT64_MAX : exact)
}

/** A regular expression is raw: quoted, its backslashes and quotes would depend on brackets. */
function rawQuote(pattern: string): string {
  let hashes = ''
  while (pattern.includes(`"${hashes}`)) hashes += '#'
  return `r${hashes}"${pattern}"${hashes}`
}

function quote(text: string): string {
  return `"${hasEscapedBytes(text) ? quoteBytes(text) : quoteText(text)}"`
}

function quoteText(text: string): string {
  return text.replaceAll(/["\\]/g, String.raw`\$&`)
}

/** Bytes that are no UTF-8 are written as escapes, and then the whole is. */
function quoteBytes(text: string): string {
  return encodeText(text)
    .map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`)
    .join('')
}
