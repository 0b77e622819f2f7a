/** What is written through the rulesets and lists API is in force for the next request, through the real edge. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

const PHASE = 'http_request_firewall_custom'

let origin: Origin
let shield: Shield
let account: string

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url })
  account = `/accounts/${shield.edge.accountId}`
})

afterAll(async () => {
  await shield?.edge.stop()
  origin?.server.close()
})

async function statusOf(path: string): Promise<number> {
  const response = await fetch(`${shield.edge.httpUrl}${path}`)
  await response.body?.cancel()
  return response.status
}

const at = (path: string) => `http.request.uri.path eq "${path}"`

const setRules = (...rules: object[]) =>
  shield.api<{ id: string; rules: { id: string }[] }>(
    `PUT /zones/{zone}/rulesets/phases/${PHASE}/entrypoint`,
    { rules },
  )

describe('in force at once', () => {
  test('a custom ruleset runs when it is executed, and can be skipped', async () => {
    const custom = await shield.api<{ id: string; rules: { id: string }[] }>(
      `POST ${account}/rulesets`,
      {
        kind: 'custom',
        name: 'basics',
        phase: PHASE,
        rules: [{ action: 'block', expression: 'starts_with(http.request.uri.path, "/closed")' }],
      },
    )
    expect(await statusOf('/closed/1')).toBe(200)
    await setRules(
      {
        action: 'skip',
        expression: at('/closed/ruleset'),
        action_parameters: { rulesets: [custom.id] },
      },
      {
        action: 'skip',
        expression: at('/closed/rule'),
        action_parameters: { rules: { [custom.id]: [custom.rules[0]?.id] } },
      },
      {
        action: 'skip',
        expression: at('/closed/rest'),
        action_parameters: { ruleset: 'current' },
      },
      { action: 'execute', expression: 'not ssl', action_parameters: { id: custom.id } },
    )
    expect(await statusOf('/open')).toBe(200)
    expect(await statusOf('/closed/1')).toBe(403)
    expect(await statusOf('/closed/ruleset')).toBe(200)
    expect(await statusOf('/closed/rule')).toBe(200)
    expect(await statusOf('/closed/rest')).toBe(200)
  })

  test('a list that grows and shrinks, while the rule stays as it is', async () => {
    const { id } = await shield.api<{ id: string }>(`POST ${account}/rules/lists`, {
      name: 'unwanted',
      kind: 'ip',
    })
    await setRules({ action: 'block', expression: 'ip.src in $unwanted' })
    expect(await statusOf('/')).toBe(200)
    const items = `${account}/rules/lists/${id}/items`
    await shield.api(`POST ${items}`, [{ ip: '127.0.0.0/8' }])
    expect(await statusOf('/')).toBe(403)
    await shield.api(`PUT ${items}`, [])
    expect(await statusOf('/')).toBe(200)
  })
})
