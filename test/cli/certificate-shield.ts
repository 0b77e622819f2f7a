/** A management API that knows client certificates and nothing else, so that commands can be tried without a shield. */
import { createServer, type Server } from 'node:http'
import {
  type AuthorityKeys,
  createAuthority,
  issueClientCertificate,
  readSigningRequest,
  serialFrom,
} from '#engines/certificates'

export type FakeShield = {
  readonly environment: Readonly<Record<string, string>>
  /** `METHOD /path body` of each call below the zone. */
  readonly calls: string[]
  readonly server: Server
}

type Stored = {
  readonly id: string
  readonly csr: string
  readonly status: string
  readonly expires_on: string
  readonly [name: string]: unknown
}

const TOKEN = 'token-of-the-shield'
const ZONE_ID = 'f'.repeat(32)
const DAY_MS = 86_400_000

export async function startFakeShield(): Promise<FakeShield> {
  const random = (octets: number) => crypto.getRandomValues(new Uint8Array(octets))
  const nowMs = Date.now() - 400 * DAY_MS
  const authority = await createAuthority({ name: 'fake', nowMs, validityDays: 9000, random })
  const stored: Stored[] = []
  const calls: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const path = (request.url ?? '').replace(`/client/v4/zones/${ZONE_ID}`, '')
      const body = Buffer.concat(chunks).toString()
      const { method = '' } = request
      calls.push(`${method} ${path} ${body}`)
      const isAllowed = request.headers.authorization === `Bearer ${TOKEN}`
      void (isAllowed ? answer({ method, path, body }, stored, authority) : denied(10000)).then(
        (envelope) => response.end(JSON.stringify(envelope)),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  const environment = {
    PORTCULLIS_URL: `http://127.0.0.1:${address.port}`,
    API_TOKEN: TOKEN,
    ZONE_ID,
  }
  return { environment, calls, server }
}

type Asked = { readonly method: string; readonly path: string; readonly body: string }

async function answer(
  { method, path, body }: Asked,
  stored: Stored[],
  authority: AuthorityKeys,
): Promise<object> {
  const [, id = ''] = /client_certificates\/([^/]+)/.exec(path) ?? []
  const index = stored.findIndex((certificate) => certificate.id === id)
  const found = stored[index]
  if (method === 'GET') return done(listed(stored, new URL(path, 'http://x').searchParams))
  if (id !== '' && found === undefined) return denied(7003)
  if (method === 'DELETE' && found !== undefined) {
    stored[index] = { ...found, status: 'revoked' }
    return done(stored[index])
  }
  const { csr = found?.csr ?? '', validity_days = 365 } = JSON.parse(body) as Partial<
    Record<'csr', string> & Record<'validity_days', number>
  >
  const request = await readSigningRequest(csr)
  if (!request.ok) return denied(1400, request.error.message)
  // A validity of one day was issued so long ago that it is over.
  const nowMs = Date.now() - (validity_days === 1 ? 2 * DAY_MS : 0)
  const serial = serialFrom(crypto.getRandomValues(new Uint8Array(16)))
  const issued = await issueClientCertificate({
    request: request.value,
    authority,
    validityDays: validity_days,
    nowMs,
    serial,
  })
  if (!issued.ok) return denied(1400, issued.error.reason)
  const certificate = { id: crypto.randomUUID(), csr, status: 'active', ...issued.value }
  stored.push(certificate)
  return done(certificate)
}

function listed(stored: readonly Stored[], query: URLSearchParams): readonly Stored[] {
  const status = query.get('status')
  const perPage = Number(query.get('per_page'))
  const start = (Number(query.get('page')) - 1) * perPage
  return stored
    .filter((certificate) => status === 'all' || certificate.status === status)
    .slice(start, start + perPage)
}

function done(result: unknown): object {
  return { success: true, errors: [], messages: [], result }
}

async function denied(code: number, message = 'no'): Promise<object> {
  return { success: false, errors: [{ code, message }], messages: [], result: null }
}
