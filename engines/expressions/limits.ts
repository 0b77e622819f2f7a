/**
 * What an expression may cost. All but the last are checked when a rule is written, so that a rule which was
 * accepted is evaluated without further limits.
 */
export type ExpressionLimits = {
  /** UTF-16 code units of one expression. Cloudflare caps rule expressions at 4,096 characters. */
  readonly expressionCharactersMax: number
  /** Parentheses, negations, quantifiers and calls inside one another (wirefilter: `max_nesting_depth`). */
  readonly nestingDepthMax: number
  /** `#` signs on either side of a raw string. */
  readonly rawStringHashesMax: number
  /** Stars in one `wildcard` pattern: each one is a search over the rest of the value. */
  readonly wildcardStarsMax: number
  /** UTF-16 code units of one regular expression. */
  readonly regexCharactersMax: number
  /** Groups inside one another in one regular expression. */
  readonly regexDepthMax: number
  /** Count in `{n}`, `{n,m}`. */
  readonly regexRepeatMax: number
  /** From this many repetitions on, a counted repeat is judged as an unbounded one. */
  readonly regexRepeatLarge: number
  /** Degree of the polynomial in the length of the value that bounds the work of one match. */
  readonly regexDegreeMax: number
  /** Rounds of `url_decode` with the option `r`: a value encoded n times over costs n passes. */
  readonly urlDecodeRoundsMax: number
}

/** The limits in force; the same for every rule, so that a rule means the same everywhere. */
export const EXPRESSION_LIMITS: ExpressionLimits = {
  expressionCharactersMax: 4096,
  nestingDepthMax: 128,
  rawStringHashesMax: 255,
  wildcardStarsMax: 64,
  regexCharactersMax: 2048,
  regexDepthMax: 64,
  regexRepeatMax: 1000,
  regexRepeatLarge: 10,
  regexDegreeMax: 2,
  urlDecodeRoundsMax: 16,
}
