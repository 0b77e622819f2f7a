/** Bounds on a rule and on a rule file. The rules language bounds the expression itself. */
export type RuleFileLimits = {
  /** UTF-16 units of one file. */
  readonly fileCharactersMax: number
  /** Rules of one file, and of a ruleset. */
  readonly rulesMax: number
  readonly refCharactersMax: number
  readonly descriptionCharactersMax: number
  /** UTF-8 bytes of the body of a block response; Cloudflare's bound. */
  readonly responseContentBytesMax: number
  /** How often YAML aliases may be followed. */
  readonly aliasesMax: number
}

export const ruleFileLimits: RuleFileLimits = {
  fileCharactersMax: 1_048_576,
  rulesMax: 1_000,
  refCharactersMax: 200,
  descriptionCharactersMax: 500,
  responseContentBytesMax: 30 * 1024,
  aliasesMax: 100,
}
