/**
 * The temperature API of the demo, an origin as one finds them: it stores a reading, lists the caller's
 * five latest, and leaves it to the shield to say who may call. Callers of one organisation share their
 * readings; a caller without a verified certificate has those of its address. It believes the headers of
 * the shield, so nothing else may be able to reach it.
 */
import { readOrganization } from './distinguished-name.ts'
import { BODY_BYTES_MAX, readReading, type Reading, type ReadingError } from './reading.ts'

type Environment = { readonly READINGS: KVNamespace }

type Handler = (request: Request, readings: KVNamespace) => Promise<Response>

const handlers: Readonly<Record<string, Handler>> = {
  GET: listReadings,
  HEAD: listReadings,
  POST: addReading,
}

export default {
  async fetch(request: Request, environment: Environment): Promise<Response> {
    if (new URL(request.url).pathname !== '/temps') {
      return refuse({
        status: 404,
        title: 'Not Found',
        detail: 'There is nothing here but /temps.',
      })
    }
    const handler = handlers[request.method]
    if (handler !== undefined) return handler(request, environment.READINGS)
    const refusal = refuse({
      status: 405,
      title: 'Method Not Allowed',
      detail: 'Readings are listed with GET and added with POST.',
    })
    refusal.headers.set('Allow', Object.keys(handlers).join(', '))
    return refusal
  },
}

const LISTED_MAX = 5

/** Keys sort newest first, so the head of the list is the answer; KV may take a minute to show a new key elsewhere. */
async function listReadings(request: Request, readings: KVNamespace): Promise<Response> {
  const prefix = `reading:${await nameGroup(request.headers)}:`
  const page = await readings.list<Reading>({ prefix, limit: LISTED_MAX })
  return Response.json(page.keys.map((key) => key.metadata))
}

const KEPT_SECONDS = 30 * 86_400

/** One key a reading: KV has no compare-and-set, and a list in one value would lose what two sensors send at once. */
async function addReading(request: Request, readings: KVNamespace): Promise<Response> {
  if (!isJson(request.headers.get('content-type'))) {
    return refuse({
      status: 415,
      title: 'Unsupported Media Type',
      detail: 'A reading is application/json.',
    })
  }
  const body = await readBody(request)
  if (body === null) {
    return refuse({
      status: 413,
      title: 'Content Too Large',
      detail: `A reading has at most ${BODY_BYTES_MAX} bytes.`,
    })
  }
  const reading = readReading(body)
  if (!reading.ok)
    return refuse({ status: 400, title: 'Bad Request', detail: EXPLANATIONS[reading.error] })
  const { temperature, time, timeMs } = reading.value
  const key = `reading:${await nameGroup(request.headers)}:${sortNewestFirst(timeMs)}:${crypto.randomUUID()}`
  const stored: Reading = { temperature, time }
  // In the metadata, because a list then needs no further reads.
  await readings.put(key, '', { metadata: stored, expirationTtl: KEPT_SECONDS })
  return Response.json(stored, { status: 201 })
}

const EXPLANATIONS: Readonly<Record<ReadingError, string>> = {
  not_json: 'The body is not JSON.',
  not_an_object: 'The body is not a JSON object.',
  invalid_temperature: 'temperature must be a number, or a string that holds one.',
  invalid_time: 'time must be an RFC 3339 date and time, such as 2020-09-28T02:57:49Z.',
}

/** The organisation of the verified certificate, which the shield forwards, else the client's address; hashed to a bounded key. */
async function nameGroup(headers: Headers): Promise<string> {
  const organization = readOrganization(headers.get('cf-cert-subject-dn-rfc2253') ?? '')
  const group =
    organization === null
      ? `address ${headers.get('cf-connecting-ip') ?? ''}`
      : `organization ${organization}`
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(group))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999)

function sortNewestFirst(timeMs: number): string {
  return String(Math.max(0, LATEST_MS - timeMs)).padStart(15, '0')
}

function isJson(contentType: string | null): boolean {
  return contentType?.split(';')[0]?.trim().toLowerCase() === 'application/json'
}

/** Null when it is too long; read no further than that. */
async function readBody(request: Request): Promise<string | null> {
  const decoder = new TextDecoder()
  let text = ''
  let bytes = 0
  for await (const chunk of request.body ?? []) {
    bytes += chunk.byteLength
    if (bytes > BODY_BYTES_MAX) return null
    text += decoder.decode(chunk, { stream: true })
  }
  return text + decoder.decode()
}

type Problem = { readonly status: number; readonly title: string; readonly detail: string }

/** RFC 9457. */
function refuse(problem: Problem): Response {
  return Response.json(
    { type: 'about:blank', ...problem },
    { status: problem.status, headers: { 'content-type': 'application/problem+json' } },
  )
}
