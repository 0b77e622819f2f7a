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
      kind: 'zone',
      phase: 'http_request_firewall_custom',
      name: null,
      description: '',
      lists: [],
      sequences: [],
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

test('a custom ruleset has a kind, a name and a description', () => {
  const text = `kind: custom
name: basics
description: what every API wants
phase: http_ratelimit
rules:
  - ref: slow
    expression: ssl
    action: block
    ratelimit: { characteristics: [ip.src], period: 60, requests_per_period: 100 }
`
  expect(readRuleFile(FILE, text)).toMatchObject({
    ok: true,
    value: {
      kind: 'custom',
      name: 'basics',
      description: 'what every API wants',
      phase: 'http_ratelimit',
      rules: [{ ref: 'slow', ratelimit: { period: 60 } }],
    },
  })
})

describe('lists', () => {
  const LISTS = `lists:
  - name: office
    kind: ip
    description: where we sit
    items:
      - 192.0.2.0/24
      - { ip: 198.51.100.7, comment: the printer }
  - { name: hosts, kind: hostname, items: ['*.example.com'] }
  - { name: networks, kind: asn, items: [64496] }
  - { name: empty, kind: ip }
`

  test('may stand alone, and an item may be its bare value', () => {
    expect(readRuleFile(FILE, LISTS)).toMatchObject({
      ok: true,
      value: {
        rules: [],
        lists: [
          {
            name: 'office',
            kind: 'ip',
            description: 'where we sit',
            items: [{ ip: '192.0.2.0/24' }, { ip: '198.51.100.7', comment: 'the printer' }],
          },
          { name: 'hosts', items: [{ hostname: { url_hostname: '*.example.com' } }] },
          { name: 'networks', items: [{ asn: 64_496 }] },
          { name: 'empty', items: [] },
        ],
      },
    })
  })

  const asking = (expression: string) =>
    `${LISTS}phase: http_request_firewall_custom\nrules: [{ ref: r, action: log, expression: '${expression}' }]\n`

  test('of the file and of the zone may be named, and no others', () => {
    const zone = { lists: { partners: 'ip' } } as const
    expect(readRuleFile(FILE, asking('ip.src in $office'), zone).ok).toBe(true)
    expect(readRuleFile(FILE, asking('ip.src in $partners'), zone).ok).toBe(true)
    const unknown = readRuleFile(FILE, asking('ip.src in $nowhere'), zone)
    expect(unknown.ok ? [] : unknown.error).toMatchObject([
      { line: 12, key: 'rules[0].expression' },
    ])
    const wrongType = readRuleFile(FILE, asking('http.host in $office'), zone)
    expect(wrongType.ok).toBe(false)
  })

  test('that are not known here may have any name', () => {
    expect(readRuleFile(FILE, asking('ip.src in $nowhere')).ok).toBe(true)
  })

  test.each([
    ['a name in capitals', 'lists: [{ name: Office, kind: ip }]', 'lists[0].name'],
    ['a name too long', `lists: [{ name: ${'a'.repeat(51)}, kind: ip }]`, 'lists[0].name'],
    ['an unknown kind', 'lists: [{ name: a, kind: country }]', 'lists[0].kind'],
    ['an unknown key', 'lists: [{ name: a, kind: ip, itms: [] }]', 'lists[0].itms'],
    ['items that are no list', 'lists: [{ name: a, kind: ip, items: 1 }]', 'lists[0].items'],
    ['a bad item', 'lists: [{ name: a, kind: ip, items: [1.2.3.4, x] }]', 'lists[0].items[1].ip'],
    ['a name twice', 'lists: [{ name: a, kind: ip }, { name: a, kind: asn }]', 'lists[1].name'],
    ['lists that are no list', 'lists: 1', 'lists'],
  ])('%s is refused with its place', (_name, text, key) => {
    expect(errorsOf(text).map((error) => error.key)).toEqual([key])
  })
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
    ['an unknown phase', 'rules: []\nphase: http_request_transform\n', { line: 2, key: 'phase' }],
    ['no phase', 'rules: []\n', { line: 1, key: 'phase' }],
    [
      'an unknown kind',
      'kind: managed\nphase: http_ratelimit\nrules: []\n',
      { line: 1, key: 'kind' },
    ],
    [
      'a custom ruleset without name',
      'phase: http_ratelimit\nkind: custom\nrules: []\n',
      { line: 1, key: 'name' },
    ],
    [
      'an entry point with a name',
      'phase: http_ratelimit\nname: x\nrules: []\n',
      { line: 2, key: 'name' },
    ],
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

describe('sequences', () => {
  const SEQUENCES = `sequences:
  - ref: look-first
    require:
      - operation: GET api.example.com/accounts/{account}/balance
      - operation: POST api.example.com/transfers
        within: 10m
`

  test('may stand alone, need no phase then, and have their defaults', () => {
    expect(readRuleFile(FILE, SEQUENCES)).toMatchObject({
      ok: true,
      value: {
        rules: [],
        lists: [],
        sequences: [
          { ref: 'look-first', action: 'block', kind: 'require', steps: [{}, { within: 600 }] },
        ],
      },
    })
  })

  test('may stand beside rules and lists', () => {
    const text = `${SEQUENCES}phase: http_request_firewall_custom\nrules: []\nlists: []\n`
    expect(readRuleFile(FILE, text)).toMatchObject({ ok: true, value: { sequences: [{}] } })
  })

  test('a phase without rules is still a mistake', () => {
    expect(errorsOf(`${SEQUENCES}phase: http_request_firewall_custom\n`)).toMatchObject([
      { key: 'rules' },
    ])
  })

  test.each([
    ['no list', 'sequences: {}\n', { line: 1, key: 'sequences', message: 'a list of at most 100' }],
    [
      'more than fit',
      `sequences: [${'x,'.repeat(ruleFileLimits.sequencesMax)}x]\n`,
      { line: 1, key: 'sequences', message: 'a list of at most 100' },
    ],
    [
      'a time that is none',
      SEQUENCES.replace('10m', 'soon'),
      { line: 6, key: 'sequences[0].require[1].within', message: '30s, 10m, 2h, 1d' },
    ],
    [
      'an operation that is none',
      SEQUENCES.replace('POST api.example.com', 'POST '),
      { line: 5, key: 'sequences[0].require[1].operation', message: 'empty' },
    ],
    [
      'a misspelt key',
      SEQUENCES.replace('within', 'witihn'),
      { line: 6, key: 'sequences[0].require[1].witihn', message: 'not known here' },
    ],
    [
      'a ref twice',
      `${SEQUENCES}  - ref: look-first\n    forbid: [{ operation: "*" }, { operation: "*" }]\n`,
      { line: 7, key: 'sequences[1].ref', message: 'used twice' },
    ],
  ])('%s', (_name, text, { line, key, message }) => {
    expect(errorsOf(text)).toEqual([
      { file: FILE, line, key, message: expect.stringContaining(message) },
    ])
  })

  test('name operations that are saved, where these are known', () => {
    const read = readRuleFile(FILE, SEQUENCES, { operations: new Set() })
    expect(read.ok ? [] : read.error).toEqual([
      {
        file: FILE,
        line: 4,
        key: 'sequences[0].require[0].operation',
        message: 'There is no saved operation "GET api.example.com/accounts/{account}/balance".',
      },
      {
        file: FILE,
        line: 5,
        key: 'sequences[0].require[1].operation',
        message: 'There is no saved operation "POST api.example.com/transfers".',
      },
    ])
  })
})
