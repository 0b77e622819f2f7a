import { describe, expect, test } from 'vitest'
import type {
  ListHead,
  ListItem,
  Ruleset,
  SeedReport,
} from '../../../../worker/storage/resources.ts'
import { A, api, type Caller, portsOf, Z } from '../../../support/management.ts'

const LISTS = `${A}/rules/lists`
const PHASE = 'http_request_firewall_custom'
const ENTRYPOINT = `${Z}/rulesets/phases/${PHASE}/entrypoint`

type File = { readonly path: string; readonly content: string }

const file = (name: string, content: object): File => ({
  path: `rules/${name}.yaml`,
  // JSON is YAML.
  content: JSON.stringify(content),
})

const rule = (ref: string, more: object = {}) => ({
  ref,
  action: 'log',
  expression: `http.host eq "${ref}"`,
  ...more,
})

const entry = (...rules: object[]) => ({ phase: PHASE, rules })
const custom = (name: string, ...rules: object[]) => ({ kind: 'custom', name, phase: PHASE, rules })

async function seed(call: Caller, ...files: readonly File[]): Promise<SeedReport> {
  const reply = await call<SeedReport>(`PUT ${Z}/portcullis/seed`, { body: { files } })
  expect(reply.status).toBe(200)
  return reply.result
}

async function commits(call: Caller): Promise<number> {
  return (await call<unknown[]>(`GET ${Z}/portcullis/audit`)).result.length
}

const execute = (name: string) =>
  rule('run', { action: 'execute', action_parameters: { id: name } })

describe('custom rulesets of files', () => {
  test('are made, and what names them by name gets their ids', async () => {
    const call = api('seed-custom')
    const skip = rule('trust', {
      action: 'skip',
      action_parameters: { rules: { basics: ['b2'], current: ['last'] } },
    })
    const report = await seed(
      call,
      file('a', entry(skip, execute('basics'), rule('last'))),
      file('b', custom('basics', rule('b1'), rule('b2'))),
    )
    expect(report.errors).toEqual([])
    expect(report.created).toEqual([
      'rule/trust',
      'rule/run',
      'rule/last',
      'ruleset/basics',
      'rule/basics/b1',
      'rule/basics/b2',
    ])
    const [basics] = (await call<Ruleset[]>(`GET ${A}/rulesets`)).result
    const { result: target } = await call<Ruleset>(`GET ${A}/rulesets/${basics?.id}`)
    const { result: zone } = await call<Ruleset>(`GET ${ENTRYPOINT}`)
    expect(zone.rules.map((each) => each.action_parameters)).toEqual([
      { rules: { [target.id]: [target.rules[1]?.id], [zone.id]: [zone.rules[2]?.id] } },
      { id: target.id },
      undefined,
    ])
  })

  test('a second time changes nothing and commits nothing', async () => {
    const call = api('seed-custom-twice')
    const files = [file('a', entry(execute('basics'))), file('b', custom('basics', rule('b1')))]
    await seed(call, ...files)
    const before = await commits(call)
    expect(await seed(call, ...files)).toMatchObject({ created: [], updated: [], unchanged: 2 })
    expect(await commits(call)).toBe(before)
  })

  test('follow the files, keep their ids, and keep a version', async () => {
    const call = api('seed-custom-follow')
    await seed(call, file('b', custom('basics', rule('b1'), rule('b2'))))
    const [before] = (await call<Ruleset[]>(`GET ${A}/rulesets`)).result
    const report = await seed(call, file('c', custom('basics', rule('b2'), rule('b3'))))
    expect(report).toMatchObject({ created: ['rule/basics/b3'], deleted: ['rule/basics/b1'] })
    const after = await call<Ruleset>(`GET ${A}/rulesets/${before?.id}`)
    expect(after.result).toMatchObject({ version: '2', rules: [{ ref: 'b2' }, { ref: 'b3' }] })
    expect((await call(`GET ${A}/rulesets/${before?.id}/versions`)).result).toHaveLength(2)
    const gone = await seed(call)
    expect(gone.deleted).toEqual(['rule/basics/b2', 'rule/basics/b3', 'ruleset/basics'])
    expect((await call(`GET ${A}/rulesets`)).result).toEqual([])
    const { documents } = await portsOf('seed-custom-follow').zone.read({
      provenance: 'all',
      ruleset_version: 'all',
      ruleset_history: 'all',
    })
    expect(Object.values(documents).flat()).toEqual([])
  })

  test('of the API are left to it, and rules of files may execute them', async () => {
    const call = api('seed-custom-api')
    const body = custom('basics', rule('mine'))
    const { result } = await call<Ruleset>(`POST ${A}/rulesets`, { body })
    const report = await seed(
      call,
      file('a', entry(execute('basics'))),
      file('b', custom('basics', rule('b1'))),
    )
    expect(report).toMatchObject({ created: ['rule/run'], left_alone: ['rule/basics/b1'] })
    const zone = await call<Ruleset>(`GET ${ENTRYPOINT}`)
    expect(zone.result.rules[0]?.action_parameters).toEqual({ id: result.id })
    expect((await call(`GET ${A}/rulesets/${result.id}`)).result).toEqual(result)
  })

  test('an account entry point and rate limits are files too', async () => {
    const call = api('seed-root')
    const ratelimit = { characteristics: ['ip.src'], period: 60, requests_per_period: 5 }
    const limit = rule('slow', { action: 'block', ratelimit })
    const report = await seed(
      call,
      file('a', { kind: 'root', ...entry(rule('first')) }),
      file('b', { phase: 'http_ratelimit', rules: [limit] }),
    )
    expect(report.errors).toEqual([])
    const root = await call<Ruleset>(`GET ${A}/rulesets/phases/${PHASE}/entrypoint`)
    expect(root.result.rules).toMatchObject([{ ref: 'first' }])
    const rates = await call<Ruleset>(`GET ${Z}/rulesets/phases/http_ratelimit/entrypoint`)
    expect(rates.result.rules).toMatchObject([{ ref: 'slow', ratelimit }])
  })
})

