/**
 * Fills `request.cf` as Cloudflare's edge would, from what a local edge can know. What it cannot know is
 * absent where Cloudflare may leave it out too (location, bot management), and otherwise has the fixed
 * value that Cloudflare uses for "nothing": never an invented one.
 */
import { fingerprint, type ConnectionFacts, type TlsFacts } from './connection.ts'

export type RequestFacts = {
  /** As Node gives it: '1.1' or '1.0'. */
  readonly httpVersion: string
  /** The client's Accept-Encoding; '' when it sent none. */
  readonly acceptEncoding: string
}

/** The code that stands for this edge where Cloudflare names a data centre: request.cf.colo and the end of CF-Ray. */
export const COLO = 'LCL'

/** Everything of `request.cf` for one request. */
export function createCfProperties(
  connection: ConnectionFacts,
  request: RequestFacts,
): Readonly<Record<string, unknown>> {
  return {
    colo: COLO,
    httpProtocol: `HTTP/${request.httpVersion}`,
    requestPriority: '',
    clientAcceptEncoding: request.acceptEncoding,
    // A loopback connection: no round trip worth a millisecond, and never QUIC.
    clientTcpRtt: 0,
    clientQuicRtt: 0,
    edgeL4: { deliveryRate: 0 },
    edgeRequestKeepAliveStatus: 1,
    ...(connection.tls === null ? PLAIN : createTlsProperties(connection.tls)),
    tlsClientAuth: connection.clientAuth,
  }
}

const PLAIN = { tlsVersion: '', tlsCipher: '', tlsClientRandom: '', tlsClientHelloLength: '' }

function createTlsProperties(tls: TlsFacts): Readonly<Record<string, unknown>> {
  return {
    tlsVersion: tls.version,
    tlsCipher: tls.cipher,
    ...(tls.hello === null
      ? {}
      : {
          tlsClientRandom: Buffer.from(tls.hello.random).toString('base64'),
          tlsClientHelloLength: String(tls.hello.lengthBytes),
          tlsClientCiphersSha1: fingerprint(tls.hello.ciphers),
          tlsClientExtensionsSha1: fingerprint(tls.hello.extensions),
          tlsClientExtensionsSha1Le: fingerprint(Buffer.from(tls.hello.extensions).swap16()),
        }),
    tlsExportedAuthenticator: {
      // Node does not show the transcript hashes after the two Hellos.
      clientHandshake: '',
      serverHandshake: '',
      clientFinished: tls.clientFinished,
      serverFinished: tls.serverFinished,
    },
  }
}
