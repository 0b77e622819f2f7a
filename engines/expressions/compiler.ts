/**
 * Compiles a checked expression to closures. All choices by operator and type are made here, once; evaluating a common
 * predicate is then a field read and a comparison, and allocates nothing.
 */
import type { Expression, Operand, Test } from './ast.ts'
import { compileOperand, type Reader, someElement } from './operand-compiler.ts'
import { compileTest } from './test-compiler.ts'
import { type FieldSource, isList, type ValueTest } from './value.ts'

/** Answers whether the expression holds for a source of fields. */
export type Predicate = (source: FieldSource) => boolean
type Predicates = readonly Predicate[]
type Flags = (source: FieldSource) => readonly boolean[]

/** Compiles a value: a field or a call, with `[*]` the collection that is meant. */
export function compileValue(operand: Operand): Reader {
  return compileOperand(operand, { compile, compileMany })
}

/** Compiles an expression that is one Bool. */
export function compile(expression: Expression): Predicate {
  switch (expression.kind) {
    case 'combination': {
      const items = expression.items.map((item) => compile(item))
      return COMBINE[expression.operator](items)
    }
    case 'negation':
      return compileNegation(expression.item)
    case 'quantifier':
      return compileQuantifier(expression)
    case 'comparison':
      return compileComparison(expression.operand, expression.test)
  }
}

/** `not` of a plain Bool field is the most frequent negation, and needs no closure of its own. */
function compileNegation(item: Expression): Predicate {
  if (item.kind === 'comparison' && item.test.kind === 'truth') {
    const { base, steps } = item.operand
    if (base.kind === 'field' && steps.length === 0) {
      const { index } = base
      return (source) => source.field(index) !== true
    }
  }
  const holds = compile(item)
  return (source) => !holds(source)
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
function compileComparison(operand: Operand, test: Test): Predicate {
  if (operand.base.kind === 'field' && operand.steps.length === 0) {
    return compileFieldComparison(operand.base.index, test)
  }
  const read = compileValue(operand)
  const wanted = wantedValue(test)
  if (wanted !== undefined) return (source) => read(source) === wanted
  const holds = compileTest(test)
  return (source) => {
    const value = read(source)
    return value !== undefined && holds(value, source)
  }
}

/** The same for a plain field, which is nearly every comparison: one closure less on the way. */
function compileFieldComparison(index: number, test: Test): Predicate {
  const wanted = wantedValue(test)
  if (wanted !== undefined) return (source) => source.field(index) === wanted
  const holds = compileTest(test)
  return (source) => {
    const value = source.field(index)
    return value !== undefined && holds(value, source)
  }
}

/** What a value must be identical to, where that is the whole test. */
function wantedValue(test: Test): boolean | number | string | undefined {
  if (test.kind === 'truth') return true
  if (test.kind === 'text-set') return test.members.length === 1 ? test.members[0] : undefined
  if (test.kind !== 'text-order' && test.kind !== 'int-order') return undefined
  if (test.operator !== 'eq') return undefined
  return typeof test.right === 'bigint' ? Number(test.right) : test.right
}

/**
 * `any` and `all`. Over a comparison with `[*]` a missing array is an empty one, so that `all` holds; over a value
 * of type Array<Bool> a missing array makes both false.
 */
function compileQuantifier({
  quantifier,
  argument,
}: Expression & { kind: 'quantifier' }): Predicate {
  const isAny = quantifier === 'any'
  if (argument.kind === 'operand') return quantifyValue(argument, isAny)
  if (argument.kind === 'comparison' && argument.operand.eachCount > 0) {
    const read = compileValue(argument.operand)
    const holds = compileTest(argument.test)
    const fails: ValueTest = (value, source) => !holds(value, source)
    return isAny
      ? (source) => someElement(read(source), holds, source)
      : (source) => !someElement(read(source), fails, source)
  }
  const flags = compileMany(argument)
  return isAny
    ? (source) => flags(source).includes(true)
    : (source) => !flags(source).includes(false)
}

function quantifyValue(operand: Operand, isAny: boolean): Predicate {
  const read = compileValue(operand)
  return (source) => {
    const value = read(source)
    return isList(value) && (isAny ? value.includes(true) : !value.includes(false))
  }
}

/** Compiles an expression that is an Array<Bool>; elementwise operators stop at the shortest operand. */
function compileMany(expression: Expression): Flags {
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
      const read = compileValue(expression.operand)
      const holds = compileTest(expression.test)
      return (source) => {
        const flags: boolean[] = []
        const collect: ValueTest = (value) => {
          flags.push(holds(value, source))
          return false
        }
        someElement(read(source), collect, source)
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
