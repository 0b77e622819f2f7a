/**
 * The Worker that the edge tests run behind the edge: it says what it was given, so a test can compare
 * that with what the client sent. It judges nothing.
 */
type Environment = {
  readonly API_TOKEN?: string
  readonly ORIGIN_URL?: string
  readonly ZONE_ID?: string
  readonly ORIGIN?: Fetcher
  readonly KEPT: KVNamespace
  readonly PUBLIC_NETWORK: Fetcher
}

const routes: Readonly<
  Record<string, (request: Request, environment: Environment) => Promise<Response> | Response>
> = {
  '/socket': acceptSocket,
  '/count': countBody,
  '/mirror': (request) => new Response(request.body),
  '/bytes': sendBytes,
  '/forever': () => new Response(forever()),
  '/ticks': () => Response.json(ticks),
  '/broken': () => new Response(broken()),
  '/environment': (_request, environment) =>
    Response.json({
      api_token: environment.API_TOKEN,
      origin_url: environment.ORIGIN_URL,
      zone_id: environment.ZONE_ID,
      has_origin: environment.ORIGIN !== undefined,
    }),
  '/kept': keep,
  '/fetched': fetchBoth,
  '/stalled': () => new Promise(() => setTimeout(() => {}, 60_000)),
  '/empty': () => new Response(null, { status: 204 }),
}

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    const { pathname } = new URL(request.url)
    const route = routes[pathname] ?? describe
    return route(request, environment)
  },
  async scheduled({ cron }: ScheduledController, environment: Environment): Promise<void> {
    await environment.KEPT.put('value', `scheduled by ${cron}`)
  },
}

/** Counted by the Worker itself, so that a test sees what really arrived. */
async function countBody(request: Request): Promise<Response> {
  let bytes = 0
  if (request.body !== null) for await (const chunk of request.body) bytes += chunk.byteLength
  return Response.json({ bytes })
}

function sendBytes(request: Request): Response {
  const total = Number(new URL(request.url).searchParams.get('total'))
  const chunk = new Uint8Array(65_536)
  let sent = 0
  const body = new ReadableStream({
    pull(controller) {
      const size = Math.min(chunk.byteLength, total - sent)
      if (size === 0) return controller.close()
      sent += size
      return controller.enqueue(chunk.slice(0, size))
    },
  })
  return new Response(body)
}

/** How often any `/forever` was asked for more: stands still once its client is known to be gone. */
let ticks = 0

function forever(): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await new Promise((resolve) => setTimeout(resolve, 20))
      ticks += 1
      controller.enqueue(new TextEncoder().encode('tick\n'))
    },
  })
}

function broken(): ReadableStream {
  let isBegun = false
  return new ReadableStream({
    async pull(controller) {
      // Late enough for the first half to be on its way.
      if (isBegun) await new Promise((resolve) => setTimeout(resolve, 100))
      if (isBegun) return controller.error(new Error('broken on purpose'))
      isBegun = true
      return controller.enqueue(new TextEncoder().encode('half'))
    },
  })
}

function acceptSocket(request: Request): Response {
  if (request.headers.get('upgrade') !== 'websocket')
    return new Response('no socket', { status: 426 })
  const pair = new WebSocketPair()
  const server = pair[1]
  server.accept()
  server.addEventListener('message', (event) => {
    server.send(event.data)
  })
  server.send(JSON.stringify(facts(request)))
  return new Response(null, { status: 101, webSocket: pair[0] })
}

async function keep(request: Request, environment: Environment): Promise<Response> {
  if (request.method === 'PUT') await environment.KEPT.put('value', await request.text())
  return new Response(await environment.KEPT.get('value'))
}

/** One URL by the platform's own network and by the one that operators' URLs are fetched through. */
async function fetchBoth(request: Request, { PUBLIC_NETWORK }: Environment): Promise<Response> {
  const url = new URL(request.url).searchParams.get('url') ?? ''
  const reached = (answer: Promise<Response>): Promise<boolean> =>
    answer.then(
      ({ ok }) => ok,
      () => false,
    )
  return Response.json({
    platform: await reached(fetch(url)),
    public_network: await reached(PUBLIC_NETWORK.fetch(url)),
  })
}

function describe(request: Request): Response {
  return Response.json(facts(request))
}

function facts(request: Request): Record<string, unknown> {
  return { url: request.url, method: request.method, headers: [...request.headers], cf: request.cf }
}
