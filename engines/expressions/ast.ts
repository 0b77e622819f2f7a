/** An expression as written: names are not resolved and literals not interpreted. Every node knows its place. */
import type { Span } from './error.ts'

export type Expression =
  | {
      readonly kind: 'combination'
      readonly operator: CombiningOperator
      readonly items: readonly Expression[]
      readonly span: Span
    }
  | { readonly kind: 'negation'; readonly item: Expression; readonly span: Span }
  | {
      readonly kind: 'quantifier'
      readonly quantifier: Quantifier
      readonly argument: Argument
      readonly span: Span
    }
  | Comparison

/** An operand with what it is compared with; a bare operand has no condition. */
export type Comparison = {
  readonly kind: 'comparison'
  readonly operand: Operand
  readonly condition: Condition | undefined
  readonly span: Span
}

export type CombiningOperator = 'or' | 'xor' | 'and'
export type Quantifier = 'any' | 'all'
export type OrderingOperator = 'eq' | 'ne' | 'ge' | 'le' | 'gt' | 'lt'
export type ComparisonOperator =
  | OrderingOperator
  | 'in'
  | 'bitwise_and'
  | 'contains'
  | 'matches'
  | 'wildcard'
  | 'strict wildcard'

export type Condition = {
  readonly operator: ComparisonOperator
  readonly right: RightSide
  readonly operatorSpan: Span
}

export type RightSide =
  | Literal
  | { readonly kind: 'pattern'; readonly pattern: string; readonly span: Span }
  | { readonly kind: 'set'; readonly items: readonly Literal[]; readonly span: Span }
  | { readonly kind: 'list'; readonly name: string; readonly span: Span }

/** A string, or a word whose meaning depends on the type it meets. */
export type Literal =
  | { readonly kind: 'string'; readonly text: string; readonly span: Span }
  | { readonly kind: 'word'; readonly text: string; readonly span: Span }

/** A field, or a call when it has arguments, and the indexes after it. */
export type Operand = {
  readonly kind: 'operand'
  readonly name: string
  readonly nameSpan: Span
  readonly call: { readonly arguments: readonly Argument[] } | undefined
  readonly indexes: readonly Index[]
  readonly span: Span
}

export type Index = (
  | { readonly kind: 'key'; readonly key: string }
  | { readonly kind: 'position'; readonly position: number }
  | { readonly kind: 'each' }
) & { readonly span: Span }

/** What stands between the parentheses of a call or quantifier. */
export type Argument = Literal | Operand | Expression
