import { describe, expect, test } from 'vitest'
import type { FieldSource } from '#engines/expressions'
import { compileLists, compilePlan, type RulesetInput, walk } from '#engines/rulesets'

const SOURCE: FieldSource = { field: () => true, entry: () => undefined, list: () => undefined }
const REQUEST = { host: 'a.example', method: 'GET', path: '/x' }
const PHASE = 'http_request_firewall_custom'

type Draft = Partial<RulesetInput['rules'][number]> & { readonly action: string }

function ruleset(id: string, kind: string, rules: readonly Draft[]): RulesetInput {
  const filled = rules.map((rule, n) =>
    Object.assign({ id: `${id}-${n}`, description: '', enabled: true, expression: 'ssl' }, rule),
  )
  return { id, kind, phase: PHASE, rules: filled }
}

type Setup = {
  readonly rulesets: readonly RulesetInput[]
  readonly schema?: readonly string[]
  readonly failing?: string
  readonly passedOver?: string
}

/** What a walk noted, in order, and how it ended. Every expression is `ssl`, which holds. */
async function walked({ rulesets, schema = [], failing, passedOver }: Setup) {
  const plan = compilePlan({
    rulesets,
    graphql: { unparsed: 'none', isRegisteredOnly: false },
    tokens: [],
    schema: { logged: new Set(), blocked: new Set(schema) },
    sequences: [],
    lists: compileLists([]),
    needs: () => null,
  })
  const asked: string[] = []
  const result = await walk({
    plan,
    request: REQUEST,
    operationId: 'op',
    source: SOURCE,
    prepare(rule) {
      asked.push(rule.id)
      if (rule.id === passedOver) return Promise.resolve({ kind: 'pass_over' })
      if (rule.id !== failing) return null
      return Promise.resolve({ kind: 'failed', failure: 'broken' })
    },
  })
  const noted = result.noted.map(({ id }) => id)
  return { asked, noted, end: result.end, by: result.end === 'blocked' ? result.rule.id : null }
}

const skip = (action_parameters: Draft['action_parameters'], logging?: Draft['logging']) =>
  Object.assign(
    { action: 'skip', action_parameters },
    logging === undefined ? {} : { logging },
  ) as Draft

describe('the walk', () => {
  test('notes logs, stops at the first block and asks nothing after it', async () => {
    const rules = [{ action: 'log' }, { action: 'block' }, { action: 'log' }]
    expect(await walked({ rulesets: [ruleset('z', 'zone', rules)] })).toEqual({
      asked: ['z-0', 'z-1'],
      noted: ['z-0'],
      end: 'blocked',
      by: 'z-1',
    })
  })

  test('takes the account’s entry point before the zone’s, whatever their order', async () => {
    const rulesets = [
      ruleset('z', 'zone', [{ action: 'log' }]),
      ruleset('r', 'root', [{ action: 'log' }]),
    ]
    expect((await walked({ rulesets })).noted).toEqual(['r-0', 'z-0'])
  })

  test('passes rules that are switched off, and custom rulesets that nobody executes', async () => {
    const rulesets = [
      ruleset('z', 'zone', [{ action: 'block', enabled: false }]),
      ruleset('c', 'custom', [{ action: 'block' }]),
    ]
    expect(await walked({ rulesets })).toMatchObject({ asked: [], end: 'passed' })
  })

  test('ends at a rule that could not be prepared: it has let nobody through', async () => {
    const rules = [{ action: 'log' }, { action: 'block' }]
    expect(await walked({ rulesets: [ruleset('z', 'zone', rules)], failing: 'z-0' })).toMatchObject(
      {
        asked: ['z-0'],
        end: 'failed',
      },
    )
  })

  test('passes over a rule that cannot be asked and is set not to stop anybody then', async () => {
    const rules = [{ action: 'block' }, { action: 'log' }]
    const rulesets = [ruleset('z', 'zone', rules)]
    expect(await walked({ rulesets, passedOver: 'z-0' })).toMatchObject({
      noted: ['z-1'],
      end: 'passed',
    })
  })

  test('ends with schema validation, for the operations concerned only', async () => {
    const rulesets = [ruleset('z', 'zone', [{ action: 'log' }])]
    expect(await walked({ rulesets, schema: ['op'] })).toMatchObject({
      noted: ['z-0'],
      by: 'schema-validation-block',
    })
    expect(await walked({ rulesets, schema: ['other'] })).toMatchObject({ end: 'passed' })
  })
})

