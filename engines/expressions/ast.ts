/**
 * An expression as the parser leaves it: fields are indexes, calls are rows of the table of functions, literals are
 * values of the type they meet. It cannot fail any more, and `print.ts` can write it down again.
 */
import type { FunctionCall, FunctionRow } from './functions/row.ts'
import type { Type } from './types.ts'
import type { Value } from './value.ts'
import type { IntRange } from './values/int-range.ts'
import type { Ip } from './values/ip.ts'
import type { IpRange } from './values/ip-range.ts'

export type CombiningOperator = 'or' | 'xor' | 'and'
export type Quantifier = 'any' | 'all'
export type OrderingOperator = 'eq' | 'ne' | 'ge' | 'le' | 'gt' | 'lt'
export type PatternOperator = 'matches' | 'wildcard' | 'strict wildcard'

/** `isMany`: the expression has type Array<Bool> instead of Bool, and only quantifiers and calls may hold it. */
export type Expression =
  | {
      readonly kind: 'combination'
      readonly operator: CombiningOperator
      readonly items: readonly Expression[]
      readonly isMany: boolean
    }
  | { readonly kind: 'negation'; readonly item: Expression; readonly isMany: boolean }
  | {
      readonly kind: 'quantifier'
      readonly quantifier: Quantifier
      /** An operand is a value of type Array<Bool>: missing, it makes `all` false as well. */
      readonly argument: Expression | Operand
      readonly isMany: false
    }
  | Comparison

export type Comparison = {
  readonly kind: 'comparison'
  readonly operand: Operand
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
  | { readonly kind: 'list'; readonly name: string }
  | { readonly kind: 'bits'; readonly mask: bigint }
  | { readonly kind: 'contains'; readonly needle: string }
  | {
      readonly kind: 'pattern'
      readonly operator: PatternOperator
      readonly pattern: string
      readonly test: (text: string) => boolean
    }

/** A field or a call, and the indexes after it. */
export type Operand = {
  readonly kind: 'operand'
  readonly base: FieldBase | CallBase
  readonly steps: readonly Step[]
  /** How many of the steps are `each`. */
  readonly eachCount: number
  /** Type after all steps; with `each`, the type of one element. */
  readonly type: Type
}

export type FieldBase = { readonly kind: 'field'; readonly index: number }
export type CallBase = {
  readonly kind: 'call'
  readonly row: FunctionRow
  readonly arguments: readonly Argument[]
  /** What the row does, with its literal arguments compiled in. */
  readonly call: FunctionCall
  /** The call is made for each element of its first argument and gives an array. */
  readonly isMapped: boolean
  /** Where its name stands in the source. */
  readonly at: number
}

export type Step =
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'each' }

/** What stands between the parentheses of a call. */
export type Argument = Constant | Operand | Expression
export type Constant = { readonly kind: 'constant'; readonly value: Value; readonly type: Type }
