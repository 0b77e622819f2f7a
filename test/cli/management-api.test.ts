import { createServer, type RequestListener, type Server } from 'node:http'
import { afterEach, describe, expect, test } from 'vitest'
import { callManagement } from '../../cli/management-api.ts'

let server: Server | null = null

afterEach(async () => {
  await new Promise((resolve) => (server === null ? resolve(null) : server.close(resolve)))
  server = null
})

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener)
  server = started
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve))
  const address = started.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  return `http://127.0.0.1:${address.port}`
}

const call = {
  token: 'a-token',
  method: 'PUT',
  path: '/zones/z/portcullis/seed',
  body: { files: [] },
} as const

test('sends token and body and hands over the result', async () => {
  const seen: unknown[] = []
  const url = await serve((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      seen.push([request.method, request.url, request.headers.authorization, body])
      response.end('{"success":true,"errors":[],"messages":[],"result":{"created":[]}}')
    })
  })
  expect(await callManagement({ ...call, url })).toEqual({ ok: true, value: { created: [] } })
  expect(seen).toEqual([
    ['PUT', '/client/v4/zones/z/portcullis/seed', 'Bearer a-token', '{"files":[]}'],
  ])
})

describe('a failure has its reason', () => {
  test('not_running: nothing listens', async () => {
    const url = await serve(() => {})
    await new Promise((resolve) => server?.close(resolve))
    expect(await callManagement({ ...call, url })).toEqual({
      ok: false,
      error: { reason: 'not_running', url },
    })
  })

  test('refused: with the words of the shield', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 401
      response.end(
        '{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"result":null}',
      )
    })
    expect(await callManagement({ ...call, url })).toEqual({
      ok: false,
      error: { reason: 'refused', status: 401, messages: ['Authentication error'] },
    })
  })

  test.each([
    { name: 'a page', status: 200, body: '<html>' },
    { name: 'other JSON', status: 404, body: '{"message":"gone"}' },
    { name: 'nothing', status: 204, body: '' },
  ])('not_a_shield: $name answers', async ({ status, body }) => {
    const url = await serve((_request, response) => {
      response.statusCode = status
      response.end(body)
    })
    expect(await callManagement({ ...call, url })).toEqual({
      ok: false,
      error: { reason: 'not_a_shield', url, status },
    })
  })

  test('not_a_shield: a redirect is not followed, the token would go with it', async () => {
    let requests = 0
    const url = await serve((_request, response) => {
      requests += 1
      response.writeHead(307, { location: '/elsewhere' }).end()
    })
    expect(await callManagement({ ...call, url })).toMatchObject({
      error: { reason: 'not_a_shield', status: 307 },
    })
    expect(requests).toBe(1)
  })

  test('unreachable: the connection breaks', async () => {
    const url = await serve((request) => request.socket.destroy())
    expect(await callManagement({ ...call, url })).toMatchObject({
      error: { reason: 'unreachable', url },
    })
  })

  test.each([
    'http://shield.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1:8787',
    'ftp://127.0.0.1',
    '127.0.0.1:8787',
    '',
  ])('unsafe_url: the token is not sent to %j', async (url) => {
    expect(await callManagement({ ...call, url })).toMatchObject({
      error: { reason: 'unsafe_url', url },
    })
  })
})
