import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { Ruleset } from '../../../../worker/storage/resources.ts'
import { api, type Caller, portsOf, Z } from '../../../support/management.ts'

const ENTRYPOINT = `${Z}/rulesets/phases/http_request_firewall_custom/entrypoint`

/** The entry point after so many changes, one version each. */
async function changed(call: Caller, times: number): Promise<Ruleset> {
  let ruleset: Ruleset | undefined
  for (let n = 1; n <= times; n++) {
    const rules = [{ ref: 'r', action: 'log', expression: `http.host eq "v${n}"` }]
    ruleset = (await call<Ruleset>(`PUT ${ENTRYPOINT}`, { body: { rules } })).result
  }
  if (ruleset === undefined) throw new Error('no changes')
  return ruleset
}

const versionsOf = (versions: readonly Ruleset[]) => versions.map(({ version }) => version)

describe('200', () => {
  test('every version is kept, newest first, with what it said', async () => {
    const call = api('versions-list')
    const { id } = await changed(call, 3)
    for (const path of [ENTRYPOINT, `${Z}/rulesets/${id}`]) {
      const list = await call<Ruleset[]>(`GET ${path}/versions`)
      expect(versionsOf(list.result)).toEqual(['3', '2', '1'])
      expect(list.result.every((each) => each.id === id && !('rules' in each))).toBe(true)
      const first = await call<Ruleset>(`GET ${path}/versions/1`)
      expect(first.result).toMatchObject({
        id,
        version: '1',
        rules: [{ version: '1', expression: 'http.host eq "v1"' }],
      })
      expect((await call<Ruleset>(`GET ${path}/versions/3`)).result.version).toBe('3')
    }
  })

  test('a deleted version is gone, and its number is not used again', async () => {
    const call = api('versions-delete')
    const { id } = await changed(call, 2)
    const path = `${Z}/rulesets/${id}/versions`
    expect((await call(`DELETE ${path}/1?dry_run=true`)).status).toBe(204)
    expect((await call(`GET ${path}/1`)).status).toBe(200)
    expect((await call(`DELETE ${path}/1`)).status).toBe(204)
    expect((await call(`GET ${path}/1`)).status).toBe(404)
    expect((await changed(call, 1)).version).toBe('3')
    expect(versionsOf((await call<Ruleset[]>(`GET ${path}`)).result)).toEqual(['3', '2'])
  })

  test('the oldest make room, and nothing of them stays behind', async () => {
    const ports = portsOf('versions-bound')
    const call = api('versions-bound')
    const { id } = await changed(call, LIMITS.rulesetVersionsMax + 2)
    const list = await call<Ruleset[]>(`GET ${Z}/rulesets/${id}/versions`)
    expect(list.result).toHaveLength(LIMITS.rulesetVersionsMax)
    expect(list.result.at(-1)?.version).toBe('3')
    const selection = { ruleset_version: 'all', ruleset_history: 'all' } as const
    const before = await ports.zone.read(selection)
    expect(before.documents.ruleset_version).toHaveLength(LIMITS.rulesetVersionsMax - 1)
    await call(`DELETE ${Z}/rulesets/${id}`)
    const after = await ports.zone.read(selection)
    expect(after.documents.ruleset_version).toEqual([])
    expect(after.documents.ruleset_history).toEqual([])
  })
})

describe('404', () => {
  test.each(['9', '0', 'x', '1%2F2'])('version %s', async (version) => {
    const call = api('versions-404')
    const { id } = await changed(call, 1)
    const path = `${Z}/rulesets/${id}/versions/${version}`
    expect((await call(`GET ${path}`)).status).toBe(404)
    expect((await call(`DELETE ${path}`)).status).toBe(404)
  })

  test('of a phase without entry point', async () => {
    const reply = await api('versions-none')(`GET ${ENTRYPOINT}/versions`)
    expect(reply).toMatchObject({ status: 404, errors: [{ code: 10003 }] })
  })
})

describe('409', () => {
  test('the current version stays', async () => {
    const call = api('versions-current')
    const { id } = await changed(call, 2)
    const reply = await call(`DELETE ${Z}/rulesets/${id}/versions/2`)
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1405 }] })
    expect(reply.headers.get('x-should-retry')).toBe('false')
  })
})
