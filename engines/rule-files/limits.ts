/** Bounds on a rule, a list and a rule file. The rules language bounds the expression itself. */
export type RuleFileLimits = {
  /** UTF-16 units of one file. */
  readonly fileCharactersMax: number
  /** Rules of one file, and of a ruleset. */
  readonly rulesMax: number
  readonly refCharactersMax: number
  readonly descriptionCharactersMax: number
  readonly rulesetNameCharactersMax: number
  /** UTF-8 bytes of the body of a block response; Cloudflare's bound. */
  readonly responseContentBytesMax: number
  readonly categoriesMax: number
  readonly categoryCharactersMax: number
  /** Phases, rulesets and rules that one `skip` names. */
  readonly skippedMax: number
  readonly characteristicsMax: number
  /** Seconds over which a rate limit counts, and for which it goes on acting. */
  readonly periodSecondsMax: number
  readonly requestsPerPeriodMax: number
  readonly headerNameCharactersMax: number
  /** Lists of one file. */
  readonly listsMax: number
  readonly listNameCharactersMax: number
  /** Items of one list in a file. */
  readonly listItemsMax: number
  readonly urlCharactersMax: number
  /** Sequences of one file; engines/sequences bounds the steps of each. */
  readonly sequencesMax: number
  /** How often YAML aliases may be followed. */
  readonly aliasesMax: number
}

export const ruleFileLimits: RuleFileLimits = {
  fileCharactersMax: 1_048_576,
  rulesMax: 1_000,
  refCharactersMax: 200,
  descriptionCharactersMax: 500,
  rulesetNameCharactersMax: 200,
  responseContentBytesMax: 30 * 1024,
  categoriesMax: 20,
  categoryCharactersMax: 100,
  skippedMax: 100,
  characteristicsMax: 10,
  periodSecondsMax: 86_400,
  requestsPerPeriodMax: 1_000_000_000,
  headerNameCharactersMax: 100,
  listsMax: 100,
  listNameCharactersMax: 50,
  listItemsMax: 50_000,
  urlCharactersMax: 2_048,
  sequencesMax: 100,
  aliasesMax: 100,
}
