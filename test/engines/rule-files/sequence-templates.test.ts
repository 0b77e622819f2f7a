/** The sequences to begin with (rules/templates): each only logs, and objects to what its comment says. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readRuleFile } from '#engines/rule-files'
import {
  advance,
  compileSequence,
  parseOperationName,
  type SequenceContent,
  type SequenceState,
} from '#engines/sequences'

const FOLDER = join(import.meta.dirname, '../../../rules/templates')

type Asked = {
  readonly operation: string
  /** What the request has under each name. */
  readonly values?: { readonly [name: string]: string }
  /** Seconds since the one before; 1 when absent. */
  readonly after?: number
}

const look = (account: string): Asked => ({
  operation: 'GET api.example.com/accounts/{account}/balance',
  values: { account },
})
const transfer = (account: string, after = 1): Asked => ({
  operation: 'POST api.example.com/transfers',
  values: { account },
  after,
})
const OTHER: Asked = { operation: 'GET api.example.com/news' }

/** Sequence → what a session does, and the last request of which it objects to or not. */
const CASES: {
  readonly [ref: string]: readonly { name: string; asked: readonly Asked[]; objects: boolean }[]
} = {
  'balance-before-transfer': [
    { name: 'no look', asked: [transfer('a')], objects: true },
    { name: 'a look', asked: [look('a'), transfer('a')], objects: false },
    {
      name: 'a look with something after it',
      asked: [look('a'), OTHER, transfer('a')],
      objects: false,
    },
    { name: 'a look at another account', asked: [look('b'), transfer('a')], objects: true },
    { name: 'looks at both', asked: [look('a'), look('b'), transfer('a')], objects: false },
    { name: 'a look ten minutes ago', asked: [look('a'), transfer('a', 600)], objects: false },
    { name: 'a look longer ago', asked: [look('a'), transfer('a', 601)], objects: true },
    { name: 'a second transfer', asked: [look('a'), transfer('a'), transfer('a')], objects: true },
    {
      name: 'a second transfer after a second look',
      asked: [look('a'), transfer('a'), look('a'), transfer('a')],
      objects: false,
    },
    { name: 'a transfer without an account', asked: [look(''), transfer('')], objects: true },
  ],
  'no-transfer-right-after-another': [
    { name: 'one transfer', asked: [transfer('a')], objects: false },
    { name: 'two in a row', asked: [transfer('a'), transfer('b')], objects: true },
    {
      name: 'two with a look between',
      asked: [transfer('a'), look('a'), transfer('a')],
      objects: false,
    },
  ],
}

const SEQUENCES = readdirSync(FOLDER)
  .filter((name) => name.endsWith('.yaml'))
  .flatMap((name) => {
    const file = readRuleFile(`rules/${name}`, readFileSync(join(FOLDER, name), 'utf8'))
    if (!file.ok) throw new Error(JSON.stringify(file.error))
    return file.value.sequences
  })

test('every sequence has its cases', () => {
  expect(SEQUENCES.map(({ ref }) => ref).toSorted()).toEqual(Object.keys(CASES).toSorted())
})

describe.each(SEQUENCES.map((content) => ({ ref: content.ref, content })))(
  '$ref',
  ({ ref, content }) => {
    test('only logs', () => {
      expect(content).toMatchObject({ enabled: true, action: 'log' })
    })

    test.each([...(CASES[ref] ?? [])])('$name: $objects', ({ asked, objects }) => {
      expect(isObjectedTo(content, asked)).toBe(objects)
    })
  },
)

/** Whether the sequence objects to the last request; those before were let through, and answered at once. */
function isObjectedTo(content: SequenceContent, asked: readonly Asked[]): boolean {
  const { pattern, moves, breaks } = compileSequence('id', content)
  let state: SequenceState | undefined
  let objects = false
  let nowMs = 0
  for (const [index, { operation, values = {}, after = 1 }] of asked.entries()) {
    const name = parseOperationName(operation)
    if (!name.ok) throw new Error(name.error)
    const { operationId } = name.value
    nowMs += after * 1_000
    const possible = moves(operationId).map(({ step, bindings }) => ({
      step,
      values: Object.fromEntries(bindings.map((each) => [each.name, values[each.name] ?? ''])),
    }))
    const input = { pattern, moves: possible, breaks: breaks(operationId) }
    const next = advance(state, input, { nowMs, number: index + 1 })
    state = next.state
    objects = next.violation !== null
  }
  return objects
}
