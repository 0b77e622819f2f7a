import { describe, expect, test } from 'vitest'
import type { Operation, SeedReport } from '../../../../worker/storage/resources.ts'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { SequenceRule } from '../../../../worker/storage/resources/sequences.ts'
import { api, type Caller, portsOf, Z } from '../../../support/management.ts'

const RULES = `${Z}/portcullis/sequence_rules`
const OPERATIONS = `${Z}/api_gateway/operations`

type File = { readonly path: string; readonly content: string }

// JSON is YAML.
const file = (name: string, ...sequences: object[]): File => ({
  path: `rules/${name}.yaml`,
  content: JSON.stringify({ sequences }, null, 1),
})

const sequence = (ref: string, more: object = {}) => ({
  ref,
  require: [
    { operation: 'GET api.example.com/balance/{account}' },
    { operation: 'GET api.example.com/transfer/{account}', within: '10m' },
  ],
  ...more,
})

const schema = (name: string, ...paths: string[]): File => ({
  path: `schemas/${name}.json`,
  content: JSON.stringify({
    openapi: '3.0.3',
    info: { title: 't', version: '1' },
    servers: [{ url: 'https://api.example.com' }],
    paths: Object.fromEntries(
      paths.map((path) => [path, { get: { responses: { 200: { description: 'ok' } } } }]),
    ),
  }),
})

const BANK = schema('bank', '/balance/{id}', '/transfer/{id}')

async function seed(call: Caller, ...files: readonly File[]): Promise<SeedReport> {
  const reply = await call<SeedReport>(`PUT ${Z}/portcullis/seed`, { body: { files } })
  expect(reply.status).toBe(200)
  return reply.result
}

async function stored(call: Caller): Promise<readonly SequenceRule[]> {
  return (await call<readonly SequenceRule[]>(`GET ${RULES}`)).result
}

async function save(call: Caller, ...endpoints: string[]): Promise<readonly Operation[]> {
  const body = endpoints.map((endpoint) => ({ method: 'GET', host: 'api.example.com', endpoint }))
  return (await call<readonly Operation[]>(`POST ${OPERATIONS}`, { body })).result
}

