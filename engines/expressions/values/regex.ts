/**
 * `matches`: Rust's regex syntax, searched anywhere in the value. Patterns are translated to a JavaScript RegExp where
 * the meaning is the same, and refused where it is not or where a backtracking matcher could be made slow.
 */
import { ok, type Result } from '#engines/result'
import { EXPRESSION_LIMITS } from '../limits.ts'
import { findDanger, trimEnds } from './regex/guard.ts'
import { parseRegex } from './regex/parser.ts'
import { translate } from './regex/translate.ts'
import { type RegexFault, refuseRegex } from './regex/tree.ts'

/** Compiles a pattern to a test of the value; the error says where in the pattern and why. */
export function compileRegex(pattern: string): Result<(subject: string) => boolean, RegexFault> {
  const { regexCharactersMax } = EXPRESSION_LIMITS
  const whole = { at: 0, next: pattern.length }
  if (pattern.length > regexCharactersMax) {
    return refuseRegex(
      'invalid_pattern',
      `pattern is longer than ${regexCharactersMax} characters`,
      whole,
    )
  }
  const parsed = parseRegex(pattern)
  if (!parsed.ok) return parsed
  const tree = trimEnds(parsed.value)
  const danger = findDanger(tree)
  if (danger !== undefined) return refuseRegex('unsafe_pattern', danger, whole)
  const regex = new RegExp(translate(tree), 'v')
  return ok((subject) => regex.test(subject))
}
