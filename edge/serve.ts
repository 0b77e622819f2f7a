/**
 * What happens to each connection of a listener: its facts are read once, every request on it is given
 * them and a ray of its own, and bytes that are not HTTP are answered and cut off.
 */
import type { IncomingMessage, Server as HttpServer, ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { HelloLookup } from './client-hello-peek.ts'
import { readConnection, type ConnectionFacts } from './connection.ts'
import { createRay, forward, type ForwardTarget } from './forward.ts'
import { renderProblemOnWire, type EdgeProblem } from './problem.ts'
import { forwardWebSocket } from './websocket.ts'

export type ServeOptions = {
  readonly target: ForwardTarget
  /** The event that says a connection is ready for its first request. */
  readonly connectionEvent: 'connection' | 'secureConnection'
  readonly findHello: HelloLookup
}

/** Attaches the edge's work to a server that does not listen yet. */
export function serveRequests(server: HttpServer, options: ServeOptions): void {
  const { target } = options
  const facts = new WeakMap<Duplex, Promise<ConnectionFacts>>()
  const answering = new WeakSet<Duplex>()

  server.prependListener(options.connectionEvent, (socket: Socket) => {
    const { chainCertificatesMax } = target.limits
    facts.set(
      socket,
      readConnection({ socket, hello: options.findHello(socket), chainCertificatesMax }),
    )
  })
  const withFacts = (
    request: IncomingMessage,
    use: (connection: ConnectionFacts) => void,
  ): void => {
    facts.get(request.socket)?.then(use, () => request.socket.destroy())
  }
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    answering.add(request.socket)
    response.on('close', () => answering.delete(request.socket))
    withFacts(request, (connection) =>
      forward(target, { request, connection, ray: createRay() }, response),
    )
  }
  server.on('request', answer)
  // RFC 9110 §10.1.1: a server may ignore an expectation it does not know; Node would send an empty 417.
  server.on('checkExpectation', answer)
  server.on('upgrade', (request, socket, head) => {
    withFacts(request, (connection) =>
      forwardWebSocket(target, { request, connection, ray: createRay() }, { socket, head }),
    )
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // In the middle of an answer any further byte would pass for a part of it.
    if (!socket.writable || answering.has(socket)) {
      socket.destroy()
      return
    }
    socket.end(
      renderProblemOnWire(CLIENT_ERRORS[error.code ?? ''] ?? 'malformed_request', null),
      'latin1',
    )
  })
}

const CLIENT_ERRORS: Readonly<Record<string, EdgeProblem>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}
