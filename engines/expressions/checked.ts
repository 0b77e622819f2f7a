/** An expression after the checker: fields are indexes, calls are rows, literals are values. It cannot fail any more. */
import type { CombiningOperator, OrderingOperator, Quantifier } from './ast.ts'
import type { FunctionRow } from './functions/row.ts'
import type { Type } from './types.ts'
import type { Value } from './value.ts'
import type { IntRange } from './values/int-range.ts'
import type { Ip } from './values/ip.ts'
import type { IpRange } from './values/ip-range.ts'

/** `isMany`: the expression has type Array<Bool> instead of Bool, and only quantifiers and calls may hold it. */
export type CheckedExpression =
  | {
      readonly kind: 'combination'
      readonly operator: CombiningOperator
      readonly items: readonly CheckedExpression[]
      readonly isMany: boolean
    }
  | { readonly kind: 'negation'; readonly item: CheckedExpression; readonly isMany: boolean }
  | {
      readonly kind: 'quantifier'
      readonly quantifier: Quantifier
      /** An operand is a value of type Array<Bool>: missing, it makes `all` false as well. */
      readonly argument: CheckedExpression | CheckedOperand
      readonly isMany: false
    }
  | {
      readonly kind: 'comparison'
      readonly operand: CheckedOperand
      readonly test: Test
      readonly isMany: boolean
    }

/** What is asked of one value; the type of the value follows from the kind. */
export type Test =
  | { readonly kind: 'truth' }
  | { readonly kind: 'text-order'; readonly operator: OrderingOperator; readonly right: string }
  | { readonly kind: 'int-order'; readonly operator: OrderingOperator; readonly right: bigint }
  | { readonly kind: 'ip-order'; readonly operator: OrderingOperator; readonly right: Ip }
  | { readonly kind: 'text-set'; readonly members: readonly string[] }
  | { readonly kind: 'int-set'; readonly ranges: readonly IntRange[] }
  | { readonly kind: 'ip-set'; readonly ranges: readonly IpRange[] }
  | { readonly kind: 'bits'; readonly mask: bigint }
  | { readonly kind: 'contains'; readonly needle: string }
  | { readonly kind: 'text-test'; readonly test: (text: string) => boolean }

export type CheckedOperand = {
  readonly kind: 'operand'
  readonly base: FieldBase | CallBase
  readonly steps: readonly Step[]
  /** How many of the steps are `each`. */
  readonly eachCount: number
  /** Type after all steps; with `each`, the type of one element. */
  readonly type: Type
}

type FieldBase = { readonly kind: 'field'; readonly index: number }
export type CallBase = {
  readonly kind: 'call'
  readonly row: FunctionRow
  readonly arguments: readonly CheckedArgument[]
  /** The call is made for each element of its first argument and gives an array. */
  readonly isMapped: boolean
}

export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'each' }

export type CheckedArgument =
  | { readonly kind: 'constant'; readonly value: Value; readonly type: Type }
  | CheckedOperand
  | CheckedExpression
