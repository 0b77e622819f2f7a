import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { exchangeRaw, startEchoEdge } from '../support/edge.ts'

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
