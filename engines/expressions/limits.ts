/**
 * What an expression may cost. All but the last two are checked when a rule is written, so that a rule which was
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
  /** Rounds of `url_decode` with the option `r`: a value encoded n times over costs n passes. */
  readonly urlDecodeRoundsMax: number
  /** UTF-16 code units of a document that `lookup_json_*` looks into. */
  readonly jsonCharactersMax: number
}

/** The limits in force; the same for every rule, so that a rule means the same everywhere. */
export const EXPRESSION_LIMITS: ExpressionLimits = {
  expressionCharactersMax: 4096,
  nestingDepthMax: 128,
  rawStringHashesMax: 255,
  wildcardStarsMax: 64,
  urlDecodeRoundsMax: 16,
  jsonCharactersMax: 1_048_576,
}
