/**
 * What a rule of the phase http_ratelimit counts, over which time, and from when it acts. Cloudflare allows a few
 * periods by plan; here any whole number of seconds up to a day will do.
 */
import {
  type Checks,
  isRecord,
  type Issue,
  issue,
  isTrueOrFalse,
  membersIssues,
  strangersIssues,
  textUpTo,
  wholeNumber,
} from './checks.ts'
import { conditionIssues, counterIssues } from './expression-issues.ts'
import { ruleFileLimits as limits } from './limits.ts'
import type { RuleContext } from './rule-context.ts'

export type RateLimit = {
  /** Fields whose values together name a counter. */
  readonly characteristics: readonly string[]
  /** Seconds. */
  readonly period: number
  readonly requests_per_period?: number
  readonly score_per_period?: number
  readonly score_response_header_name?: string
  /** Seconds. */
  readonly mitigation_timeout?: number
  readonly counting_expression?: string
  readonly requests_to_origin?: boolean
}

const PATH = ['ratelimit'] as const

export function rateLimitIssues(value: unknown, context: RuleContext): readonly Issue[] {
  if (context.phase !== 'http_ratelimit') {
    return value === undefined
      ? []
      : [issue(PATH, 'Only a rule of the phase http_ratelimit has a rate limit.')]
  }
  if (value === undefined) return [issue(PATH, 'A rule of the phase http_ratelimit needs this.')]
  if (!isRecord(value)) return [issue(PATH, 'This must be an object.')]
  return [
    ...strangersIssues(value, Object.keys(CHECKS), PATH),
    ...membersIssues(value, CHECKS, PATH),
    ...thresholdIssues(value),
    ...characteristicsIssues(value['characteristics'], context),
    ...conditionIssues(value['counting_expression'], [...PATH, 'counting_expression'], {
      ...context,
      phase: 'http_ratelimit_counting',
    }),
  ]
}

/** The members in one order, so that equal rate limits are equal as JSON. */
export function rateLimitOf(limit: RateLimit): RateLimit {
  const { characteristics, period, requests_per_period, score_per_period } = limit
  const { score_response_header_name, mitigation_timeout, counting_expression } = limit
  const { requests_to_origin } = limit
  return {
    characteristics,
    period,
    ...(requests_per_period === undefined ? {} : { requests_per_period }),
    ...(score_per_period === undefined ? {} : { score_per_period }),
    ...(score_response_header_name === undefined ? {} : { score_response_header_name }),
    ...(mitigation_timeout === undefined ? {} : { mitigation_timeout }),
    ...(counting_expression === undefined ? {} : { counting_expression }),
    ...(requests_to_origin === undefined ? {} : { requests_to_origin }),
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
  mitigation_timeout: { check: wholeNumber(0, limits.periodSecondsMax), required: false },
  counting_expression: {
    check: (value) => (typeof value === 'string' ? null : 'This must be text.'),
    required: false,
  },
  requests_to_origin: { check: isTrueOrFalse, required: false },
}

function thresholdIssues({
  requests_per_period: requests,
  score_per_period: score,
  score_response_header_name: header,
}: {
  readonly [name: string]: unknown
}): readonly Issue[] {
  if ((requests === undefined) === (score === undefined)) {
    const text = 'Exactly one of "requests_per_period" and "score_per_period" is needed.'
    return [issue(PATH, text)]
  }
  if ((score === undefined) === (header === undefined)) return []
  const text = '"score_per_period" and "score_response_header_name" go together.'
  return [issue(PATH, text)]
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
