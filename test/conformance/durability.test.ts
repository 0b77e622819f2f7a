import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach, describe, expect, test } from 'vitest'
import { makeTemporaryDirectory } from '../support/edge.ts'
import { type Shield, shieldOf } from '../support/shield.ts'

const MAIN = new URL('../../edge/main.ts', import.meta.url).pathname
let running: ChildProcess[] = []

afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running = []
})

/** `npm start` as a process of its own. */
async function start(stateDir: string): Promise<{ child: ChildProcess; shield: Shield }> {
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, HTTP_PORT: '0', HTTPS_PORT: '0', STATE_DIR: stateDir, SEED: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, httpsUrl = '', httpUrl = ''] = line.split(' ')
    if (word !== 'ready') continue
    const apiToken = readFileSync(`${stateDir}/api-token`, 'utf8').trim()
    const zoneId = '023e105f4ecef8ad9ca31a8372d0c353'
    const edge = { httpUrl, httpsUrl, apiToken, zoneId } as Shield['edge']
    return { child, shield: shieldOf(edge) }
  }
  throw new Error('it ended before it was ready')
}

type Operation = { operation_id: string; endpoint: string }

describe('what was acknowledged', () => {
  test('survives kill -9 right after the answer, and is enforced at the next start', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = await start(stateDir)
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

    const second = await start(stateDir)
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
