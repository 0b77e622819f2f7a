/**
 * The two doors of the local edge, both on loopback: HTTP, and HTTPS that asks every client for a
 * certificate and takes any, because the Worker judges it. Connections are bounded in number and in how
 * long they may keep quiet; what cannot be parsed gets a problem document, not silence.
 */
import { constants } from 'node:crypto'
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  type ServerOptions,
} from 'node:http'
import { createServer as createHttpsServer, type Server as HttpsServer } from 'node:https'
import type { Socket } from 'node:net'
import { err, ok, type Result } from '#engines/result'
import { peekClientHellos } from './client-hello-peek.ts'
import type { ForwardTarget } from './forward.ts'
import type { EdgeLimits } from './limits.ts'
import { serveRequests } from './serve.ts'
import { isWebSocketRequest } from './websocket.ts'

/** PEM texts of the server. */
export type ServerIdentity = { readonly certificate: string; readonly privateKey: string }

export type ListenerOptions = {
  /** 0 takes a free port. */
  readonly port: number
  /** Null for plain HTTP. */
  readonly identity: ServerIdentity | null
  readonly target: ForwardTarget
}

export type Listener = {
  readonly port: number
  /** Lets requests under way finish for a while, then closes everything. */
  readonly stop: () => Promise<void>
}

/** Why a port could not be had; `code` is the system's, such as EADDRINUSE. */
export type ListenError = { readonly port: number; readonly code: string }

/** The address the edge listens on: nothing outside this machine can reach it. */
export const LOOPBACK = '127.0.0.1'

/** Opens one door; resolves once it accepts connections. */
export async function startListener(
  options: ListenerOptions,
): Promise<Result<Listener, ListenError>> {
  const { identity, target } = options
  const server = identity === null ? createPlainServer(target) : createTlsServer(target, identity)
  const sockets = trackSockets(server)
  const listening = await listen(server, options.port)
  if (!listening.ok) return listening
  return ok({
    port: listening.value,
    stop: () => stopServer(server, sockets, target.limits.stopGraceMs),
  })
}

function createPlainServer(target: ForwardTarget): HttpServer {
  const server = createHttpServer(createServerOptions(target.limits))
  serveRequests(server, { target, connectionEvent: 'connection', findHello: () => null })
  return bound(server, target.limits)
}

function createTlsServer(target: ForwardTarget, identity: ServerIdentity): HttpsServer {
  const server = createHttpsServer({
    ...createServerOptions(target.limits),
    cert: identity.certificate,
    key: identity.privateKey,
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    handshakeTimeout: target.limits.handshakeTimeoutMs,
    // Ask for a certificate, name no authority, let the Worker judge. An empty trust store keeps the roots
    // that Node is built with from vouching for anyone.
    requestCert: true,
    rejectUnauthorized: false,
    ca: [],
    // A resumed session remembers the client's leaf but not the chain it sent: no resumption.
    secureOptions: constants.SSL_OP_NO_TICKET,
  })
  const findHello = peekClientHellos(server, target.limits)
  serveRequests(server, { target, connectionEvent: 'secureConnection', findHello })
  return bound(server, target.limits)
}

function createServerOptions(limits: EdgeLimits): ServerOptions {
  return {
    maxHeaderSize: limits.headerBytesMax,
    headersTimeout: limits.headersTimeoutMs,
    // No bound on a whole request: an upload may take as long as it moves.
    requestTimeout: 0,
    keepAliveTimeout: limits.keepAliveTimeoutMs,
    connectionsCheckingInterval: Math.ceil(limits.headersTimeoutMs / 10),
    // Answered by the edge, with a body.
    requireHostHeader: false,
    shouldUpgradeCallback: isWebSocketRequest,
  }
}

function bound<S extends HttpServer | HttpsServer>(server: S, limits: EdgeLimits): S {
  server.maxConnections = limits.connectionsMax
  server.timeout = limits.idleTimeoutMs
  // Counted when the request is admitted: Node would drop the surplus in silence.
  server.maxHeadersCount = 0
  return server
}

/** Every open TCP connection, including those the HTTP server has handed over to a WebSocket. */
function trackSockets(server: HttpServer): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.prependListener('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  return sockets
}

async function listen(server: HttpServer, port: number): Promise<Result<number, ListenError>> {
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(err({ port, code: error.code ?? 'unknown' })),
    )
    server.listen({ host: LOOPBACK, port }, () => {
      const address = server.address()
      resolve(ok(address !== null && typeof address === 'object' ? address.port : port))
    })
  })
}

async function stopServer(
  server: HttpServer,
  sockets: ReadonlySet<Socket>,
  graceMs: number,
): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(() => {
      for (const socket of sockets) socket.destroy()
    }, graceMs)
    // Also closes the connections that wait for a next request.
    server.close(() => {
      clearTimeout(timer)
      resolve()
    })
  })
}
