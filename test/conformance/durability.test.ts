import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/edge.ts'
import { startEdgeProcess } from '../support/edge-process.ts'

type Operation = { operation_id: string; endpoint: string }

describe('what was acknowledged', () => {
  test('survives kill -9 right after the answer, and is enforced at the next start', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = await startEdgeProcess(stateDir)
    for (let n = 0; n < 5; n++) {
      await first.shield.api('POST /zones/{zone}/api_gateway/operations/item', {
        method: 'GET',
        host: '127.0.0.1',
        endpoint: `/n/${n}`,
      })
    }
    await first.shield.api(
      'PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint',
      { rules: [{ action: 'block', expression: 'cf.api_gateway.fallthrough_detected' }] },
    )
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')

    const second = await startEdgeProcess(stateDir)
    const operations = await second.shield.api<Operation[]>(
      'GET /zones/{zone}/api_gateway/operations',
    )
    expect(operations.map((o) => o.endpoint)).toEqual(['/n/0', '/n/1', '/n/2', '/n/3', '/n/4'])
    expect((await fetch(`${second.shield.edge.httpUrl}/unknown`)).status).toBe(403)
    expect((await fetch(`${second.shield.edge.httpUrl}/n/1`)).status).not.toBe(403)
    second.child.kill('SIGTERM')
    const [code] = await once(second.child, 'exit')
    expect(code).toBe(0)
  })
})
