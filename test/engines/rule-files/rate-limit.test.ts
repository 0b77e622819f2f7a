import { describe, expect, test } from 'vitest'
import { readRule, type RuleContext, ruleFileLimits } from '#engines/rule-files'

const RATES: RuleContext = { phase: 'http_ratelimit', kind: 'zone', lists: {} }
const LIMIT = { characteristics: ['ip.src'], period: 60, requests_per_period: 10 }

const SCORE = {
  characteristics: ['cf.portcullis.session.client'],
  period: 60,
  score_per_period: 400,
  score_expression: 'cf.portcullis.graphql.cost',
}
const APPROXIMATE = { ...LIMIT, mode: 'approximate' }

const withLimit = (ratelimit: unknown) => ({ expression: 'ssl', action: 'block', ratelimit })

describe('a rate limit', () => {
  test.each([
    ['counts requests', LIMIT],
    [
      'counts by everything that Cloudflare counts by',
      {
        ...LIMIT,
        characteristics: [
          'cf.colo.id',
          'cf.unique_visitor_id',
          'ip.src.asnum',
          'http.host',
          'http.request.headers["x-api-key"]',
          'http.request.headers["x-api-key"][0]',
          'lower(http.request.uri.path)',
        ],
      },
    ],
    ['counts by the answer', { ...LIMIT, counting_expression: 'http.response.code eq 401' }],
    ['acts for a while', { ...LIMIT, mitigation_timeout: 600 }],
    ['counts at the origin only', { ...LIMIT, requests_to_origin: true }],
    [
      'counts a score',
      {
        characteristics: ['ip.src'],
        period: 60,
        score_per_period: 400,
        score_response_header_name: 'x-score',
      },
    ],
    ['counts a score that the request says', SCORE],
    ['counts a score of what the request decides', { ...SCORE, counting_expression: 'ssl' }],
    ['shares a counter among strangers', { ...LIMIT, when_missing: 'share' }],
    ['lets strangers pass', { ...LIMIT, when_missing: 'pass' }],
    ['stops strangers', { ...LIMIT, when_missing: 'block' }],
    ['is exact', { ...LIMIT, mode: 'exact' }],
    ['is approximate', APPROXIMATE],
    [
      'is approximate and says so in full',
      { ...APPROXIMATE, mitigation_timeout: 0, requests_to_origin: false, when_missing: 'pass' },
    ],
  ])('%s', (_name, ratelimit) => {
    const read = readRule(withLimit(ratelimit), RATES)
    expect(read).toMatchObject({ ok: true, value: { ratelimit } })
  })
})

describe('what is wrong is reported with its place', () => {
  test.each([
    ['no rate limit', undefined, 'ratelimit'],
    ['no object', 7, 'ratelimit'],
    ['a misspelt member', { ...LIMIT, perid: 1 }, 'ratelimit.perid'],
    ['no characteristics', { ...LIMIT, characteristics: [] }, 'ratelimit.characteristics'],
    [
      'a field that is none',
      { ...LIMIT, characteristics: ['ip.scr'] },
      'ratelimit.characteristics.0',
    ],
    [
      'a condition as a characteristic',
      { ...LIMIT, characteristics: ['http.host eq "x"'] },
      'ratelimit.characteristics.0',
    ],
    [
      'a field twice',
      { ...LIMIT, characteristics: ['ip.src', 'ip.src'] },
      'ratelimit.characteristics',
    ],
    ['half a second', { ...LIMIT, period: 0.5 }, 'ratelimit.period'],
    ['no threshold', { characteristics: ['ip.src'], period: 60 }, 'ratelimit'],
    ['two thresholds', { ...LIMIT, score_per_period: 1 }, 'ratelimit'],
    [
      'a score without header',
      { characteristics: ['ip.src'], period: 60, score_per_period: 1 },
      'ratelimit',
    ],
    ['a header without score', { ...LIMIT, score_response_header_name: 'x' }, 'ratelimit'],
    [
      'a counting expression that does not compile',
      { ...LIMIT, counting_expression: 'http.hots' },
      'ratelimit.counting_expression',
    ],
    [
      'a score that is no number',
      { ...SCORE, score_expression: 'ip.src' },
      'ratelimit.score_expression',
    ],
    [
      'a score that is a condition',
      { ...SCORE, score_expression: 'ssl' },
      'ratelimit.score_expression',
    ],
    ['a score that is no text', { ...SCORE, score_expression: 1 }, 'ratelimit.score_expression'],
    [
      'a score of the response',
      { ...SCORE, score_expression: 'http.response.code' },
      'ratelimit.score_expression',
    ],
    ['something else for strangers', { ...LIMIT, when_missing: 'log' }, 'ratelimit.when_missing'],
    ['a mode that is none', { ...LIMIT, mode: 'quick' }, 'ratelimit.mode'],
  ])('%s', (_name, ratelimit, place) => {
    const read = readRule(withLimit(ratelimit), RATES)
    expect(read.ok ? [] : read.error.map(({ path }) => path.join('.'))).toEqual([place])
  })

  test('a response is not there yet when the rule itself is asked', () => {
    const value = { ...withLimit(LIMIT), expression: 'http.response.code eq 401' }
    const read = readRule(value, RATES)
    expect(read.ok ? [] : read.error).toMatchObject([{ about: 'expression', path: ['expression'] }])
  })
})

