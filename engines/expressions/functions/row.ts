/** What the table of functions says about each function: what it takes, what it gives, and how. */
import type { Result } from '#engines/result'
import type { ExpressionErrorCode } from '../error.ts'
import { isSameType, type Type, typeName } from '../types.ts'
import type { Value } from '../value.ts'

export type Parameter = {
  /** As it appears in an error message. */
  readonly expected: string
  /** Whether an argument of this type fits; `first` is the type of the first argument. */
  readonly accepts: (type: Type, first: Type) => boolean
  /** Whether a literal may, must or must not stand here. */
  readonly literal: 'allowed' | 'required' | 'refused'
  /** The reason why this literal will not do, or undefined. */
  readonly refusal?: (value: Value) => string | undefined
  /** The only fields that may stand here, and nothing but a field. */
  readonly fields?: readonly string[]
}

/** Gives undefined for a missing result, and for arguments of the wrong type, which the parser rules out. */
export type FunctionCall = (
  first: Value | undefined,
  rest: readonly (Value | undefined)[],
) => Value | undefined

export type CallFault = {
  /** Position of the argument to blame. */
  readonly argument: number
  readonly code: ExpressionErrorCode
  readonly message: string
}

export type FunctionRow = {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** How many arguments must be given; the rest of the parameters are optional. */
  readonly required: number
  /** The last parameter may be given any number of times. */
  readonly isVariadic: boolean
  /** Without it a missing argument makes the result missing, and the call is not made. */
  readonly toleratesMissing: boolean
  /** What a phase must have for it; without it the function is everywhere. */
  readonly needs?: 'tokens' | 'rewrites'
  /** At most one of these may stand in an expression. */
  readonly isSingular?: true
  readonly returns: (first: Type) => Type
  readonly run: Run
}

type Run =
  | { readonly kind: 'call'; readonly call: FunctionCall }
  /** Made once for each place where the function stands; what is no literal comes as undefined. */
  | {
      readonly kind: 'compiled'
      readonly compile: (
        literals: readonly (Value | undefined)[],
      ) => Result<FunctionCall, CallFault>
    }
  /** The answer is the entry of a field that only this function can name. */
  | { readonly kind: 'entry'; readonly field: string }

/** A parameter of one type. */
export function parameterOf(type: Type, literal: Parameter['literal']): Parameter {
  return { expected: typeName(type), accepts: (actual) => isSameType(actual, type), literal }
}

/** A row of a function that takes exactly its parameters and gives one type. */
export function functionOf(
  name: string,
  returns: Type,
  row: Pick<FunctionRow, 'parameters'> & Partial<FunctionRow> & { readonly call?: FunctionCall },
): FunctionRow {
  const { call, ...rest } = row
  return {
    name,
    required: row.parameters.length,
    isVariadic: false,
    toleratesMissing: false,
    returns: () => returns,
    run: { kind: 'call', call: call ?? (() => undefined) },
    ...rest,
  }
}
