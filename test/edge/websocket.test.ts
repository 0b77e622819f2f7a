import { readFileSync } from 'node:fs'
import { connect as connectTls } from 'node:tls'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { exchangeRaw, makeCertificateFamily, startEchoEdge } from '../support/edge.ts'

const certificates = makeCertificateFamily()
let edge: Edge

beforeAll(async () => {
  edge = await startEchoEdge()
})

afterAll(async () => {
  await edge.stop()
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

function upgradeRequest(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`
}
