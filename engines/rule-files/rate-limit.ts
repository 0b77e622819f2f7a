/**
 * What a rule of the phase http_ratelimit counts, over which time, and from when it acts. Cloudflare allows a few
 * periods by plan; here any whole number of seconds up to a day will do. Members that Cloudflare does not have are ours.
 */
import {
  type Checks,
  isRecord,
  type Issue,
  issue,
  isText,
  isTrueOrFalse,
  membersIssues,
  oneOf,
  strangersIssues,
  textUpTo,
  wholeNumber,
} from './checks.ts'
import { conditionIssues, counterIssues, scoreIssues } from './expression-issues.ts'
import { ruleFileLimits as limits } from './limits.ts'
import { combinationIssues } from './rate-limit-combinations.ts'
import type { RuleContext } from './rule-context.ts'

/** `share`: requests without a characteristic share a counter; `pass`: they are not counted; `block`: they are stopped. */
const WHEN_MISSING = ['share', 'pass', 'block'] as const

/** `exact`: one counter for all locations; `approximate`: one in each, which is cheaper and may let more through. */
const MODES = ['exact', 'approximate'] as const

export type RateLimit = {
  /** Fields whose values together name a counter. */
  readonly characteristics: readonly string[]
  /** Seconds. */
  readonly period: number
  readonly requests_per_period?: number
  readonly score_per_period?: number
  readonly score_response_header_name?: string
  /** Ours: what a request costs, known before it is let through. */
  readonly score_expression?: string
  /** Seconds. */
  readonly mitigation_timeout?: number
  readonly counting_expression?: string
  readonly requests_to_origin?: boolean
  /** Ours; `share` when absent, as at Cloudflare. */
  readonly when_missing?: (typeof WHEN_MISSING)[number]
  /** Ours; `exact` when absent. */
  readonly mode?: (typeof MODES)[number]
}

const PATH = ['ratelimit'] as const

export function rateLimitIssues(
  value: unknown,
  action: unknown,
  context: RuleContext,
): readonly Issue[] {
  if (context.phase !== 'http_ratelimit') {
    return value === undefined
      ? []
      : [issue(PATH, 'Only a rule of the phase http_ratelimit has a rate limit.')]
  }
  if (action === 'execute') {
    const text =
      'The rules of the ruleset that is executed have limits; a limit of this one would do nothing.'
    return value === undefined ? [] : [issue(PATH, text)]
  }
  if (value === undefined) return [issue(PATH, 'A rule of the phase http_ratelimit needs this.')]
  if (!isRecord(value)) return [issue(PATH, 'This must be an object.')]
  return [
    ...strangersIssues(value, Object.keys(CHECKS), PATH),
    ...membersIssues(value, CHECKS, PATH),
    ...combinationIssues(value, PATH),
    ...characteristicsIssues(value['characteristics'], context),
    ...conditionIssues(value['counting_expression'], [...PATH, 'counting_expression'], {
      ...context,
      phase: 'http_ratelimit_counting',
    }),
    ...scoreIssues(value['score_expression'], [...PATH, 'score_expression'], context),
  ]
}

/** The members in one order, so that equal rate limits are equal as JSON. */
export function rateLimitOf(limit: RateLimit): RateLimit {
  const { characteristics, period, requests_per_period, score_per_period } = limit
  const { score_response_header_name, score_expression, mitigation_timeout } = limit
  const { counting_expression, requests_to_origin, when_missing, mode } = limit
  return {
    characteristics,
    period,
    ...(requests_per_period === undefined ? {} : { requests_per_period }),
    ...(score_per_period === undefined ? {} : { score_per_period }),
    ...(score_response_header_name === undefined ? {} : { score_response_header_name }),
    ...(score_expression === undefined ? {} : { score_expression }),
    ...(mitigation_timeout === undefined ? {} : { mitigation_timeout }),
    ...(counting_expression === undefined ? {} : { counting_expression }),
    ...(requests_to_origin === undefined ? {} : { requests_to_origin }),
    ...(when_missing === undefined ? {} : { when_missing }),
    ...(mode === undefined ? {} : { mode }),
  }
}

const CHECKS: Checks = {
  characteristics: { check: checkCharacteristics, required: true },
  period: { check: wholeNumber(1, limits.periodSecondsMax), required: true },
  requests_per_period: { check: wholeNumber(1, limits.requestsPerPeriodMax), required: false },
  score_per_period: { check: wholeNumber(1, limits.requestsPerPeriodMax), required: false },
  score_response_header_name: {
    check: textUpTo(limits.headerNameCharactersMax, 1),
    required: false,
  },
  score_expression: { check: isText, required: false },
  mitigation_timeout: { check: wholeNumber(0, limits.periodSecondsMax), required: false },
  counting_expression: { check: isText, required: false },
  requests_to_origin: { check: isTrueOrFalse, required: false },
  when_missing: { check: oneOf(WHEN_MISSING), required: false },
  mode: { check: oneOf(MODES), required: false },
}

/** Names of counters that are no fields of the language: where the request came in, and who Cloudflare thinks it is. */
const BARE_CHARACTERISTICS = new Set<unknown>(['cf.colo.id', 'cf.unique_visitor_id'])

function checkCharacteristics(value: unknown): string | null {
  if (!Array.isArray(value)) return 'This must be a list of fields.'
  if (value.length === 0) return 'This must not be empty.'
  if (value.length > limits.characteristicsMax)
    return `This has ${value.length} items; at most ${limits.characteristicsMax} are allowed.`
  if (new Set(value).size < value.length) return 'This names a field twice.'
  return value.every((each) => typeof each === 'string') ? null : 'This must be a list of texts.'
}

function characteristicsIssues(value: unknown, context: RuleContext): readonly Issue[] {
  if (!Array.isArray(value) || value.length > limits.characteristicsMax) return []
  return value.flatMap((each: unknown, index) =>
    BARE_CHARACTERISTICS.has(each)
      ? []
      : counterIssues(each, [...PATH, 'characteristics', index], context),
  )
}
