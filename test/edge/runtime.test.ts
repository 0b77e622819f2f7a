import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { bundleWorker } from '../../edge/bundle.ts'
import { type Runtime, startRuntime } from '../../edge/runtime.ts'
import { ECHO_WORKER_CONFIG, makeTemporaryDirectory, readText } from '../support/edge.ts'

const directory = makeTemporaryDirectory()
const server = createServer((_request, response) => response.end('private'))
let runtime: Runtime

beforeAll(async () => {
  const bundleDir = join(directory, 'bundle')
  await bundleWorker({ configPath: ECHO_WORKER_CONFIG, outDir: bundleDir })
  const started = await startRuntime({
    workers: [
      { name: 'echo', configPath: ECHO_WORKER_CONFIG, bundleDir, variables: {}, services: {} },
    ],
    storageDir: join(directory, 'storage'),
    onProcess: async () => {},
  })
  if (!started.ok) throw new Error(started.error)
  runtime = started.value
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})

afterAll(async () => {
  await runtime.stop()
  server.close()
})

/** As the edge does: the socket takes the whole URL in the request line. */
function ask(path: string): Promise<string> {
  const { hostname, port } = runtime
  return new Promise((resolve, reject) => {
    const request = get({ hostname, port, path: `http://api.example.com${path}` })
    request.on('response', (answer) => resolve(readText(answer)))
    request.on('error', reject)
  })
}

test('the triggers of wrangler.toml are known and run the scheduled handler', async () => {
  expect(runtime.crons).toEqual(['*/5 * * * *'])
  await runtime.runScheduled('*/5 * * * *')
  expect(await ask('/kept')).toBe('scheduled by */5 * * * *')
})

test('what operators’ URLs name is fetched where private addresses are out of reach', async () => {
  const { port } = server.address() as AddressInfo
  for (const host of ['127.0.0.1', 'localhost']) {
    const url = encodeURIComponent(`http://${host}:${port}/`)
    const answer = await ask(`/fetched?url=${url}`)
    expect(JSON.parse(answer)).toEqual({ platform: true, public_network: false })
  }
})
