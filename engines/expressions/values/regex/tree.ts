/** A regular expression as a tree: what the parser makes, the guard judges and the translator writes out. */
import { err, type Result } from '#engines/result'

/** Inclusive range of code points. */
export type CodeRange = { readonly first: number; readonly last: number }

/** One character of the value. `members` is JavaScript class syntax (flag `v`) without the brackets. */
export type CharacterSet = {
  readonly kind: 'set'
  readonly members: string
  readonly isNegated: boolean
  readonly ignoresCase: boolean
  /** Superset of what the set matches, for the guard. */
  readonly ranges: readonly CodeRange[]
}

/** A place between two characters; its JavaScript source is the whole meaning. */
type Assertion = { readonly kind: 'assertion'; readonly source: string; readonly isStart: boolean }

/** Greediness is not kept: whether there is a match does not depend on it. */
export type Repeat = {
  readonly kind: 'repeat'
  readonly item: RegexTree
  readonly min: number
  readonly max: number
}

export type RegexTree =
  | CharacterSet
  | Assertion
  | Repeat
  | { readonly kind: 'sequence'; readonly items: readonly RegexTree[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexTree[] }

/** Inline flags of the Rust syntax that are in force at some place. */
export type RegexFlags = {
  readonly ignoresCase: boolean
  readonly isMultiLine: boolean
  readonly dotMatchesNewline: boolean
}

/** Why a pattern was refused; `at` and `length` are UTF-16 offsets in the pattern. */
export type RegexFault = {
  readonly code: 'invalid_pattern' | 'unsupported_pattern' | 'unsafe_pattern'
  readonly message: string
  readonly at: number
  readonly length: number
}

/** Something read from a pattern, and the offset after it. */
export type RegexRead<T> = Result<{ readonly value: T; readonly next: number }, RegexFault>

/** A refusal of the characters from `at` to `next`. */
export function refuseRegex(
  code: RegexFault['code'],
  message: string,
  { at, next }: { readonly at: number; readonly next: number },
): Result<never, RegexFault> {
  return err({ code, message, at, length: next - at })
}
