/** A regular expression as a tree: what the parser makes and the automaton is built from. */
import { err, type Result } from '#engines/result'
import type { CodeRange } from './ranges.ts'

/** The places between two bytes that a pattern can ask for. */
export type LookName =
  | 'start'
  | 'end'
  | 'lineStart'
  | 'lineEnd'
  | 'crlfLineStart'
  | 'crlfLineEnd'
  | 'wordEdge'
  | 'notWordEdge'
  | 'wordStart'
  | 'wordEnd'
  | 'wordStartHalf'
  | 'wordEndHalf'

/** A place; `isUnicode` says whose idea of a word character counts. */
export type Look = { readonly kind: 'look'; readonly look: LookName; readonly isUnicode: boolean }

/** One character in UTF-8 (`point`) or one byte; the ranges are in order and apart. Empty matches nothing. */
export type CharacterSet = {
  readonly kind: 'set'
  readonly unit: 'point' | 'byte'
  readonly ranges: readonly CodeRange[]
}

export type Repeat = {
  readonly kind: 'repeat'
  readonly item: RegexTree
  readonly min: number
  readonly max: number
  readonly isGreedy: boolean
}

export type RegexTree =
  | CharacterSet
  | Look
  | Repeat
  | { readonly kind: 'sequence'; readonly items: readonly RegexTree[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexTree[] }
  /** Groups are numbered from 1 in the order of their opening parentheses. */
  | { readonly kind: 'capture'; readonly index: number; readonly item: RegexTree }

/** Flags that are in force at some place of the pattern. */
export type RegexFlags = {
  /** `i` */
  readonly ignoresCase: boolean
  /** `m` */
  readonly isMultiLine: boolean
  /** `s` */
  readonly dotMatchesNewline: boolean
  /** `U` */
  readonly swapsGreed: boolean
  /** `u` */
  readonly isUnicode: boolean
  /** `R` */
  readonly isCrlf: boolean
  /** `x` */
  readonly ignoresSpace: boolean
}

/** Why a pattern was refused; `at` and `length` are UTF-16 offsets in the pattern. */
export type RegexFault = {
  readonly code: 'invalid_pattern' | 'unsupported_pattern' | 'pattern_too_large'
  readonly message: string
  readonly at: number
  readonly length: number
}

/** Something read from a pattern, and the offset after it. */
export type RegexRead<T> = Result<{ readonly value: T; readonly next: number }, RegexFault>

/** A place in a pattern. */
export type RegexPlace = {
  readonly pattern: string
  readonly at: number
  readonly flags: RegexFlags
}

/** Whether the tree can match without reading anything. */
export function isNullable(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'look':
      return true
    case 'repeat':
      return tree.min === 0 || isNullable(tree.item)
    case 'capture':
      return isNullable(tree.item)
    case 'sequence':
      return tree.items.every((item) => isNullable(item))
    case 'choice':
      return tree.items.some((item) => isNullable(item))
  }
}

/** A refusal of the characters from `at` to `next`. */
export function refuseRegex(
  code: RegexFault['code'],
  message: string,
  { at, next }: { readonly at: number; readonly next: number },
): Result<never, RegexFault> {
  return err({ code, message, at, length: next - at })
}