describe('lists of files', () => {
  const list = (...items: unknown[]) => ({ lists: [{ name: 'office', kind: 'ip', items }] })

  async function storedItems(call: Caller): Promise<ListItem[]> {
    const [head] = (await call<ListHead[]>(`GET ${LISTS}`)).result
    return (await call<ListItem[]>(`GET ${LISTS}/${head?.id}/items`)).result
  }

  test('are made before the rules of any file that name them', async () => {
    const call = api('seed-lists')
    const asking = entry(rule('r', { expression: 'ip.src in $office' }))
    const report = await seed(call, file('a', asking), file('z', list('192.0.2.1')))
    expect(report).toMatchObject({ errors: [], created: ['list/office', 'rule/r'] })
    expect(await storedItems(call)).toMatchObject([{ ip: '192.0.2.1' }])
    expect(await seed(call, file('a', asking), file('z', list('192.0.2.1')))).toMatchObject({
      created: [],
      updated: [],
      unchanged: 2,
    })
  })

  test('are complete: items that stay keep their ids, the others go', async () => {
    const call = api('seed-lists-follow')
    await seed(call, file('z', list('192.0.2.1', '192.0.2.2')))
    const before = await storedItems(call)
    const report = await seed(call, file('z', list('192.0.2.3', '192.0.2.2')))
    expect(report.updated).toEqual(['list/office'])
    const after = await storedItems(call)
    expect(new Set(after.map(({ ip }) => ip))).toEqual(new Set(['192.0.2.2', '192.0.2.3']))
    expect(after.find(({ ip }) => ip === '192.0.2.2')).toEqual(before[1])
    expect((await seed(call)).deleted).toEqual(['list/office'])
    const { documents } = await portsOf('seed-lists-follow').zone.read({
      list: 'all',
      list_head: 'all',
      provenance: 'all',
    })
    expect(Object.values(documents).flat()).toEqual([])
  })

  test('of the API are left to it, and may be named', async () => {
    const call = api('seed-lists-api')
    await call(`POST ${LISTS}`, { body: { name: 'office', kind: 'ip' } })
    const asking = entry(rule('r', { expression: 'ip.src in $office' }))
    const report = await seed(call, file('a', asking), file('z', list('192.0.2.1')))
    expect(report).toMatchObject({ errors: [], left_alone: ['list/office'] })
    expect(await storedItems(call)).toEqual([])
  })
})

