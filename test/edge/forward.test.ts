import { once } from 'node:events'
import { request as requestHttp } from 'node:http'
import { connect } from 'node:net'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { readText, startEchoEdge } from '../support/edge.ts'

let edge: Edge

beforeAll(async () => {
  edge = await startEchoEdge()
})

afterAll(async () => {
  await edge.stop()
})

describe('bodies', () => {
  test('64 MiB go up and down', async () => {
    const total = 64 * 1024 * 1024
    const up = await post(edge, '/count', Readable.from(zeros(total)))
    expect(await up.json()).toEqual({ bytes: total })
    const down = await fetch(`${edge.httpUrl}/bytes?total=${total}`)
    let received = 0
    for await (const chunk of down.body ?? []) received += chunk.byteLength
    expect(received).toBe(total)
  })

  test('what the client does not read yet is not held', async () => {
    const total = 256 * 1024 * 1024
    const request = requestHttp(`${edge.httpUrl}/bytes?total=${total}`, { agent: false })
    request.end()
    const [answer] = await once(request, 'response')
    const before = process.memoryUsage().rss
    await sleep(1000)
    expect(process.memoryUsage().rss - before).toBeLessThan(total / 4)
    answer.destroy()
  })

  test('what the Worker does not read yet is not taken from the client', async () => {
    const socket = connect(Number(new URL(edge.httpUrl).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`POST /stalled HTTP/1.1\r\nHost: a\r\nContent-Length: ${2 ** 40}\r\n\r\n`)
    let written = 0
    const chunk = Buffer.alloc(65_536)
    const stopped = AbortSignal.timeout(1000)
    while (!stopped.aborted) {
      if (socket.write(chunk)) await new Promise((resolve) => setImmediate(resolve))
      else await Promise.race([once(socket, 'drain'), sleep(1000)])
      written += chunk.length
    }
    socket.destroy()
    expect(written).toBeLessThan(64 * 1024 * 1024)
  })

  test('a Worker that answers without reading the upload is heard', async () => {
    for (let round = 0; round < 5; round += 1) {
      const answer = await post(edge, '/unread', Readable.from(zeros(8 * 1024 * 1024)))
      expect(answer.status).toBe(200)
      expect(await answer.json()).toMatchObject({ method: 'POST' })
    }
  })

  test('the first bytes of a slow answer do not wait for the last', async () => {
    const answer = await fetch(`${edge.httpUrl}/forever`)
    const reader = answer.body?.getReader()
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0)
    await reader?.cancel()
  })

  test('a client that goes away ends the work of the Worker', async () => {
    const answer = await fetch(`${edge.httpUrl}/forever`)
    await answer.body?.cancel()
    await sleep(200)
    const ticks = await (await fetch(`${edge.httpUrl}/ticks`)).json()
    await sleep(200)
    expect(await (await fetch(`${edge.httpUrl}/ticks`)).json()).toBe(ticks)
  })

  test('an answer that breaks off does not end as if it were whole', async () => {
    const answer = await fetch(`${edge.httpUrl}/broken`)
    await expect(answer.text()).rejects.toThrow()
  })

  test('an answer without a body has none', async () => {
    const answer = await fetch(`${edge.httpUrl}/empty`)
    expect([answer.status, await answer.text()]).toEqual([204, ''])
  })
})

function* zeros(total: number): Generator<Buffer> {
  const chunk = Buffer.alloc(65_536)
  for (let sent = 0; sent < total; sent += chunk.length) yield chunk
}

async function post(to: Edge, path: string, body: Readable): Promise<Response> {
  const request = requestHttp(`${to.httpUrl}${path}`, { method: 'POST', agent: false })
  body.pipe(request)
  const [answer] = await once(request, 'response')
  return new Response(await readText(answer), { status: answer.statusCode })
}
