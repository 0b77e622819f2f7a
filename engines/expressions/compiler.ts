/**
 * Compiles a checked expression to closures. All choices by operator and type are made here, once; evaluating a common
 * predicate is then a field read and a comparison, and allocates nothing.
 */
import type { CheckedExpression, CheckedOperand, Test } from './checked.ts'
import { compileOperand, type Reader, someElement } from './operand-compiler.ts'
import { compileTest } from './test-compiler.ts'
import { type FieldSource, isList } from './value.ts'

/** Answers whether the expression holds for a source of fields. */
export type Predicate = (source: FieldSource) => boolean
type Predicates = readonly Predicate[]
type Flags = (source: FieldSource) => readonly boolean[]

/** Compiles an expression that is one Bool. */
export function compile(expression: CheckedExpression): Predicate {
  switch (expression.kind) {
    case 'combination': {
      const items = expression.items.map((item) => compile(item))
      return COMBINE[expression.operator](items)
    }
    case 'negation': {
      const item = compile(expression.item)
      return (source) => !item(source)
    }
    case 'quantifier':
      return compileQuantifier(expression)
    case 'comparison':
      return compileComparison(
        compileOperand(expression.operand, { compile, compileMany }),
        expression.test,
      )
  }
}

const COMBINE: Readonly<Record<'and' | 'or' | 'xor', (items: Predicates) => Predicate>> = {
  and: combineAnd,
  or: combineOr,
  xor: combineXor,
}

/** The case of two, which is nearly every case, is spelled out: it costs no loop. */
function combineAnd(items: Predicates): Predicate {
  const [left, right] = items
  if (items.length === 2 && left !== undefined && right !== undefined) {
    return (source) => left(source) && right(source)
  }
  return (source) => {
    for (const item of items) if (!item(source)) return false
    return true
  }
}

function combineOr(items: Predicates): Predicate {
  const [left, right] = items
  if (items.length === 2 && left !== undefined && right !== undefined) {
    return (source) => left(source) || right(source)
  }
  return (source) => {
    for (const item of items) if (item(source)) return true
    return false
  }
}

function combineXor(items: Predicates): Predicate {
  return (source) => {
    let result = false
    for (const item of items) result = result !== item(source)
    return result
  }
}

/** Equality is compared in place; every other test gets the value passed in. A missing value fails every test. */
function compileComparison(read: Reader, test: Test): Predicate {
  if (test.kind === 'truth') return (source) => read(source) === true
  if ((test.kind === 'text-order' || test.kind === 'int-order') && test.operator === 'eq') {
    const right = typeof test.right === 'bigint' ? Number(test.right) : test.right
    return (source) => read(source) === right
  }
  const holds = compileTest(test)
  return (source) => {
    const value = read(source)
    return value !== undefined && holds(value)
  }
}

/**
 * `any` and `all`. Over a comparison with `[*]` a missing array is an empty one, so that `all` holds; over a value
 * of type Array<Bool> a missing array makes both false.
 */
function compileQuantifier({
  quantifier,
  argument,
}: CheckedExpression & { kind: 'quantifier' }): Predicate {
  const isAny = quantifier === 'any'
  if (argument.kind === 'operand') return quantifyValue(argument, isAny)
  if (argument.kind === 'comparison' && argument.operand.eachCount > 0) {
    const read = compileOperand(argument.operand, { compile, compileMany })
    const holds = compileTest(argument.test)
    return isAny
      ? (source) => someElement(read(source), holds)
      : (source) => !someElement(read(source), (value) => !holds(value))
  }
  const flags = compileMany(argument)
  return isAny
    ? (source) => flags(source).includes(true)
    : (source) => !flags(source).includes(false)
}

function quantifyValue(operand: CheckedOperand, isAny: boolean): Predicate {
  const read = compileOperand(operand, { compile, compileMany })
  return (source) => {
    const value = read(source)
    return isList(value) && (isAny ? value.includes(true) : !value.includes(false))
  }
}

/** Compiles an expression that is an Array<Bool>; elementwise operators stop at the shortest operand. */
function compileMany(expression: CheckedExpression): Flags {
  switch (expression.kind) {
    case 'combination': {
      const items = expression.items.map((item) => compileMany(item))
      const combine = ELEMENTWISE[expression.operator]
      return (source) =>
        items.map((item) => item(source)).reduce((left, right) => zip(left, right, combine))
    }
    case 'negation': {
      const item = compileMany(expression.item)
      return (source) => item(source).map((flag) => !flag)
    }
    case 'comparison': {
      const read = compileOperand(expression.operand, { compile, compileMany })
      const holds = compileTest(expression.test)
      return (source) => {
        const flags: boolean[] = []
        someElement(read(source), (value) => {
          flags.push(holds(value))
          return false
        })
        return flags
      }
    }
    case 'quantifier': {
      const one = compile(expression)
      return (source) => [one(source)]
    }
  }
}

const ELEMENTWISE: Readonly<
  Record<'and' | 'or' | 'xor', (left: boolean, right: boolean) => boolean>
> = {
  and: (left, right) => left && right,
  or: (left, right) => left || right,
  xor: (left, right) => left !== right,
}

function zip(
  left: readonly boolean[],
  right: readonly boolean[],
  combine: (left: boolean, right: boolean) => boolean,
): readonly boolean[] {
  const shorter = left.length < right.length ? left : right
  return shorter.map((_, index) => combine(left[index] === true, right[index] === true))
}
