import { describe, expect, test } from 'vitest'
import { readRule, type RuleContext, ruleFileLimits } from '#engines/rule-files'

const RATES: RuleContext = { phase: 'http_ratelimit', kind: 'zone', lists: {} }
const LIMIT = { characteristics: ['ip.src'], period: 60, requests_per_period: 10 }

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
