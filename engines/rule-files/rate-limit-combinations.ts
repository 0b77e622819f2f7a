/** Which members of a rate limit go together. What is wrong with a member on its own is not said here. */
import { type Issue, issue, type Members } from './checks.ts'
import { asksResponse } from './expression-issues.ts'

type Path = readonly (string | number)[]

/** `path` is where the rate limit stands. */
export function combinationIssues(limit: Members, path: Path): readonly Issue[] {
  return [
    ...thresholdIssues(limit, path),
    ...momentIssues(limit, path),
    ...approximateIssues(limit, path),
  ]
}

function thresholdIssues(limit: Members, path: Path): readonly Issue[] {
  const { requests_per_period: requests, score_per_period: score } = limit
  if ((requests === undefined) === (score === undefined)) {
    const text = 'Exactly one of "requests_per_period" and "score_per_period" is needed.'
    return [issue(path, text)]
  }
  const given = SCORES.filter((member) => limit[member] !== undefined)
  if (given.length === (score === undefined ? 0 : 1)) return []
  const names = SCORES.join('" and "')
  return score === undefined
    ? given.map((member) => issue(path, `"${member}" needs "score_per_period".`))
    : [issue(path, `"score_per_period" needs exactly one of "${names}".`)]
}

/** Where the cost of a request may come from: the origin's answer, or the request itself. */
const SCORES = ['score_response_header_name', 'score_expression']

/** A cost that is known before the request is let through is counted then; the answer would come too late. */
function momentIssues(limit: Members, path: Path): readonly Issue[] {
  const { score_expression: score, counting_expression: counting } = limit
  if (score === undefined || !asksResponse(counting)) return []
  const text =
    'This asks the response, but "score_expression" counts before there is one; ask the request alone, or use "score_response_header_name".'
  return [issue([...path, 'counting_expression'], text)]
}

type Bound = {
  readonly member: string
  readonly fits: (value: unknown) => boolean
  readonly message: string
}

/**
 * What Cloudflare's rate limit binding can do: https://developers.cloudflare.com/workers/runtime-apis/bindings/rate-limit/
 * Everything else needs the mode `exact`.
 */
const APPROXIMATE: readonly Bound[] = [
  {
    member: 'period',
    fits: (value) => value === 10 || value === 60,
    message: 'The mode "approximate" counts over 10 or 60 seconds and no other period.',
  },
  {
    member: 'mitigation_timeout',
    fits: (value) => value === 0,
    message: 'The mode "approximate" does not go on acting: leave this out, or set it to 0.',
  },
  {
    member: 'score_per_period',
    fits: () => false,
    message: 'The mode "approximate" counts requests and no scores: use "requests_per_period".',
  },
  {
    member: 'counting_expression',
    fits: () => false,
    message: 'The mode "approximate" counts every request that the rule\'s "expression" matches.',
  },
  {
    member: 'requests_to_origin',
    fits: (value) => value !== true,
    message: 'The mode "approximate" counts before it is known what reaches the origin.',
  },
]

function approximateIssues(limit: Members, path: Path): readonly Issue[] {
  if (limit['mode'] !== 'approximate') return []
  return APPROXIMATE.flatMap(({ member, fits, message }) => {
    const value = limit[member]
    return value === undefined || fits(value) ? [] : [issue([...path, member], message)]
  })
}
