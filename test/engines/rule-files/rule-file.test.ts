import { describe, expect, test } from 'vitest'
import { readRuleFile, ruleFileLimits } from '#engines/rule-files'

const FILE = 'rules/api.yaml'

/** The errors of a file that must have some. */
function errorsOf(text: string) {
  const read = readRuleFile(FILE, text)
  expect(read.ok).toBe(false)
  return read.ok ? [] : read.error
}

test('a file gives its rules in order', () => {
  const read = readRuleFile(
    FILE,
    `# What the sensors may do.
phase: http_request_firewall_custom
rules:
  - ref: mtls
    description: Only sensors
    expression: >-
      http.host eq "api.example.com"
      and not cf.tls_client_auth.cert_verified
    action: block
    action_parameters:
      response: { status_code: 403, content: '{}', content_type: application/json }
  - ref: watch
    expression: http.request.method eq "GET"
    action: log
    enabled: false
`,
  )
  expect(read).toEqual({
    ok: true,
    value: {
      phase: 'http_request_firewall_custom',
      rules: [
        {
          ref: 'mtls',
          description: 'Only sensors',
          expression: 'http.host eq "api.example.com" and not cf.tls_client_auth.cert_verified',
          action: 'block',
          action_parameters: {
            response: { status_code: 403, content: '{}', content_type: 'application/json' },
          },
          enabled: true,
        },
        {
          ref: 'watch',
          description: '',
          expression: 'http.request.method eq "GET"',
          action: 'log',
          enabled: false,
        },
      ],
    },
  })
})

test('a file may have no rules', () => {
  expect(readRuleFile(FILE, 'phase: http_request_firewall_custom\nrules: []\n').ok).toBe(true)
})

describe('an error names file, line and key', () => {
  test.each([
    ['an empty file', '', { line: 1, key: null }],
    ['a list', '- a\n', { line: 1, key: null }],
    ['a YAML error', 'phase: http_request_firewall_custom\nrules: [\n', { line: 3, key: null }],
    ['two documents', 'a: 1\n---\nb: 2\n', { line: 2, key: null }],
    [
      'a key twice',
      'phase: http_request_firewall_custom\nrules: []\nrules: []\n',
      { line: 3, key: null },
    ],
    ['an unknown alias', 'phase: *x\nrules: []\n', { line: null, key: null }],
    ['an unknown phase', 'rules: []\nphase: http_ratelimit\n', { line: 2, key: 'phase' }],
    ['no phase', 'rules: []\n', { line: 1, key: 'phase' }],
    ['no rules', 'phase: http_request_firewall_custom\n', { line: 1, key: 'rules' }],
    [
      'an unknown key',
      'phase: http_request_firewall_custom\nrules: []\nrule: []\n',
      { line: 3, key: 'rule' },
    ],
  ])('%s', (_name, text, place) => {
    expect(errorsOf(text)[0]).toMatchObject({ file: FILE, ...place })
  })

  test('every rule of the file is looked at', () => {
    const errors = errorsOf(`phase: http_request_firewall_custom
rules:
  - ref: a
    expression: http.hots eq "x"
    action: block
  - expression: ssl
    action: log
  - ref: b
    expression: ssl
    actoin: log
  - ref: b
    expression: ssl
    action: log
  - ref: b
    expression: ssl
    action: log
  - 7
`)
    expect(errors.map(({ line, key }) => `${line} ${key}`)).toEqual([
      '4 rules[0].expression',
      '6 rules[1].ref',
      '10 rules[2].actoin',
      '8 rules[2].action',
      '14 rules[4].ref',
      '17 rules[5]',
    ])
    expect(errors[0]?.message).toContain('Filter parsing error (1:1)')
  })
})

const ofRules = (count: number) =>
  `phase: http_request_firewall_custom\nrules:\n${Array.from({ length: count }, (_, n) => `- { ref: r${n}, expression: ssl, action: log }\n`).join('')}`
const ofCharacters = (count: number) => {
  const text = 'phase: http_request_firewall_custom\nrules: []\n#'
  return text + 'x'.repeat(count - text.length)
}

describe('bounds', () => {
  test.each([
    ['rules below', ofRules(ruleFileLimits.rulesMax - 1), true],
    ['rules at', ofRules(ruleFileLimits.rulesMax), true],
    ['rules above', ofRules(ruleFileLimits.rulesMax + 1), false],
    ['characters at', ofCharacters(ruleFileLimits.fileCharactersMax), true],
    ['characters above', ofCharacters(ruleFileLimits.fileCharactersMax + 1), false],
  ])('%s the bound', (_name, text, isOk) => {
    expect(readRuleFile(FILE, text).ok).toBe(isOk)
  })

  test('aliases that multiply are refused', () => {
    const levels = Array.from(
      { length: 20 },
      (_, n) => `l${n + 1}: &l${n + 1} [*l${n}, *l${n}, *l${n}]`,
    )
    expect(errorsOf(`l0: &l0 x\n${levels.join('\n')}\n`)[0]).toMatchObject({ file: FILE })
  })
})