describe('an error applies nothing and names the file', () => {
  const office = { name: 'office', kind: 'ip', items: [] }

  test.each([
    [
      'an execute of nothing',
      [file('a', entry(execute('nowhere')))],
      'rules/a.yaml',
      'run.action_parameters.id',
    ],
    [
      'a skip of an unknown rule',
      [
        file(
          'a',
          entry(rule('s', { action: 'skip', action_parameters: { rules: { current: ['x'] } } })),
        ),
      ],
      'rules/a.yaml',
      's.action_parameters.rules.',
    ],
    [
      'an unknown list',
      [file('a', entry(rule('r', { expression: 'ip.src in $nowhere' })))],
      'rules/a.yaml',
      'rules[0].expression',
    ],
    [
      'a custom ruleset in two files',
      [file('a', custom('x')), file('b', custom('x'))],
      'rules/b.yaml',
      null,
    ],
    [
      'a list in two files',
      [file('a', { lists: [office] }), file('b', { lists: [office] })],
      'rules/b.yaml',
      null,
    ],
  ])('%s', async (name, files, path, key) => {
    const call = api(`seed-error-${name}`)
    const report = await seed(call, ...files)
    expect(report.created).toEqual([])
    expect(report.errors).toHaveLength(1)
    expect(report.errors[0]).toMatchObject({ file: path })
    expect(report.errors[0]?.key?.startsWith(key ?? '') ?? null).toBe(key === null ? null : true)
    expect((await call(`GET ${A}/rulesets`)).result).toEqual([])
    expect((await call(`GET ${LISTS}`)).result).toEqual([])
  })

  test('a list or a custom ruleset that the API uses cannot go', async () => {
    const call = api('seed-error-used')
    await seed(call, file('a', custom('basics')), file('b', { lists: [office] }))
    const [basics] = (await call<Ruleset[]>(`GET ${A}/rulesets`)).result
    const rules = [
      { ref: 'asks', action: 'log', expression: 'ip.src in $office' },
      { ref: 'runs', action: 'execute', expression: 'ssl', action_parameters: { id: basics?.id } },
    ]
    expect((await call(`PUT ${ENTRYPOINT}`, { body: { rules } })).errors).toEqual([])
    const list = await seed(call, file('a', custom('basics')))
    expect(list.errors).toMatchObject([{ file: 'rules/b.yaml' }])
    expect(list.errors[0]?.message).toContain('asks')
    const ruleset = await seed(call, file('b', { lists: [office] }))
    expect(ruleset.errors).toMatchObject([{ file: 'rules/a.yaml' }])
    expect(ruleset.errors[0]?.message).toContain('runs')
  })

  test('a list that a token validation rule uses cannot go', async () => {
    const call = api('seed-error-token-rule')
    await seed(call, file('b', { lists: [office] }))
    const body = {
      title: 'Guests',
      description: '',
      action: 'log',
      enabled: false,
      expression: 'ip.src in $office',
      selector: {},
    }
    expect((await call(`POST ${Z}/token_validation/rules`, { body })).errors).toEqual([])
    const report = await seed(call)
    expect(report.errors).toMatchObject([{ file: 'rules/b.yaml' }])
    expect(report.errors[0]?.message).toContain('the token validation rule "Guests"')
  })

  test('the kind of a list never changes', async () => {
    const call = api('seed-error-kind')
    await seed(call, file('b', { lists: [office] }))
    const report = await seed(call, file('b', { lists: [{ ...office, kind: 'asn' }] }))
    expect(report.errors).toMatchObject([{ file: 'rules/b.yaml' }])
  })
})
