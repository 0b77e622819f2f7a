import { createHash, randomBytes } from 'node:crypto'
import { createServer, request as httpRequest, type Server } from 'node:http'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { exchangeRaw, readText } from '../support/edge.ts'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

let origin: Origin
let shield: Shield

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url })
})

afterAll(async () => {
  await shield.edge.stop()
  origin.server.close()
})

type Answer = { method: string; url: string; headers: Record<string, string> }

/** What reached the origin of a GET with these headers, names as sent. */
async function seenOf(headers: Record<string, string>, path = '/x'): Promise<Answer> {
  const response = await new Promise<AsyncIterable<Buffer>>((resolve, reject) => {
    const request = httpRequest(`${shield.edge.httpUrl}${path}`, { headers })
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
  return JSON.parse(await readText(response)) as Answer
}

function port(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    })
  })
}

describe('headers', () => {
  test('of this connection end here, with those that Connection names', async () => {
    const { headers } = await seenOf({
      connection: 'keep-alive, x-private',
      'x-private': '1',
      'keep-alive': 'timeout=5',
      te: 'trailers',
      'proxy-authorization': 'Basic secret',
      'x-public': '1',
    })
    expect(headers['x-public']).toBe('1')
    for (const name of ['x-private', 'keep-alive', 'te', 'proxy-authorization']) {
      expect(headers, name).not.toHaveProperty(name)
    }
  })

  test('sent twice reach the origin as the one line that was judged', async () => {
    const answer = await exchangeRaw(
      shield.edge.httpUrl,
      'GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Role: reader\r\nX-Role: admin\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toContain('"x-role":"reader, admin"')
  })

  test('that speak for the client are the shield’s alone, whatever a client forges', async () => {
    const { headers } = await seenOf({
      'MF-CF-Blob': JSON.stringify({
        tlsClientAuth: { certPresented: '1', certVerified: 'SUCCESS' },
      }),
      'CF-Connecting-IP': '6.6.6.6',
      'X-Forwarded-For': '6.6.6.6',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Host': 'evil.example',
      'Client-Cert': ':Zm9yZ2Vk:',
      'Client-Cert-Chain': ':Zm9yZ2Vk:',
      'CF-Client-Cert-Sha256': 'forged',
      'cf-cert-verified': 'true',
      'cf-cert-subject-dn-rfc2253': 'O=Temperature Testers',
    })
    expect(JSON.stringify(headers)).not.toMatch(
      /6\.6\.6\.6|evil|Zm9yZ2Vk|forged|Temperature Testers/,
    )
    expect(headers).toMatchObject({
      'x-forwarded-for': '127.0.0.1',
      'x-forwarded-proto': 'http',
      'x-forwarded-host': new URL(shield.edge.httpUrl).host,
      'cf-connecting-ip': '127.0.0.1',
    })
    expect(headers['cf-cert-verified']).toBeUndefined()
  })
})

describe('the target', () => {
  test.each([
    { sent: '/a/../b', judged: '/b' },
    { sent: '//b', judged: '/b' },
    { sent: '/%62', judged: '/b' },
    { sent: '/b%2Fc', judged: '/b%2Fc' },
    { sent: '/b%252fc', judged: '/b%252fc' },
    { sent: '/b?x=%2e%2e/&y=a+b', judged: '/b?x=%2e%2e/&y=a+b' },
  ])('$sent reaches the origin as it was judged: $judged', async ({ sent, judged }) => {
    const answer = await exchangeRaw(
      shield.edge.httpUrl,
      `GET ${sent} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`,
    )
    const body = answer.slice(answer.indexOf('\r\n\r\n'))
    expect(body).toContain(`"url":"${judged}"`)
  })

  test.each([
    { name: 'at the bound', characters: 16_384, status: 200 },
    { name: 'above the bound', characters: 16_385, status: 414 },
  ])('$name is answered with $status', async ({ characters, status }) => {
    const path = `/${'a'.repeat(characters - 1)}`
    const response = await fetch(`${shield.edge.httpUrl}${path}`)
    expect(response.status).toBe(status)
  })
})

describe('bodies', () => {
  test('of 64 MiB stream through unread and unchanged', async () => {
    const body = randomBytes(64 * 1024 * 1024)
    origin.seen.length = 0
    const response = await fetch(`${shield.edge.httpUrl}/upload`, { method: 'PUT', body })
    expect(response.status).toBe(200)
    const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
    expect(sha256(origin.seen[0]?.body ?? Buffer.alloc(0))).toBe(sha256(body))
  })

  test('of a GET are refused, an empty one is none', async () => {
    const ask = (body: string) =>
      exchangeRaw(
        shield.edge.httpUrl,
        `GET /x HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n${body}0\r\n\r\n`,
      )
    expect(await ask('2\r\nhi\r\n')).toContain('HTTP/1.1 400')
    expect(await ask('')).toContain('HTTP/1.1 200')
  })

  test('compressed by the client stay so', async () => {
    const body = gzipSync('hello')
    origin.seen.length = 0
    const headers = { 'content-encoding': 'gzip' }
    await fetch(`${shield.edge.httpUrl}/upload`, { method: 'POST', body, headers })
    expect(origin.seen[0]?.body).toEqual(body)
    expect(origin.seen[0]?.headers['content-encoding']).toBe('gzip')
  })
})

describe('the origin', () => {
  test('that redirects is not followed', async () => {
    const server = createServer((_, response) =>
      response.writeHead(302, { location: '/elsewhere' }).end(),
    )
    const redirecting = await startShield({ originUrl: `http://127.0.0.1:${await port(server)}` })
    const response = await fetch(`${redirecting.edge.httpUrl}/x`, { redirect: 'manual' })
    expect(response.status).toBe(302)
    expect(response.headers.get('location')).toBe('/elsewhere')
    await redirecting.edge.stop()
    server.close()
  })

  test('that is down is a 502 with an event, and no stack', async () => {
    const server = createServer()
    const originUrl = `http://127.0.0.1:${await port(server)}`
    server.close()
    const alone = await startShield({ originUrl })
    const response = await fetch(`${alone.edge.httpUrl}/x`)
    expect(response.status).toBe(502)
    const problem = JSON.parse(await response.text()) as { instance: string }
    expect(problem).toMatchObject({ title: 'Bad Gateway', detail: 'The API did not answer.' })
    expect(await alone.events(problem.instance)).toMatchObject([
      { source: 'portcullis', reason: 'origin_unreachable', status: 502 },
    ])
    await alone.edge.stop()
  })
})

describe('a WebSocket', () => {
  test('upgrades through the shield and carries messages both ways', async () => {
    const server = createServer()
    server.on('upgrade', (request, socket) => {
      const key = `${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`
      const accept = createHash('sha1').update(key).digest('base64')
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      )
      // A text frame "hi", unmasked as servers send.
      socket.write(Buffer.from([0x81, 0x02, 0x68, 0x69]))
    })
    const upgraded = await startShield({ originUrl: `http://127.0.0.1:${await port(server)}` })
    const socket = new WebSocket(`${upgraded.edge.httpUrl.replace('http', 'ws')}/socket`)
    const message = await new Promise((resolve, reject) => {
      socket.addEventListener('message', (event) => resolve(event.data))
      socket.addEventListener('error', () => reject(new Error('no upgrade')))
    })
    expect(message).toBe('hi')
    socket.close()
    await upgraded.edge.stop()
    server.closeAllConnections()
    server.close()
  })
})
