/** Limits and sequences as clients meet them: real sockets, the official SDK, a shield that is killed. */
import { once } from 'node:events'
import Cloudflare from 'cloudflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/edge.ts'
import { startEdgeProcess } from '../support/edge-process.ts'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

type Operation = { readonly operation_id: string }

let origin: Origin
let shield: Shield

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url })
})

afterAll(async () => {
  await shield?.edge.stop()
  origin?.server.close()
})

const KEYED = 'http.request.headers["x-key"]'

async function statuses(of: Shield, times: number, path: string, init: RequestInit = {}) {
  const seen: number[] = []
  for (let n = 0; n < times; n++) {
    const response = await fetch(`${of.edge.httpUrl}${path}`, init)
    await response.arrayBuffer()
    seen.push(response.status)
  }
  return seen
}

describe('a limit made with the official SDK', () => {
  test('lets exactly as many of 200 parallel clients through', async () => {
    const { edge } = shield
    const client = new Cloudflare({
      apiToken: edge.apiToken,
      baseURL: `${edge.httpUrl}/client/v4`,
    })
    await client.rulesets.phases.update('http_ratelimit', {
      zone_id: edge.zoneId,
      rules: [
        {
          action: 'block',
          expression: 'starts_with(http.request.uri.path, "/limited")',
          ratelimit: {
            characteristics: ['cf.colo.id', KEYED],
            period: 600,
            requests_per_period: 50,
            mitigation_timeout: 0,
          },
        },
      ],
    })
    const before = origin.seen.length
    const responses = await Promise.all(
      Array.from({ length: 200 }, (_, n) =>
        fetch(`${edge.httpUrl}/limited/${n}`, { headers: { 'x-key': 'one' } }),
      ),
    )
    expect(responses.filter(({ status }) => status === 200)).toHaveLength(50)
    expect(responses.filter(({ status }) => status === 429)).toHaveLength(150)
    expect(origin.seen.length - before).toBe(50)
    const refused = responses.find(({ status }) => status === 429)
    expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(500)
    expect(refused?.headers.get('ratelimit-policy')).toBe('"limit";q=50;w=600')
    await Promise.all(responses.map((response) => response.arrayBuffer()))
  })
})

describe('a session that was blocked', () => {
  test('is found by the id in its event, and can be made forgotten', async () => {
    await shield.api('PUT /zones/{zone}/api_gateway/configuration', {
      auth_id_characteristics: [{ type: 'header', name: 'x-session' }],
    })
    await shield.api('PUT /zones/{zone}/rulesets/phases/http_ratelimit/entrypoint', {
      rules: [
        {
          action: 'block',
          expression: 'true',
          ratelimit: {
            characteristics: ['cf.portcullis.session.client'],
            period: 60,
            requests_per_period: 1,
            mitigation_timeout: 3_600,
          },
        },
      ],
    })
    const headers = { 'x-session': 'somebody' }
    expect(await statuses(shield, 1, '/a', { headers })).toEqual([200])
    const blocked = await fetch(`${shield.edge.httpUrl}/a`, { headers })
    const { instance } = JSON.parse(await blocked.text()) as { instance: string }
    expect(blocked.status).toBe(429)
    const [event] = await shield.events(instance)
    const session = event?.session_id ?? ''
    const report = await shield.api(`GET /zones/{zone}/portcullis/sessions/${session}`)
    expect(report).toMatchObject({
      session_id: session,
      rate_limits: [{ used: 1, limit: 1, blocked_until: expect.any(String) }],
    })
    expect(JSON.stringify(report)).not.toContain('somebody')
    await shield.api(`DELETE /zones/{zone}/portcullis/sessions/${session}`)
    await expect(shield.api(`GET /zones/{zone}/portcullis/sessions/${session}`)).rejects.toThrow(
      /1008/,
    )
    // The isolate may remember the block for a few seconds.
    await expect
      .poll(async () => (await statuses(shield, 1, '/a', { headers }))[0], { timeout: 15_000 })
      .toBe(200)
  })
})

describe('kill -9', () => {
  test('resets no window that is full, no block, and nothing that forbids', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = await startEdgeProcess(stateDir, origin.url)
    await first.shield.api('PUT /zones/{zone}/api_gateway/configuration', {
      auth_id_characteristics: [{ type: 'header', name: 'x-session' }],
    })
    const transfer = await first.shield.api<Operation>(
      'POST /zones/{zone}/api_gateway/operations/item',
      { method: 'POST', host: '127.0.0.1', endpoint: '/transfers/{id}' },
    )
    expect(transfer.operation_id).toBeTruthy()
    await first.shield.api('POST /zones/{zone}/portcullis/sequence_rules', {
      ref: 'never-twice',
      forbid: [
        { operation: 'POST 127.0.0.1/transfers/{from}' },
        { operation: 'POST 127.0.0.1/transfers/{to}', immediately: true },
      ],
    })
    const limit = { characteristics: [KEYED], period: 600, requests_per_period: 6 }
    await first.shield.api('PUT /zones/{zone}/rulesets/phases/http_ratelimit/entrypoint', {
      rules: [
        { action: 'block', expression: 'http.request.uri.path eq "/window"', ratelimit: limit },
        {
          action: 'block',
          expression: 'http.request.uri.path eq "/blocked"',
          ratelimit: { ...limit, period: 1, mitigation_timeout: 600 },
        },
      ],
    })
    const headers = { 'x-key': 'k', 'x-session': 's' }
    expect(await statuses(first.shield, 6, '/window', { headers })).not.toContain(429)
    expect((await statuses(first.shield, 8, '/blocked', { headers })).at(-1)).toBe(429)
    const post = { method: 'POST', headers }
    expect(await statuses(first.shield, 1, '/transfers/1', post)).toEqual([200])
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await startEdgeProcess(stateDir, origin.url)
    expect(await statuses(second.shield, 2, '/window', { headers })).toEqual([429, 429])
    expect(await statuses(second.shield, 2, '/blocked', { headers })).toEqual([429, 429])
    expect(await statuses(second.shield, 1, '/transfers/2', post)).toEqual([403])
  })
})