test('the condition `true` always holds, as Cloudflare writes it to execute a ruleset for all', async () => {
  const always = { action: 'block', expression: ' true ' }
  expect(await walked({ rulesets: [ruleset('z', 'zone', [always])] })).toMatchObject({ by: 'z-0' })
})

describe('execute', () => {
  const execute = { action: 'execute', action_parameters: { id: 'c' } }

  test('runs the custom ruleset in its place, and a block there is a block', async () => {
    const rulesets = [
      ruleset('z', 'zone', [{ action: 'log' }, execute, { action: 'log' }]),
      ruleset('c', 'custom', [{ action: 'log' }, { action: 'block' }]),
    ]
    expect(await walked({ rulesets })).toMatchObject({ noted: ['z-0', 'c-0'], by: 'c-1' })
  })

  test('goes on after it when nothing there blocks', async () => {
    const rulesets = [
      ruleset('z', 'zone', [execute, { action: 'block' }]),
      ruleset('c', 'custom', [skip({ ruleset: 'current' }), { action: 'block' }]),
    ]
    expect(await walked({ rulesets })).toMatchObject({ noted: ['c-0'], by: 'z-1' })
  })

  test.each([
    { name: 'nothing', target: 'gone', from: 'zone' },
    { name: 'an entry point', target: 'z', from: 'zone' },
    { name: 'from a custom ruleset', target: 'c', from: 'custom' },
  ])('of $name is refused as a whole', async ({ target, from }) => {
    const rulesets = [
      ruleset('z', 'zone', [
        { action: 'execute', action_parameters: { id: from === 'zone' ? target : 'd' } },
      ]),
      ruleset('d', 'custom', [{ action: 'execute', action_parameters: { id: target } }]),
      ruleset('c', 'custom', []),
    ]
    await expect(walked({ rulesets })).rejects.toThrow('executes')
  })
})

describe('skip', () => {
  const block = { action: 'block' }

  test.each<{ name: string; rules: readonly Draft[]; expected: object }>([
    {
      name: 'the rest of the ruleset',
      rules: [skip({ ruleset: 'current' }), block],
      expected: { noted: ['z-0'], by: 'schema-validation-block' },
    },
    {
      name: 'a later phase',
      rules: [skip({ phases: ['schema_validation'] }), { action: 'log' }],
      expected: { noted: ['z-0', 'z-1'], end: 'passed' },
    },
    {
      name: 'the phase it stands in',
      rules: [skip({ phases: [PHASE] }), block],
      expected: { noted: ['z-0'], by: 'schema-validation-block' },
    },
    {
      name: 'a rule by its id',
      rules: [skip({ rules: { z: ['z-1'] } }), block, { action: 'log' }],
      expected: { noted: ['z-0', 'z-2'], by: 'schema-validation-block' },
    },
    {
      name: 'a ruleset that would be executed',
      rules: [skip({ rulesets: ['c'] }), { action: 'execute', action_parameters: { id: 'c' } }],
      expected: { noted: ['z-0'], by: 'schema-validation-block' },
    },
    {
      name: 'without a note',
      rules: [skip({ ruleset: 'current' }, { enabled: false }), block],
      expected: { noted: [], by: 'schema-validation-block' },
    },
  ])('passes over $name', async ({ rules, expected }) => {
    const rulesets = [ruleset('z', 'zone', rules), ruleset('c', 'custom', [block])]
    expect(await walked({ rulesets, schema: ['op'] })).toMatchObject(expected)
  })

  test('of a phase ends that phase also from within an executed ruleset, and for the zone', async () => {
    const rulesets = [
      ruleset('r', 'root', [{ action: 'execute', action_parameters: { id: 'c' } }, block]),
      ruleset('c', 'custom', [skip({ phases: [PHASE] }), block]),
      ruleset('z', 'zone', [block]),
    ]
    expect(await walked({ rulesets })).toMatchObject({ noted: ['c-0'], end: 'passed' })
  })

  test('adds up', async () => {
    const rules = [skip({ rules: { z: ['z-2'] } }), skip({ phases: ['schema_validation'] }), block]
    const rulesets = [ruleset('z', 'zone', rules)]
    expect(await walked({ rulesets, schema: ['op'] })).toMatchObject({ end: 'passed' })
  })
})
