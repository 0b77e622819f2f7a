import { createServer } from 'node:net'
import { once } from 'node:events'
import { connect } from 'node:tls'
import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { readClientHello } from '../../edge/client-hello.ts'
import { fingerprint } from '../../edge/connection.ts'

describe('a ClientHello of OpenSSL', () => {
  let bytes: Buffer = Buffer.alloc(0)

  beforeAll(async () => {
    bytes = await captureClientHello()
  })

  test('is read whole, with the cipher numbers as sent', () => {
    const reading = readClientHello(bytes)
    if (reading.state !== 'complete') throw new Error(reading.state)
    expect(reading.hello.lengthBytes).toBe(bytes.length - 9)
    expect(reading.hello.random).toEqual(new Uint8Array(bytes.subarray(11, 43)))
    expect(Buffer.from(reading.hello.ciphers).toString('hex')).toBe('130213031301')
    expect(Buffer.from(reading.hello.extensions).toString('hex')).toMatch(/^(?:[0-9a-f]{4})+$/)
  })

  test('is incomplete at every shorter length, never misread', () => {
    for (let length = 0; length < bytes.length; length += 1) {
      expect(readClientHello(bytes.subarray(0, length)).state).toBe('incomplete')
    }
  })

  test('reads the same when it came in several records', () => {
    const message = bytes.subarray(5)
    const cut = 40
    const records = [message.subarray(0, cut), message.subarray(cut)].map((part) =>
      Buffer.concat([Buffer.from([22, 3, 1, part.length >> 8, part.length & 255]), part]),
    )
    expect(readClientHello(Buffer.concat(records))).toEqual(readClientHello(bytes))
  })

  test('any byte changed gives a reading or a refusal, never a fault', () => {
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (index, value) => {
        const changed = Buffer.from(bytes)
        changed[index] = value
        expect(['complete', 'incomplete', 'unreadable']).toContain(readClientHello(changed).state)
      }),
    )
  })
})

test.each([
  { name: 'HTTP', bytes: Buffer.from('GET / HTTP/1.1\r\n') },
  { name: 'a ServerHello', bytes: Buffer.from([22, 3, 3, 0, 4, 2, 0, 0, 0]) },
])('$name is not a ClientHello', ({ bytes }) => {
  expect(readClientHello(bytes).state).toBe('unreadable')
})

// The value is the example of Cloudflare's fields reference for cf.tls_client_ciphers_sha1; these are the
// default suites of OpenSSL 3 with TLS 1.2, in its order.
test('the cipher fingerprint is the SHA-1 of the numbers as sent, as in the reference', () => {
  const suites =
    '130213031301c02cc030009fcca9cca8ccaac02bc02f009ec024c028006bc023c0270067c00ac0140039c009c0130033009d009c003d003c0035002f00ff'
  expect(fingerprint(Buffer.from(suites, 'hex'))).toBe('GXSPDLP4G3X+prK73a4wBuOaHRc=')
})

async function captureClientHello(): Promise<Buffer> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  const client = connect({
    port: address.port,
    host: '127.0.0.1',
    minVersion: 'TLSv1.3',
    ciphers: 'TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256:TLS_AES_128_GCM_SHA256',
  })
  client.on('error', () => {})
  const [socket] = await once(server, 'connection')
  const [bytes] = await once(socket, 'data')
  client.destroy()
  socket.destroy()
  server.close()
  return bytes
}
