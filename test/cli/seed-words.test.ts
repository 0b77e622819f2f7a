import { describe, expect, test } from 'vitest'
import type { ManagementFailure } from '../../cli/management-api.ts'
import type { SeedReport } from '../../cli/seed-running.ts'
import { describeOutcome } from '../../cli/seed-words.ts'

const NOTHING: SeedReport = {
  created: [],
  updated: [],
  deleted: [],
  left_alone: [],
  unchanged: 0,
  warnings: [],
  errors: [],
}

test('a report is one line for each thing, warnings first', () => {
  const report: SeedReport = {
    ...NOTHING,
    created: ['rule/a', 'rule/b'],
    updated: ['schema/schemas/c.yaml'],
    deleted: ['rule/d'],
    left_alone: ['rule/e'],
    unchanged: 7,
    warnings: [{ file: 'schemas/c.yaml', line: null, key: '$.servers[0]', message: 'Not used.' }],
  }
  expect(describeOutcome({ kind: 'seeded', report })).toEqual({
    lines: [
      'warning   schemas/c.yaml: $.servers[0]: Not used.',
      'created   rule/a',
      'created   rule/b',
      'updated   schema/schemas/c.yaml',
      'deleted   rule/d',
      'not ours  rule/e: made through the API, left as it is',
      'unchanged 7',
    ],
    exitCode: 0,
  })
})

describe('an error is file:line: key: message, as far as these are known', () => {
  test.each([
    { line: 3, key: 'rules[0].action', place: 'rules/a.yaml:3: rules[0].action: ' },
    { line: 3, key: null, place: 'rules/a.yaml:3: ' },
    { line: null, key: 'rules[0].action', place: 'rules/a.yaml: rules[0].action: ' },
    { line: null, key: null, place: 'rules/a.yaml: ' },
  ])('$place', ({ line, key, place }) => {
    const problem = { file: 'rules/a.yaml', line, key, message: 'Wrong.\n' }
    const lines = [`${place}Wrong.`, '1 error; nothing was changed']
    expect(describeOutcome({ kind: 'files_refused', problems: [problem] })).toEqual({
      lines,
      exitCode: 2,
    })
    const report = { ...NOTHING, errors: [problem] }
    expect(describeOutcome({ kind: 'seeded', report })).toEqual({ lines, exitCode: 1 })
  })
})

test.each<{ failure: ManagementFailure; line: string }>([
  {
    failure: { reason: 'not_running', url: 'http://127.0.0.1:1' },
    line: 'no shield answers at http://127.0.0.1:1; start it first: npm start',
  },
  {
    failure: { reason: 'unreachable', url: 'https://a.example', detail: 'ENOTFOUND' },
    line: 'the shield at https://a.example cannot be reached: ENOTFOUND',
  },
  {
    failure: {
      reason: 'unsafe_url',
      url: 'ftp://a',
      detail: 'it must begin with https:// or http://',
    },
    line: 'ftp://a is not used: it must begin with https:// or http://',
  },
  {
    failure: { reason: 'refused', status: 400, messages: ['One.', 'Two.'] },
    line: 'the shield refused (400): One.; Two.',
  },
  {
    failure: { reason: 'not_a_shield', url: 'https://a.example', status: 200 },
    line: 'what answers at https://a.example (200) is not the management API of a shield',
  },
])('$failure.reason is one line and exit 1', ({ failure, line }) => {
  expect(describeOutcome({ kind: 'call_failed', failure })).toEqual({ lines: [line], exitCode: 1 })
})