describe('sequences of files', () => {
  test('are made together with the operations that they name', async () => {
    const call = api('seed-sequences')
    const report = await seed(call, BANK, file('a', sequence('one'), sequence('two')))
    expect(report.errors).toEqual([])
    expect(report.created.slice(0, 2)).toEqual(['sequence_rule/one', 'sequence_rule/two'])
    expect(await stored(call)).toMatchObject([
      { ref: 'one', action: 'block', require: [{}, { within: 600 }] },
      { ref: 'two' },
    ])
  })

  test('may name operations that the API saved', async () => {
    const call = api('seed-sequences-saved')
    await save(call, '/balance/{x}', '/transfer/{x}')
    expect(await seed(call, file('a', sequence('one')))).toMatchObject({
      created: ['sequence_rule/one'],
      errors: [],
    })
  })

  test('a second time changes nothing and commits nothing', async () => {
    const call = api('seed-sequences-twice')
    await seed(call, BANK, file('a', sequence('one')))
    const commits = async () => (await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result.length
    const before = await commits()
    expect(await seed(call, BANK, file('a', sequence('one')))).toMatchObject({
      created: [],
      updated: [],
      deleted: [],
    })
    expect(await commits()).toBe(before)
  })

  test('follow the files, keep their ids, and leave nothing behind', async () => {
    const call = api('seed-sequences-follow')
    await seed(call, BANK, file('a', sequence('one'), sequence('two')))
    const [one] = await stored(call)
    const report = await seed(
      call,
      BANK,
      file('b', sequence('one', { action: 'log' }), sequence('three')),
    )
    expect(report).toMatchObject({
      created: ['sequence_rule/three'],
      updated: ['sequence_rule/one'],
      deleted: ['sequence_rule/two'],
    })
    expect(await stored(call)).toMatchObject([
      { id: one?.id, ref: 'one', action: 'log' },
      { ref: 'three' },
    ])
    expect((await seed(call)).deleted.slice(0, 2)).toEqual([
      'sequence_rule/one',
      'sequence_rule/three',
    ])
    const { documents } = await portsOf('seed-sequences-follow').zone.read({
      provenance: 'all',
      sequence_rule: 'all',
    })
    expect(Object.values(documents).flat()).toEqual([])
  })

  test('that moved to another file are the same and belong to that one', async () => {
    const call = api('seed-sequences-move')
    await seed(call, BANK, file('a', sequence('one')))
    const before = await stored(call)
    expect(await seed(call, BANK, file('b', sequence('one')))).toMatchObject({ updated: [] })
    expect(await stored(call)).toEqual(before)
    const { documents } = await portsOf('seed-sequences-move').zone.read({ provenance: 'all' })
    expect(documents.provenance).toContainEqual({
      resource: `sequence_rule/${before[0]?.id}`,
      file: 'rules/b.yaml',
    })
  })

  test('give way to a rule of the API with their ref, and leave it alone', async () => {
    const call = api('seed-sequences-api')
    await save(call, '/balance/{x}', '/transfer/{x}')
    await call(`POST ${RULES}`, { body: sequence('one', { description: 'mine' }) })
    expect(await seed(call, file('a', sequence('one')))).toMatchObject({
      created: [],
      left_alone: ['sequence_rule/one'],
    })
    expect(await stored(call)).toMatchObject([{ ref: 'one', description: 'mine' }])
    await seed(call)
    expect(await stored(call)).toHaveLength(1)
  })

  test('are brought back to what the files say after a change by hand', async () => {
    const call = api('seed-sequences-repair')
    await seed(call, BANK, file('a', sequence('one')))
    const [rule] = await stored(call)
    await call(`PUT ${RULES}/${rule?.id}`, { body: sequence('one', { enabled: false }) })
    expect(await seed(call, BANK, file('a', sequence('one')))).toMatchObject({
      updated: ['sequence_rule/one'],
    })
    await call(`DELETE ${RULES}/${rule?.id}`)
    expect(await seed(call, BANK, file('a', sequence('one')))).toMatchObject({
      created: ['sequence_rule/one'],
    })
  })
})

describe('with any of these nothing is applied', () => {
  test('an operation that is neither saved nor described', async () => {
    const call = api('seed-sequences-unknown')
    const files = [schema('bank', '/balance/{id}'), file('a', sequence('one'))]
    const report = await seed(call, ...files)
    expect(report.errors).toEqual([
      {
        file: 'rules/a.yaml',
        line: expect.any(Number),
        key: 'sequences[0].require[1].operation',
        message: 'There is no saved operation "GET api.example.com/transfer/{account}".',
      },
    ])
    expect(files[1]?.content.split('\n')[(report.errors[0]?.line ?? 0) - 1]).toMatch(/transfer/)
    expect((await call(`GET ${OPERATIONS}`)).result).toEqual([])
  })

  test('an operation that leaves the files while a sequence of the files names it', async () => {
    const call = api('seed-sequences-leaving')
    await seed(call, BANK, file('a', sequence('one')))
    const report = await seed(call, schema('bank', '/balance/{id}'), file('a', sequence('one')))
    expect(report.errors).toMatchObject([
      { file: 'rules/a.yaml', key: 'sequences[0].require[1].operation' },
    ])
    expect((await seed(call, schema('bank', '/balance/{id}'))).errors).toEqual([])
    expect(await stored(call)).toEqual([])
  })

  test.each([
    [
      'of a pattern',
      async (call: Caller) => {
        await call(`POST ${RULES}`, { body: sequence('mine') })
      },
      /^The operation "GET api\.example\.com\/\w+\/\{var1\}" is in no file any more, but it is used by the sequence rule "mine"/,
    ],
    [
      'of two operations',
      async (call: Caller) => {
        const { result } = await call<readonly Operation[]>(`GET ${OPERATIONS}`)
        const ids = result.map(({ operation_id: id }) => id)
        const body = { title: 'Mine', kind: 'allow', action: 'log', sequence: ids }
        await call(`POST ${Z}/api_gateway/seqrules/rules`, { body })
      },
      /used by the sequence rule "Mine"/,
    ],
  ])(
    'an operation that leaves the files while a rule of the API names it: %s',
    async (name, make, message) => {
      const call = api(`seed-sequences-used-${name}`)
      await seed(call, BANK)
      await make(call)
      const report = await seed(call)
      expect(report.errors).toEqual([
        {
          file: 'schemas/bank.json',
          line: null,
          key: null,
          message: expect.stringMatching(message),
        },
        {
          file: 'schemas/bank.json',
          line: null,
          key: null,
          message: expect.stringMatching(message),
        },
      ])
      expect((await call<unknown[]>(`GET ${OPERATIONS}`)).result).toHaveLength(2)
    },
  )

  test('a ref in two files', async () => {
    const report = await seed(
      api('seed-sequences-both'),
      BANK,
      file('a', sequence('one')),
      file('b', sequence('one')),
    )
    expect(report.errors).toEqual([
      {
        file: 'rules/b.yaml',
        line: null,
        key: null,
        message: 'The sequence "one" is in rules/a.yaml too.',
      },
    ])
  })

  test('more of them than there may be', async () => {
    const call = api('seed-sequences-many')
    await save(call, '/balance/{x}', '/transfer/{x}')
    await call(`POST ${RULES}`, { body: sequence('mine') })
    const refs = Array.from({ length: LIMITS.sequenceRulesMax }, (_, n) => `r${n}`)
    const full = await seed(call, file('a', ...refs.map((ref) => sequence(ref))))
    expect(full.errors).toMatchObject([
      { file: 'rules/a.yaml', message: expect.stringContaining('at most 100') },
    ])
    const less = await seed(call, file('a', ...refs.slice(1).map((ref) => sequence(ref))))
    expect(less.errors).toEqual([])
  })
})
