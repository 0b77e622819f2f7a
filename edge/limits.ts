/**
 * What a client may send to the local edge before the Worker has judged anything. Each bound answers
 * one attack; none of them is about the shape of an API.
 */

/** Units last in the names; every number is a whole one above zero. */
export type EdgeLimits = {
  /** Request line and headers together, over it 431. workerd itself takes 128 KiB, which leaves room for request.cf. */
  readonly headerBytesMax: number
  /** Header lines, over it 431. Node would drop the surplus in silence. */
  readonly headersMax: number
  /** Request target, over it 414: what Cloudflare takes. */
  readonly targetBytesMax: number
  /** Open connections on one listener: the next one is closed at once. */
  readonly connectionsMax: number
  /** From the first byte of a request to the end of its headers, over it 408: slowloris. */
  readonly headersTimeoutMs: number
  /** From the TCP connection to the end of the TLS handshake. */
  readonly handshakeTimeoutMs: number
  /** Silence on a connection in the middle of a request or an answer. Long transfers that move are not cut. */
  readonly idleTimeoutMs: number
  /** Silence between two requests of one connection. */
  readonly keepAliveTimeoutMs: number
  /** How long the rest of an upload is read after the Worker has answered without it. */
  readonly uploadGraceMs: number
  /** The TLS ClientHello; OpenSSL refuses more than 128 KiB, no known client sends more than 4 KiB. */
  readonly clientHelloBytesMax: number
  /** Certificates the client sends above its own. */
  readonly chainCertificatesMax: number
  /** How long a stopping edge lets the requests under way finish. */
  readonly stopGraceMs: number
}

export const defaultEdgeLimits: EdgeLimits = {
  headerBytesMax: 65_536,
  headersMax: 256,
  targetBytesMax: 16_384,
  connectionsMax: 4096,
  headersTimeoutMs: 15_000,
  handshakeTimeoutMs: 10_000,
  idleTimeoutMs: 120_000,
  keepAliveTimeoutMs: 60_000,
  uploadGraceMs: 5000,
  clientHelloBytesMax: 16_384,
  chainCertificatesMax: 10,
  stopGraceMs: 3000,
}
