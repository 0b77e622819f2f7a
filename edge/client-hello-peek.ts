/**
 * Reads the ClientHello of each new connection of a TLS server before the server does, and puts the bytes
 * back. A connection that sends something else, or nothing in time, goes on to the TLS server as it is or
 * is closed: nothing here decides whether a handshake is good.
 */
import type { Socket } from 'node:net'
import type { Server } from 'node:https'
import { readClientHello, type ClientHello } from './client-hello.ts'
import type { EdgeLimits } from './limits.ts'

/** Finds the ClientHello of an open connection by its remote end; null when it could not be read. */
export type HelloLookup = (socket: Socket) => ClientHello | null

/** Puts the reading in front of what the TLS server does with a new connection. */
export function peekClientHellos(server: Server, limits: EdgeLimits): HelloLookup {
  // The TLS socket does not lead back to the TCP socket it was made from; their remote end is the same.
  const hellos = new Map<string, ClientHello>()
  const handshakes = server.listeners('connection')
  server.removeAllListeners('connection')
  server.on('connection', (socket: Socket) => {
    const key = remoteEnd(socket)
    socket.on('close', () => hellos.delete(key))
    peek(socket, limits, (hello) => {
      if (hello !== null) hellos.set(key, hello)
      for (const handshake of handshakes) handshake.call(server, socket)
    })
  })
  return (socket) => hellos.get(remoteEnd(socket)) ?? null
}

function remoteEnd(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`
}

/** Calls `done` once, with the bytes back in the socket; not at all when the socket goes away before. */
function peek(socket: Socket, limits: EdgeLimits, done: (hello: ClientHello | null) => void): void {
  let seen = Buffer.alloc(0)
  const close = (): void => {
    socket.destroy()
  }
  const timer = setTimeout(close, limits.handshakeTimeoutMs)
  const look = (): void => {
    const chunk: unknown = socket.read()
    if (!Buffer.isBuffer(chunk)) return
    seen = Buffer.concat([seen, chunk])
    const reading = readClientHello(seen)
    if (reading.state === 'incomplete' && seen.length < limits.clientHelloBytesMax) return
    stop()
    socket.unshift(seen)
    done(reading.state === 'complete' ? reading.hello : null)
  }
  const stop = (): void => {
    clearTimeout(timer)
    socket.off('readable', look)
    socket.off('end', close)
    socket.off('error', close)
    socket.off('close', stop)
  }
  socket.on('readable', look)
  socket.on('end', close)
  socket.on('error', close)
  socket.on('close', stop)
}
