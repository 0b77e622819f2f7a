import { describe, expect, test } from 'vitest'
import { readRule as readRuleIn, type RuleContext, ruleFileLimits } from '#engines/rule-files'

const ZONE: RuleContext = { phase: 'http_request_firewall_custom', kind: 'zone', lists: {} }
const readRule = (value: unknown, context: RuleContext = ZONE) => readRuleIn(value, context)

const RULE = { expression: 'http.host eq "api.example.com"', action: 'log' }
const RESPONSE = { status_code: 403, content: '{}', content_type: 'application/json' }

describe('a rule', () => {
  test('is enabled and has no description unless it says otherwise', () => {
    expect(readRule(RULE)).toEqual({
      ok: true,
      value: { ...RULE, description: '', enabled: true },
    })
  })

  test('may say everything', () => {
    const full = {
      ref: 'r',
      description: 'd',
      expression: RULE.expression,
      action: 'block',
      action_parameters: { response: RESPONSE },
      enabled: false,
    }
    expect(readRule(full)).toEqual({ ok: true, value: full })
  })

  test('may have members that mean something to others only', () => {
    expect(readRule({ ...RULE, version: '3', categories: ['x'] }).ok).toBe(true)
  })
})

describe('what is wrong is reported with its place', () => {
  test.each([
    ['no object', 7, { place: '', message: 'must be an object' }],
    ['a list', [], { place: '', message: 'must be an object' }],
    ['no expression', { action: 'log' }, { place: 'expression', message: 'required' }],
    [
      'an expression that is no text',
      { ...RULE, expression: 1 },
      { place: 'expression', message: 'text' },
    ],
    ['no action', { expression: RULE.expression }, { place: 'action', message: 'required' }],
    [
      'an unsupported action',
      { ...RULE, action: 'challenge' },
      { place: 'action', message: '"challenge" is not supported' },
    ],
    ['an empty ref', { ...RULE, ref: '' }, { place: 'ref', message: 'empty' }],
    [
      'enabled as text',
      { ...RULE, enabled: 'yes' },
      { place: 'enabled', message: 'true or false' },
    ],
    [
      'parameters that are no object',
      { ...RULE, action_parameters: [] },
      { place: 'action_parameters', message: 'object' },
    ],
    [
      'an unknown parameter',
      { ...RULE, action_parameters: { x: 1 } },
      { place: 'action_parameters.x', message: 'not known' },
    ],
    [
      'a response for log',
      { ...RULE, action_parameters: { response: RESPONSE } },
      { place: 'action_parameters.response', message: 'not known' },
    ],
    [
      'a response without content',
      {
        ...RULE,
        action: 'block',
        action_parameters: { response: { ...RESPONSE, content: undefined } },
      },
      { place: 'action_parameters.response.content', message: 'required' },
    ],
    [
      'an unknown content type',
      {
        ...RULE,
        action: 'block',
        action_parameters: { response: { ...RESPONSE, content_type: 'x/y' } },
      },
      { place: 'action_parameters.response.content_type', message: 'text/plain' },
    ],
  ])('%s', (_name, value, { place, message }) => {
    const read = readRule(value)
    expect(read.ok).toBe(false)
    const issues = read.ok ? [] : read.error
    expect(issues.map(({ path }) => path.join('.'))).toEqual([place])
    expect(issues[0]?.message).toContain(message)
  })

  test('an expression error has the caret under the offence', () => {
    const read = readRule({ ...RULE, expression: 'http.hots eq "x"' })
    expect(read.ok ? [] : read.error).toMatchObject([{ about: 'expression', path: ['expression'] }])
    expect(read.ok ? '' : read.error[0]?.message).toMatch(
      /^Filter parsing error \(1:1\):\nhttp\.hots eq "x"\n\^+/,
    )
  })

  test('everything that is wrong is reported at once', () => {
    const read = readRule({ expression: '(', action: 'no', enabled: 0 })
    expect(read.ok ? [] : read.error.map(({ path }) => path[0])).toEqual([
      'action',
      'enabled',
      'expression',
    ])
  })
})

const withRef = (characters: number) => ({ ...RULE, ref: 'r'.repeat(characters) })
const withDescription = (characters: number) => ({ ...RULE, description: 'd'.repeat(characters) })
const withStatus = (status_code: number) => ({
  ...RULE,
  action: 'block',
  action_parameters: { response: { ...RESPONSE, status_code } },
})
const withContent = (content: string) => ({
  ...RULE,
  action: 'block',
  action_parameters: { response: { ...RESPONSE, content } },
})

describe('bounds', () => {
  const { refCharactersMax, descriptionCharactersMax, responseContentBytesMax } = ruleFileLimits

  test.each([
    ['a ref below', withRef(refCharactersMax - 1), true],
    ['a ref at', withRef(refCharactersMax), true],
    ['a ref above', withRef(refCharactersMax + 1), false],
    ['a description at', withDescription(descriptionCharactersMax), true],
    ['a description above', withDescription(descriptionCharactersMax + 1), false],
    ['a status below', withStatus(399), false],
    ['a status at the lower', withStatus(400), true],
    ['a status at the upper', withStatus(499), true],
    ['a status above', withStatus(500), false],
    ['half a status', withStatus(403.5), false],
    ['content at', withContent('x'.repeat(responseContentBytesMax)), true],
    ['content above', withContent('x'.repeat(responseContentBytesMax + 1)), false],
    [
      'content above in bytes, not in characters',
      withContent('é'.repeat(responseContentBytesMax / 2 + 1)),
      false,
    ],
  ])('%s the bound', (_name, value, isOk) => {
    expect(readRule(value).ok).toBe(isOk)
  })
})
