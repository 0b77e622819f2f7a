/** `npm start` as a process of its own, for tests that kill it; whatever runs when a test is done is stopped in good order. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { afterEach } from 'vitest'
import { type Shield, shieldOf } from './shield.ts'

const MAIN = new URL('../../edge/main.ts', import.meta.url).pathname
const ZONE_ID = '023e105f4ecef8ad9ca31a8372d0c353'

let running: ChildProcess[] = []

// Not killed: the Worker's own process would be left behind.
afterEach(async () => {
  const stopping = running.filter((child) => child.exitCode === null && child.signalCode === null)
  running = []
  await Promise.all(
    stopping.map(async (child) => {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }),
  )
})

export type EdgeProcess = { readonly child: ChildProcess; readonly shield: Shield }

/** Resolves once it is ready. */
export async function startEdgeProcess(stateDir: string, originUrl = ''): Promise<EdgeProcess> {
  const settings = { HTTP_PORT: '0', HTTPS_PORT: '0', STATE_DIR: stateDir, SEED: '0' }
  const child = spawn(process.execPath, [MAIN], {
    env: { ...process.env, ...settings, ORIGIN_URL: originUrl },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  running.push(child)
  for await (const line of createInterface({ input: child.stdout })) {
    const [word, httpsUrl = '', httpUrl = ''] = line.split(' ')
    if (word !== 'ready') continue
    const apiToken = readFileSync(`${stateDir}/api-token`, 'utf8').trim()
    const edge = { httpUrl, httpsUrl, apiToken, zoneId: ZONE_ID } as Shield['edge']
    return { child, shield: shieldOf(edge) }
  }
  throw new Error('it ended before it was ready')
}
