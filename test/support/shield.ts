/** A whole shield for black-box tests: the real edge and Worker in front of an origin that tells what reached it. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { type Edge, type EdgeOptions, startEdge } from '../../edge/start.ts'
import type { SecurityEvent } from '../../worker/storage/events.ts'
import { makeTemporaryDirectory } from './edge.ts'

type Seen = {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

export type Origin = { readonly url: string; readonly seen: Seen[]; readonly server: Server }

/** An HTTP server on a free port that remembers each request and answers with what it saw, after so many milliseconds. */
export async function startOrigin(delayMs: (body: Buffer) => number = () => 0): Promise<Origin> {
  const seen: Seen[] = []
  const server = createServer({ maxHeaderSize: 65_536 }, (request, response) => {
    const { method = '', url = '', headers } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      seen.push({ method, url, headers, body })
      response.setHeader('content-type', 'application/json')
      const answer = () => response.end(JSON.stringify({ method, url, headers }))
      const delay = delayMs(body)
      if (delay === 0) answer()
      else setTimeout(answer, delay)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the origin has no port')
  return { url: `http://127.0.0.1:${address.port}`, seen, server }
}

export type Shield = {
  readonly edge: Edge
  /** One management call; throws with the envelope's errors unless it succeeds. */
  api<T>(line: string, body?: unknown): Promise<T>
  /** The events of one request, by the ray id of its answer. */
  events(rayId: string): Promise<readonly SecurityEvent[]>
}

export async function startShield(options: Partial<EdgeOptions> = {}): Promise<Shield> {
  const started = await startEdge({
    httpPort: 0,
    httpsPort: 0,
    stateDir: makeTemporaryDirectory(),
    log: () => {},
    ...options,
  })
  if (!started.ok) throw new Error(JSON.stringify(started.error))
  return shieldOf(started.value)
}

type Envelope<T> = {
  readonly success: boolean
  readonly errors: unknown
  readonly result: T
}

export function shieldOf(edge: Edge): Shield {
  async function api<T>(line: string, body?: unknown): Promise<T> {
    const [method = 'GET', path = ''] = line.split(' ')
    const response = await fetch(
      `${edge.httpUrl}/client/v4${path.replace('{zone}', edge.zoneId)}`,
      {
        method,
        headers: { authorization: `Bearer ${edge.apiToken}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      },
    )
    const envelope = JSON.parse(await response.text()) as Envelope<T>
    if (!envelope.success) throw new Error(`${line}: ${JSON.stringify(envelope.errors)}`)
    return envelope.result
  }
  return {
    edge,
    api,
    events: (rayId) => api(`GET /zones/{zone}/portcullis/events?ray_id=${rayId}`),
  }
}