describe('what does not go together is refused with a reason', () => {
  const { requests_per_period: _, ...WITHOUT } = LIMIT
  const COUNTING = 'http.response.code eq 401'

  test.each([
    ['no threshold', WITHOUT, '', /Exactly one of "requests_per_period" and "score_per_period"/],
    ['two thresholds', { ...SCORE, requests_per_period: 1 }, '', /Exactly one of/],
    [
      'a threshold without a score',
      { ...WITHOUT, score_per_period: 1 },
      '',
      /"score_per_period" needs exactly one of "score_response_header_name" and "score_expression"/,
    ],
    [
      'two scores',
      { ...SCORE, score_response_header_name: 'x' },
      '',
      /"score_per_period" needs exactly one of/,
    ],
    [
      'a score and requests',
      { ...LIMIT, score_expression: 'cf.portcullis.graphql.cost' },
      '',
      /^"score_expression" needs "score_per_period"/,
    ],
    [
      'a score beforehand that the answer counts',
      { ...SCORE, counting_expression: COUNTING },
      'counting_expression',
      /counts before there is one/,
    ],
    ['approximate over 9 s', { ...APPROXIMATE, period: 9 }, 'period', /10 or 60 seconds/],
    ['approximate over 11 s', { ...APPROXIMATE, period: 11 }, 'period', /10 or 60 seconds/],
    ['approximate over 59 s', { ...APPROXIMATE, period: 59 }, 'period', /10 or 60 seconds/],
    ['approximate over 61 s', { ...APPROXIMATE, period: 61 }, 'period', /10 or 60 seconds/],
    [
      'approximate that goes on acting',
      { ...APPROXIMATE, mitigation_timeout: 1 },
      'mitigation_timeout',
      /does not go on acting/,
    ],
    ['approximate scores', { ...SCORE, mode: 'approximate' }, 'score_per_period', /no scores/],
    [
      'approximate with something else that counts',
      { ...APPROXIMATE, counting_expression: 'ssl' },
      'counting_expression',
      /counts every request/,
    ],
    [
      'approximate at the origin',
      { ...APPROXIMATE, requests_to_origin: true },
      'requests_to_origin',
      /reaches the origin/,
    ],
  ])('%s', (_name, ratelimit, place, reason) => {
    const read = readRule(withLimit(ratelimit), RATES)
    const issues = read.ok ? [] : read.error
    expect(issues.map(({ path }) => path.slice(1).join('.'))).toEqual([place])
    expect(issues[0]?.message).toMatch(reason)
  })

  test('everything that approximate counting cannot do is said at once', () => {
    const all = {
      ...SCORE,
      mode: 'approximate',
      period: 3,
      mitigation_timeout: 1,
      counting_expression: 'ssl',
      requests_to_origin: true,
    }
    const read = readRule(withLimit(all), RATES)
    expect(read.ok ? [] : read.error.map(({ path }) => path[1])).toEqual([
      'period',
      'mitigation_timeout',
      'score_per_period',
      'counting_expression',
      'requests_to_origin',
    ])
  })

  test('what approximate counting cannot do, exact counting can', () => {
    const all = { ...LIMIT, period: 9, mitigation_timeout: 1, counting_expression: COUNTING }
    expect(readRule(withLimit({ ...all, mode: 'exact' }), RATES).ok).toBe(true)
  })
})

