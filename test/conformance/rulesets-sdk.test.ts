/**
 * All methods of `rulesets` of the official SDK, on the zone and on the account, against the shield on the local edge.
 * Every answer is held against Cloudflare's own description of that call.
 */
import { ConflictError, NotFoundError } from 'cloudflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { startShield } from '../support/shield.ts'
import { requireContract } from './management-contract.ts'
import { all, checkExchanges, recordingClient, type Recording } from './recording.ts'

const PHASE = 'http_request_firewall_custom'

let edge: Edge
let recording: Recording

beforeAll(async () => {
  edge = (await startShield({ originUrl: 'http://origin.invalid' })).edge
  recording = recordingClient(edge)
})

afterAll(async () => {
  await edge?.stop()
})

/** The client has no type for a ruleset that comes back. */
type Ruleset = {
  readonly id: string
  readonly version: string
  readonly rules: readonly { readonly id: string }[]
}

const rulesetIn = (answer: unknown) => answer as Ruleset

const logging = (host: string) => ({ action: 'log', expression: `http.host eq "${host}"` }) as const

describe.each(['zone', 'account'] as const)('on the %s', (scope) => {
  const owner = () => (scope === 'zone' ? { zone_id: edge.zoneId } : { account_id: edge.accountId })
  const kind = scope === 'zone' ? 'zone' : 'root'
  let id = ''

  test('create and get', async () => {
    const { rulesets } = recording.client
    const rules = [logging('a.example'), logging('b.example')]
    const dry = { ...owner(), kind, name: 'mine', phase: PHASE, rules } as const
    await rulesets.create({ ...dry, dry_run: true })
    expect(await all(rulesets.list(owner()))).toEqual([])
    const created = rulesetIn(await rulesets.create(dry))
    expect(created).toMatchObject({ kind, name: 'mine', phase: PHASE, version: '1', rules })
    id = created.id
    expect(await rulesets.get(id, owner())).toEqual(created)
  })

  test('list', async () => {
    const { rulesets } = recording.client
    await rulesets.phases.update('http_ratelimit', {
      ...owner(),
      rules: [
        {
          action: 'block',
          expression: 'http.request.uri.path eq "/login"',
          ratelimit: {
            characteristics: ['cf.colo.id', 'ip.src'],
            period: 60,
            requests_per_period: 5,
            mitigation_timeout: 600,
          },
        },
      ],
    })
    const listed = await all(rulesets.list({ ...owner(), per_page: 1 }))
    expect(listed.map(({ phase }) => phase)).toEqual([PHASE, 'http_ratelimit'])
  })

  test('update, and phases.get and update', async () => {
    const { rulesets } = recording.client
    const rules = [logging('c.example')]
    const updated = rulesetIn(await rulesets.update(id, { ...owner(), rules }))
    expect(updated).toMatchObject({ id, version: '2', rules: [logging('c.example')] })
    expect(await rulesets.phases.get(PHASE, owner())).toEqual(updated)
    const replaced = await rulesets.phases.update(PHASE, { ...owner(), description: 'd' })
    expect(replaced).toMatchObject({ id, version: '3', description: 'd', rules: updated.rules })
  })

  test('rules: create, edit, delete', async () => {
    const { rules } = recording.client.rulesets
    const added = rulesetIn(
      await rules.create(id, {
        ...owner(),
        ...logging('first.example'),
        position: { before: '' },
      }),
    )
    expect(added.rules).toMatchObject([logging('first.example'), logging('c.example')])
    const ruleId = added.rules[0]?.id ?? ''
    const response = { status_code: 429, content: 'slow', content_type: 'text/plain' }
    const edited = rulesetIn(
      await rules.edit(ruleId, {
        ...owner(),
        ruleset_id: id,
        action: 'block',
        action_parameters: { response },
        position: { index: 2 },
      }),
    )
    expect(edited.rules[1]).toMatchObject({ id: ruleId, action: 'block', version: '2' })
    const left = rulesetIn(await rules.delete(ruleId, { ...owner(), ruleset_id: id }))
    expect(left.rules).toHaveLength(1)
  })

  test('versions: list, get, delete; phases.versions: list, get', async () => {
    const { versions, phases } = recording.client.rulesets
    const listed = await all(versions.list(id, owner()))
    expect(listed.map(({ version }) => version)).toEqual(['6', '5', '4', '3', '2', '1'])
    const first = await versions.get('1', { ...owner(), ruleset_id: id })
    expect(first.rules).toHaveLength(2)
    expect(await all(phases.versions.list(PHASE, owner()))).toEqual(listed)
    expect(await phases.versions.get('1', { ...owner(), ruleset_phase: PHASE })).toEqual(first)
    await versions.delete('1', { ...owner(), ruleset_id: id })
    await expect(versions.get('1', { ...owner(), ruleset_id: id })).rejects.toBeInstanceOf(
      NotFoundError,
    )
    await expect(versions.delete('6', { ...owner(), ruleset_id: id })).rejects.toBeInstanceOf(
      ConflictError,
    )
  })

  test('delete', async () => {
    const { rulesets } = recording.client
    await rulesets.delete(id, owner())
    await expect(rulesets.get(id, owner())).rejects.toBeInstanceOf(NotFoundError)
  })
})

describe('a custom ruleset of the account', () => {
  test('is executed from the zone, and stays as long', async () => {
    const { rulesets } = recording.client
    const account = { account_id: edge.accountId }
    const zone = { zone_id: edge.zoneId }
    const custom = rulesetIn(
      await rulesets.create({
        ...account,
        kind: 'custom',
        name: 'basics',
        phase: PHASE,
        rules: [
          {
            action: 'skip',
            expression: 'ip.src in {192.0.2.0/24}',
            action_parameters: { ruleset: 'current' },
            logging: { enabled: false },
          },
          logging('a.example'),
        ],
      }),
    )
    const action_parameters = { id: custom.id }
    const rules = [{ action: 'execute', expression: 'ssl', action_parameters } as const]
    const saved = rulesetIn(await rulesets.phases.update(PHASE, { ...zone, rules }))
    expect(saved.rules[0]).toMatchObject({ action_parameters: { id: custom.id } })
    await expect(rulesets.delete(custom.id, account)).rejects.toMatchObject({
      status: 409,
      errors: [{ code: 1404 }],
    })
    await rulesets.delete(saved.id, zone)
    await rulesets.delete(custom.id, account)
  })
})

describe("Cloudflare's description", () => {
  test('fits every answer, also the refusals', (context) => {
    const contract = requireContract(context)
    const { coveredCount, wrong } = checkExchanges(contract, recording.exchanges)
    expect(wrong).toEqual([])
    expect(coveredCount).toBeGreaterThan(40)
  })
})
