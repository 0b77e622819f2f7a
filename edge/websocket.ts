/**
 * Carries a WebSocket: the opening handshake goes to the Worker as any request does, and once the Worker
 * has accepted, bytes are piped both ways without being read. A handshake that the Worker turns down gets
 * the Worker's own answer.
 */
import { STATUS_CODES, type IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { pipeline, type Duplex } from 'node:stream'
import { admitRequest, askWorker, type ForwardInput, type ForwardTarget } from './forward.ts'
import { renderHeaderLines, renderProblemOnWire, type EdgeProblem } from './problem.ts'
import { createClientHeaders } from './request-headers.ts'

const UPGRADE = ['Connection', 'Upgrade', 'Upgrade', 'websocket']

/** The client's connection, handed over by the HTTP server together with what was already read from it. */
export type UpgradeSocket = { readonly socket: Duplex; readonly head: Buffer }

/** RFC 6455 §4.1; any other upgrade is ignored and the request served as if it had not asked. */
export function isWebSocketRequest(request: IncomingMessage): boolean {
  return request.method === 'GET' && request.headers.upgrade?.toLowerCase() === 'websocket'
}

/** Opens the WebSocket or answers why not; never rejects. */
export function forwardWebSocket(
  target: ForwardTarget,
  input: ForwardInput,
  client: UpgradeSocket,
): void {
  const { socket } = client
  // From here on nobody else listens, and an unheard 'error' would end the process.
  socket.on('error', () => socket.destroy())
  const admitted = admitRequest(input, target)
  if (!admitted.ok) return refuse(socket, admitted.error, input.ray)

  const upstream = askWorker(target, admitted.value, UPGRADE)
  upstream.on('upgrade', (answer, worker, workerHead) => {
    socket.write(
      renderHead(answer, [...createClientHeaders(answer.rawHeaders, input.ray), ...UPGRADE]),
    )
    join({ socket, head: client.head }, { socket: worker, head: workerHead })
  })
  upstream.on('response', (answer) => {
    socket.write(
      renderHead(answer, [
        ...createClientHeaders(answer.rawHeaders, input.ray),
        'Connection',
        'close',
      ]),
    )
    pipeline(answer, socket, () => socket.destroy())
  })
  upstream.on('error', () => {
    if (socket.writable) refuse(socket, 'worker_unreachable', input.ray)
  })
  socket.on('close', () => upstream.destroy())
  upstream.end()
}

function refuse(socket: Duplex, problem: EdgeProblem, ray: string): void {
  socket.end(renderProblemOnWire(problem, ray), 'latin1')
}

function renderHead(answer: IncomingMessage, headers: readonly string[]): string {
  const status = answer.statusCode ?? 502
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${renderHeaderLines(headers)}\r\n`
}

/** Each side's end is passed on to the other; when one is gone, so is the other. */
function join(client: UpgradeSocket, worker: UpgradeSocket): void {
  // A quiet WebSocket is not an idle request.
  if (client.socket instanceof Socket) client.socket.setTimeout(0)
  client.socket.write(worker.head)
  worker.socket.write(client.head)
  worker.socket.on('error', () => worker.socket.destroy())
  worker.socket.on('close', () => client.socket.destroy())
  client.socket.on('close', () => worker.socket.destroy())
  client.socket.pipe(worker.socket).pipe(client.socket)
}
