/** What the table of functions says about each function: what it takes, what it gives, and how. */
import { isSameType, type Type, typeName } from '../types.ts'
import type { Value } from '../value.ts'

export type Parameter = {
  /** As it appears in an error message. */
  readonly expected: string
  /** Whether an argument of this type fits; `first` is the type of the first argument. */
  readonly accepts: (type: Type, first: Type) => boolean
  /** Whether a literal may, must or must not stand here. */
  readonly literal: 'allowed' | 'required' | 'refused'
  /** The only values a literal may have. */
  readonly values?: readonly string[]
}

export type FunctionRow = {
  readonly name: string
  readonly parameters: readonly Parameter[]
  /** How many arguments must be given; the rest of the parameters are optional. */
  readonly required: number
  /** The last parameter may be given any number of times. */
  readonly isVariadic: boolean
  /** Without it a missing argument makes the result missing, and `call` is not made. */
  readonly toleratesMissing: boolean
  readonly returns: (first: Type) => Type
  /** Gives undefined for a missing result, and for arguments of the wrong type, which the checker rules out. */
  readonly call: (
    first: Value | undefined,
    rest: readonly (Value | undefined)[],
  ) => Value | undefined
}

/** A parameter of one type. */
export function parameterOf(type: Type, literal: Parameter['literal']): Parameter {
  return { expected: typeName(type), accepts: (actual) => isSameType(actual, type), literal }
}
