import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEdge, type Edge } from '../../edge/start.ts'
import { ECHO_WORKER_CONFIG, makeTemporaryDirectory, startEchoEdge } from '../support/edge.ts'

let edge: Edge

beforeAll(async () => {
  edge = await startEchoEdge()
})

afterAll(async () => {
  await edge.stop()
})

describe('the state directory', () => {
  test('is readable by its owner alone', () => {
    const stateDir = join(edge.certificatePath, '..')
    expect(statSync(stateDir).mode & 0o777).toBe(0o700)
    for (const name of ['api-token', 'sealing-secret', 'server.key', 'server.crt', 'lock']) {
      expect(statSync(join(stateDir, name)).mode & 0o777).toBe(0o600)
    }
  })

  test('serves one edge at a time', async () => {
    const second = await startEdge({
      httpPort: 0,
      httpsPort: 0,
      stateDir: join(edge.certificatePath, '..'),
      log: () => {},
    })
    expect(second).toEqual({ ok: false, error: { reason: 'state_locked', holderPid: process.pid } })
  })

  test('keeps token, certificate and storage across a restart; ids and origin come from the options', async () => {
    const stateDir = makeTemporaryDirectory()
    const first = await startEchoEdge({ stateDir })
    await fetch(`${first.httpUrl}/kept`, { method: 'PUT', body: 'kept' })
    const certificate = readFileSync(first.certificatePath, 'utf8')
    expect(first).toMatchObject({ isApiTokenNew: true, zoneId: 'zone-of-the-file' })
    await first.stop()

    const second = await startEchoEdge({ stateDir, zoneId: 'zone-of-the-options' })
    expect(second).toMatchObject({
      isApiTokenNew: false,
      apiToken: first.apiToken,
      zoneId: 'zone-of-the-options',
    })
    expect(readFileSync(second.certificatePath, 'utf8')).toBe(certificate)
    expect(await (await fetch(`${second.httpUrl}/kept`)).text()).toBe('kept')
    expect(await (await fetch(`${second.httpUrl}/environment`)).json()).toEqual({
      api_token: first.apiToken,
      origin_url: 'http://origin.invalid',
      zone_id: 'zone-of-the-options',
      has_origin: false,
    })
    await second.stop()
  })
})

test('started closed it carries management calls only, until it is opened', async () => {
  const closed = await startEchoEdge({ startsClosed: true })
  const refused = await fetch(`${closed.httpUrl}/anything`)
  expect(refused.status).toBe(503)
  expect(refused.headers.get('content-type')).toBe('application/problem+json')
  expect((await fetch(`${closed.httpUrl}/client/v4/x`)).status).toBe(200)
  closed.open()
  expect((await fetch(`${closed.httpUrl}/anything`)).status).toBe(200)
  await closed.stop()
})

test('a port that is taken leaves nothing running', async () => {
  const stateDir = makeTemporaryDirectory()
  const port = Number(new URL(edge.httpUrl).port)
  const taken = await startEdge({
    httpPort: port,
    httpsPort: 0,
    stateDir,
    originUrl: 'http://origin.invalid',
    workerConfigPath: ECHO_WORKER_CONFIG,
    log: () => {},
  })
  expect(taken).toEqual({
    ok: false,
    error: { reason: 'port_unavailable', port, code: 'EADDRINUSE' },
  })
})
