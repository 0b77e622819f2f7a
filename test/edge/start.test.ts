import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, statSync } from 'node:fs'
import { request as requestHttp } from 'node:http'
import { connect } from 'node:net'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startEdge, type Edge } from '../../edge/start.ts'
import {
  ECHO_WORKER_CONFIG,
  exchangeRaw,
  makeCertificateFamily,
  makeTemporaryDirectory,
  readText,
  requestEcho,
  startEchoEdge,
} from '../support/edge.ts'

const certificates = makeCertificateFamily()
let edge: Edge

beforeAll(async () => {
  edge = await startEchoEdge({
    limits: {
      headersTimeoutMs: 500,
      headersMax: 20,
      headerBytesMax: 8192,
      targetBytesMax: 1000,
      idleTimeoutMs: 2000,
    },
  })
})

afterAll(async () => {
  await edge.stop()
})

describe('what the Worker is told of the client', () => {
  test('a certificate arrives with its chain, in Cloudflare’s members', async () => {
    const { cf } = await requestEcho(edge, { client: certificates.withChain })
    const leaf = new X509Certificate(certificates.leafPem)
    const intermediate = new X509Certificate(certificates.intermediatePem)
    expect(cf.tlsClientAuth).toMatchObject({
      certPresented: '1',
      certVerified: 'FAILED:unable to get local issuer certificate',
      certRevoked: '0',
      certSubjectDNRFC2253: 'O=Temperature Testers\\, Inc.,CN=sensor',
      certIssuerDNRFC2253: 'O=Test,CN=Intermediate',
      certFingerprintSHA256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      certNotAfter: leaf.validTo,
      certRFC9440: `:${leaf.raw.toString('base64')}:`,
      certRFC9440TooLarge: false,
      certChainRFC9440: `:${intermediate.raw.toString('base64')}:`,
      certChainRFC9440TooLarge: false,
    })
  })

  test.each([
    { name: 'no certificate', client: undefined, presented: '0', verified: 'NONE' },
    {
      name: 'a leaf alone',
      client: certificates.leafOnly,
      presented: '1',
      verified: 'FAILED:unable to verify the first certificate',
    },
    {
      name: 'a self-signed one',
      client: certificates.selfSigned,
      presented: '1',
      verified: 'FAILED:self signed certificate',
    },
  ])('$name is taken by TLS and described', async ({ client, presented, verified }) => {
    const { cf } = await requestEcho(edge, client === undefined ? {} : { client })
    expect(cf.tlsClientAuth).toMatchObject({
      certPresented: presented,
      certVerified: verified,
      certChainRFC9440: '',
    })
  })

  test.each([
    { maxVersion: 'TLSv1.2', tlsVersion: 'TLSv1.2', tlsCipher: /^ECDHE-ECDSA-/ },
    { maxVersion: 'TLSv1.3', tlsVersion: 'TLSv1.3', tlsCipher: /^AEAD-/ },
  ] as const)(
    'the handshake is described: $maxVersion',
    async ({ maxVersion, tlsVersion, tlsCipher }) => {
      const { cf } = await requestEcho(edge, { maxVersion })
      expect(cf).toMatchObject({
        tlsVersion,
        tlsCipher: expect.stringMatching(tlsCipher),
        httpProtocol: 'HTTP/1.1',
        colo: 'LCL',
        tlsClientHelloLength: expect.stringMatching(/^\d{3,4}$/),
        tlsClientRandom: expect.stringMatching(/^.{43}=$/),
        tlsClientCiphersSha1: expect.stringMatching(/^.{27}=$/),
        tlsClientExtensionsSha1: expect.stringMatching(/^.{27}=$/),
        tlsClientExtensionsSha1Le: expect.stringMatching(/^.{27}=$/),
        tlsExportedAuthenticator: {
          clientFinished: expect.stringMatching(/^[0-9a-f]+$/),
          serverFinished: expect.stringMatching(/^[0-9a-f]+$/),
        },
      })
    },
  )

  test('plain HTTP has no certificate and no TLS', async () => {
    const answer = await fetch(`${edge.httpUrl}/x`)
    expect(await answer.json()).toMatchObject({
      url: `${edge.httpUrl}/x`,
      cf: { tlsVersion: '', tlsClientAuth: { certPresented: '0', certVerified: 'NONE' } },
    })
    expect(answer.headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-LCL$/)
  })

  test('a client cannot say any of it itself', async () => {
    const forged = JSON.stringify({
      tlsClientAuth: { certPresented: '1', certVerified: 'SUCCESS' },
    })
    const names = [
      'MF-CF-Blob',
      'mf-cf-blob',
      'MF_CF_Blob',
      'CF-Connecting-IP',
      'CF-Cert-Verified',
      'CF-Client-Cert-SHA256',
      'Client-Cert',
      'Client-Cert-Chain',
      'X-Forwarded-For',
      'X-Forwarded-Proto',
      'Forwarded',
      'X-Real-IP',
      'CDN-Loop',
    ]
    const echo = await requestEcho(edge, {
      headers: [
        'Host',
        'api.example.com:8443',
        ...names.flatMap((name) => [name, forged]),
        'X-Kept',
        '1',
      ],
    })
    expect(echo.url).toBe('https://api.example.com:8443/')
    expect(echo.cf.tlsClientAuth).toMatchObject({ certPresented: '0', certVerified: 'NONE' })
    expect(Object.fromEntries(echo.headers)).toEqual({
      'cf-connecting-ip': '127.0.0.1',
      'cf-ray': expect.stringMatching(/^[0-9a-f]{16}-LCL$/),
      'x-forwarded-proto': 'https',
      connection: 'keep-alive',
      host: 'api.example.com:8443',
      'x-kept': '1',
    })
  })
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

describe('WebSockets', () => {
  test('messages go both ways', async () => {
    const socket = new WebSocket(`${edge.httpUrl.replace('http', 'ws')}/socket`)
    const messages: unknown[] = []
    socket.addEventListener('message', (event) => {
      messages.push(event.data)
      if (messages.length === 1) socket.send('hello')
      else socket.close()
    })
    await new Promise((resolve) => socket.addEventListener('close', resolve))
    expect(messages[1]).toBe('hello')
  })

  test('over TLS the Worker learns of the certificate too', async () => {
    const socket = connectTls({
      port: Number(new URL(edge.httpsUrl).port),
      host: '127.0.0.1',
      ca: readFileSync(edge.certificatePath),
      cert: certificates.leafOnly.certificate,
      key: certificates.leafOnly.privateKey,
    })
    socket.write(upgradeRequest('/socket'))
    let text = ''
    for await (const chunk of socket) {
      text += String(chunk)
      if (text.includes('certPresented')) break
    }
    expect(text).toMatch(/^HTTP\/1\.1 101 Switching Protocols\r\n/)
    expect(text).toContain('"certPresented":"1"')
  })

  test('a handshake that the Worker turns down gets its answer', async () => {
    const text = await exchangeRaw(edge.httpUrl, upgradeRequest('/empty'))
    expect(text).toMatch(/^HTTP\/1\.1 204 /)
  })
})

describe('requests that go no further', () => {
  test.each([
    { name: 'two Hosts', bytes: 'GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n', status: 400 },
    { name: 'no Host', bytes: 'GET / HTTP/1.1\r\n\r\n', status: 400 },
    {
      name: 'the target of another host',
      bytes: 'GET http://b/ HTTP/1.1\r\nHost: a\r\n\r\n',
      status: 400,
    },
    { name: 'no HTTP at all', bytes: 'hello\r\n\r\n', status: 400 },
    {
      name: 'a length and chunks',
      bytes:
        'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      status: 400,
    },
    {
      name: 'another transfer coding',
      bytes: 'POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n',
      status: 400,
    },
    {
      name: 'a target one byte too long',
      bytes: `GET /${'a'.repeat(1000)} HTTP/1.1\r\nHost: a\r\n\r\n`,
      status: 414,
    },
    {
      name: 'one header too many',
      bytes: `GET / HTTP/1.1\r\nHost: a\r\n${'A: 1\r\n'.repeat(20)}\r\n`,
      status: 431,
    },
    {
      name: 'too many header bytes',
      bytes: `GET / HTTP/1.1\r\nHost: a\r\nA: ${'1'.repeat(9000)}\r\n\r\n`,
      status: 431,
    },
    { name: 'headers that never end', bytes: 'GET / HTTP/1.1\r\nHost: a\r\n', status: 408 },
  ])('$name is answered $status with a problem document', async ({ bytes, status }) => {
    const [head = '', body = ''] = (await exchangeRaw(edge.httpUrl, bytes)).split('\r\n\r\n')
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
    expect(head).toContain('Content-Type: application/problem+json')
    expect(JSON.parse(body)).toMatchObject({ type: 'about:blank', status })
  })

  test.each([
    {
      name: 'a target of exactly the length',
      bytes: `GET /${'a'.repeat(999)} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
    },
    {
      name: 'exactly as many headers',
      bytes: `GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${'A: 1\r\n'.repeat(18)}\r\n`,
    },
    {
      name: 'the absolute form of its own host',
      bytes: 'GET http://a/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
    },
    {
      name: 'an expectation nobody knows',
      bytes: 'GET / HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\nConnection: close\r\n\r\n',
    },
    {
      name: 'an upgrade to something else',
      bytes: 'GET / HTTP/1.1\r\nHost: a\r\nConnection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n',
    },
  ])('$name is served', async ({ bytes }) => {
    expect(await exchangeRaw(edge.httpUrl, bytes)).toMatch(/^HTTP\/1\.1 200 /)
  })

  test.each([
    { name: 'says nothing', bytes: '' },
    {
      name: 'stops in the middle of a body',
      bytes: 'POST /count HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n1',
    },
  ])('a client that $name is hung up on', async ({ bytes }) => {
    const socket = connect(Number(new URL(edge.httpUrl).port), '127.0.0.1')
    socket.on('error', () => {})
    socket.write(bytes)
    socket.resume()
    await once(socket, 'close')
  })

  test('plain HTTP to the HTTPS port is hung up on', async () => {
    expect(await exchangeRaw(edge.httpsUrl, 'GET / HTTP/1.1\r\nHost: a\r\n\r\n')).not.toContain(
      '200',
    )
  })
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

test('what fails after the start leaves nothing running', async () => {
  const stateDir = makeTemporaryDirectory()
  const onReady = async (): Promise<void> => {
    throw new Error('no seed')
  }
  await expect(startEchoEdge({ stateDir, onReady })).rejects.toThrow('no seed')
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

function upgradeRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
}
