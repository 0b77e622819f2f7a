/** The local edge's certificate works in a real handshake for each of its names, trusted by itself alone. */
import { X509Certificate } from 'node:crypto'
import { connect, createServer, type TLSSocket } from 'node:tls'
import { expect, test } from 'vitest'

import { createServerCertificate } from '#engines/certificates'

import { randomOctets } from './support.ts'

const hosts = ['localhost', '127.0.0.1', '::1'] as const

test.each(hosts)('a client that trusts it reaches %s', async (host) => {
  const server = await makeServer()
  const listener = createServer({ cert: server.certificate, key: server.privateKey })
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const socket = await new Promise<TLSSocket>((resolve, reject) => {
    const opened = connect({
      port,
      host: '127.0.0.1',
      servername: 'localhost',
      ca: server.certificate,
    })
    opened.once('secureConnect', () => resolve(opened)).once('error', reject)
  })
  expect(socket.authorized).toBe(true)
  const parsed = new X509Certificate(server.certificate)
  expect(parsed.checkHost(host) ?? parsed.checkIP(host)).toBe(host)
  socket.destroy()
  listener.close()
})

test('it is valid from now for the days asked', async () => {
  const parsed = new X509Certificate((await makeServer()).certificate)
  expect(parsed.validToDate.getTime() - parsed.validFromDate.getTime()).toBe(30 * 86_400_000)
})

function makeServer() {
  return createServerCertificate({
    hosts,
    nowMs: Date.now(),
    validityDays: 30,
    random: randomOctets,
  })
}