test('the members have one order, however they are written', () => {
  const limit = {
    characteristics: ['ip.src'],
    period: 60,
    score_per_period: 4,
    score_expression: 'len(http.host)',
    mitigation_timeout: 6,
    counting_expression: 'ssl',
    requests_to_origin: true,
    when_missing: 'pass',
    mode: 'exact',
  }
  const reversed = Object.fromEntries(Object.entries(limit).toReversed())
  const read = readRule(withLimit(reversed), RATES)
  expect(JSON.stringify(read.ok && read.value.ratelimit)).toBe(JSON.stringify(limit))
})

describe('bounds', () => {
  const { periodSecondsMax, requestsPerPeriodMax, characteristicsMax } = ruleFileLimits
  const fields = (count: number) =>
    Array.from({ length: count }, (_, n) => `http.request.uri.args["a${n}"][0]`)

  test.each([
    ['period below', { ...LIMIT, period: 0 }, false],
    ['period at the lower', { ...LIMIT, period: 1 }, true],
    ['period at the upper', { ...LIMIT, period: periodSecondsMax }, true],
    ['period above', { ...LIMIT, period: periodSecondsMax + 1 }, false],
    ['timeout at the lower', { ...LIMIT, mitigation_timeout: 0 }, true],
    ['timeout above', { ...LIMIT, mitigation_timeout: periodSecondsMax + 1 }, false],
    ['requests below', { ...LIMIT, requests_per_period: 0 }, false],
    ['requests at the upper', { ...LIMIT, requests_per_period: requestsPerPeriodMax }, true],
    ['requests above', { ...LIMIT, requests_per_period: requestsPerPeriodMax + 1 }, false],
    ['characteristics at', { ...LIMIT, characteristics: fields(characteristicsMax) }, true],
    ['characteristics above', { ...LIMIT, characteristics: fields(characteristicsMax + 1) }, false],
  ])('%s the bound', (_name, ratelimit, isOk) => {
    expect(readRule(withLimit(ratelimit), RATES).ok).toBe(isOk)
  })
})

describe('what the session did before is asked together with its limits, so it decides nothing of them', () => {
  const REPEATS = 'cf.portcullis.session.repeats'

  test.each([
    ['which requests', { ...withLimit(LIMIT), expression: `${REPEATS} ge 3` }, 'expression'],
    [
      'which count',
      withLimit({ ...LIMIT, counting_expression: `${REPEATS} ge 3 and http.response.code eq 401` }),
      'ratelimit.counting_expression',
    ],
    [
      'by what',
      withLimit({ ...LIMIT, characteristics: ['ip.src', REPEATS] }),
      'ratelimit.characteristics.1',
    ],
    ['how much', withLimit({ ...SCORE, score_expression: REPEATS }), 'ratelimit.score_expression'],
  ])('%s', (_name, rule, place) => {
    const read = readRule(rule, RATES)
    expect(read.ok ? [] : read.error.map(({ path }) => path.join('.'))).toEqual([place])
  })
})

describe('a rule that executes a ruleset', () => {
  const execute = { expression: 'ssl', action: 'execute', action_parameters: { id: 'custom' } }

  test('has no limit of its own', () => {
    expect(readRule(execute, RATES).ok).toBe(true)
    expect(readRule({ ...execute, ratelimit: LIMIT }, RATES)).toMatchObject({
      ok: false,
      error: [{ path: ['ratelimit'] }],
    })
  })
})
