import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../../worker/management/limits.ts'
import type { ManagementPorts } from '../../../../../worker/management/ports.ts'
import { refreshRevocationLists } from '../../../../../worker/management/portcullis/revocation/refresh.ts'
import type {
  MtlsCertificate,
  RevocationFetch,
  RevocationList,
} from '../../../../../worker/storage/resources/certificates.ts'
import { makeTestAuthority, makeTestList, pemOfList } from '../../../../support/authorities.ts'
import { A, type Caller, callerOf, NO_SUCH_ID, portsOf, Z } from '../../../../support/management.ts'

const HOUR_MS = 3_600_000
const URL_1 = 'http://crl.example.com/root.crl'

type State = {
  readonly crl_urls: readonly string[]
  readonly on_stale: string
  readonly lists: readonly RevocationList[]
  readonly fetches: readonly RevocationFetch[]
}

const root = await makeTestAuthority({ name: 'Root' })
const intermediate = await makeTestAuthority({ name: 'Intermediate', issuer: root })
const stranger = await makeTestAuthority({ name: 'Stranger' })

const ago = (ms: number) => new Date(Date.now() - ms)

let zones = 0

/** A zone with one uploaded authority; `serve` is the network, `clock.ms` the time. */
async function zoneOf(serve?: (url: string) => Response | Promise<Response>) {
  const clock = { ms: Date.now() }
  const ports: ManagementPorts = portsOf(`revocation-${zones++}`, {
    nowMs: () => clock.ms,
    remote: {
      allowPrivate: false,
      fetch: async (url) => serve?.(url) ?? new Response('', { status: 404 }),
    },
  })
  const call = callerOf(ports)
  const { result, errors } = await call<MtlsCertificate>(`POST ${A}/mtls_certificates`, {
    body: { ca: true, certificates: root.pem + intermediate.pem, name: 'fleet' },
  })
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  const path = `${Z}/portcullis/mtls_certificates/${result.id}`
  return { clock, ports, call, path, id: result.id }
}

async function put(call: Caller, path: string, der: Uint8Array<ArrayBuffer>) {
  return call<RevocationList>(`PUT ${path}/crl`, {
    body: pemOfList(der),
    headers: { ...AUTHORIZED, 'content-type': 'application/x-pem-file' },
  })
}

const AUTHORIZED = { authorization: 'Bearer test-token' }

async function partsOf(ports: ManagementPorts) {
  const { documents } = await ports.zone.read({ revocation_list_part: 'all' })
  return documents.revocation_list_part
}

async function failuresOf(ports: ManagementPorts) {
  const events = await ports.events.list({ limit: 100, source: 'portcullis' })
  return events.filter(({ reason }) => reason === 'revocation_list_failed')
}

describe('200', () => {
  test('an uploaded list is in force with the answer, and a newer one takes its place', async () => {
    const { ports, call, path, id } = await zoneOf()
    const first = await put(call, path, await makeTestList(root, { number: 1, serials: ['0a'] }))
    expect(first).toMatchObject({
      status: 200,
      result: {
        mtls_certificate_id: id,
        issuer: 'O=Test,CN=Root',
        issuer_spki_sha256: expect.stringMatching(/^[\da-f]{64}$/),
        crl_number: '1',
        entries: 1,
        parts: 1,
        url: null,
      },
    })
    const second = await put(
      call,
      path,
      await makeTestList(root, { number: 2, serials: ['0a', '0b'] }),
    )
    expect(second.result).toMatchObject({ id: first.result.id, crl_number: '2', entries: 2 })
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result).toEqual({
      crl_urls: [],
      on_stale: 'refuse',
      lists: [second.result],
      fetches: [],
    })
    expect(await partsOf(ports)).toHaveLength(1)
  })

  test('an intermediate of the bundle has a list of its own', async () => {
    const { call, path } = await zoneOf()
    await put(call, path, await makeTestList(root, { number: 1, serials: [] }))
    await put(call, path, await makeTestList(intermediate, { number: 1, serials: ['0c'] }))
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.lists.map(({ issuer, entries }) => [issuer, entries])).toEqual([
      ['O=Test,CN=Root', 0],
      ['O=Test,CN=Intermediate', 1],
    ])
  })

  test('DER and JSON are taken like PEM, and the same list again writes nothing', async () => {
    const { ports, path, call } = await zoneOf()
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const { status, result } = await put(call, path, der)
    expect(status).toBe(200)
    const { version } = await ports.zone.read({})
    const again = await put(call, path, der)
    expect(again.result).toEqual(result)
    expect((await ports.zone.read({})).version).toBe(version)
    const inJson = await call<RevocationList>(`PUT ${path}/crl`, {
      body: { crl: pemOfList(await makeTestList(root, { number: 3, serials: [] })) },
      headers: { ...AUTHORIZED, 'content-type': 'application/json; charset=utf-8' },
    })
    expect(inJson).toMatchObject({ status: 200, result: { crl_number: '3' } })
  })

  test('a new URL is fetched before the answer, and one that goes is forgotten', async () => {
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const asked: string[] = []
    const zone = await zoneOf((url) => {
      asked.push(url)
      return new Response(der)
    })
    const { call, path } = zone
    const body = { crl_urls: [URL_1, URL_1], on_stale: 'accept' }
    const { status, result } = await call<State>(`PUT ${path}/revocation`, { body })
    expect(status).toBe(200)
    expect(asked).toEqual([URL_1])
    expect(result).toMatchObject({
      crl_urls: [URL_1],
      on_stale: 'accept',
      lists: [{ url: URL_1, entries: 1 }],
      fetches: [{ url: URL_1, failure: null, succeeded_at: new Date(zone.clock.ms).toISOString() }],
    })
    const emptied = await call<State>(`PUT ${path}/revocation`, { body: {} })
    expect(emptied.result).toMatchObject({ crl_urls: [], on_stale: 'refuse', fetches: [] })
    expect(emptied.result.lists).toHaveLength(1)
  })

  test('a list that is deleted goes with its parts, and only under its own authority', async () => {
    const { ports, call, path } = await zoneOf()
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const { result } = await put(call, path, der)
    const elsewhere = `${Z}/portcullis/mtls_certificates/${NO_SUCH_ID}/crl/${result.id}`
    expect((await call(`DELETE ${elsewhere}`)).status).toBe(404)
    expect(await partsOf(ports)).toHaveLength(1)
    expect(await call(`DELETE ${path}/crl/${result.id}`)).toMatchObject({ status: 200, result })
    expect(await partsOf(ports)).toEqual([])
    expect((await call(`DELETE ${path}/crl/${result.id}`)).status).toBe(404)
  })

  test('deleting the authority takes its lists, their parts and its fetches along', async () => {
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const { ports, call, path, id } = await zoneOf(() => new Response(der))
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    expect(await partsOf(ports)).toHaveLength(1)
    expect((await call(`DELETE ${A}/mtls_certificates/${id}`)).status).toBe(200)
    const { documents } = await ports.zone.read({
      revocation_list: 'all',
      revocation_list_part: 'all',
      revocation_fetch: 'all',
    })
    expect(Object.values(documents).flat()).toEqual([])
  })
})

describe('the schedule', () => {
  test('fetches when the newest list says that the next one comes, at least hourly', async () => {
    let asked = 0
    let nextUpdate = new Date(Date.now() + 20 * 60_000)
    const { clock, ports, call, path } = await zoneOf(async () => {
      asked += 1
      return new Response(await makeTestList(root, { number: asked, nextUpdate, serials: [] }))
    })
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    await refreshRevocationLists(ports)
    expect(asked).toBe(1)
    clock.ms += 21 * 60_000
    nextUpdate = new Date(clock.ms + 100 * HOUR_MS)
    await refreshRevocationLists(ports)
    await refreshRevocationLists(ports)
    expect(asked).toBe(2)
    clock.ms += 59 * 60_000
    await refreshRevocationLists(ports)
    expect(asked).toBe(2)
    clock.ms += 60_000
    await refreshRevocationLists(ports)
    expect(asked).toBe(3)
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.lists).toMatchObject([{ crl_number: '3' }])
  })

  test('an identical list leaves the stored one untouched', async () => {
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const { clock, ports, call, path } = await zoneOf(() => new Response(der))
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    const before = await call<State>(`GET ${path}/revocation`)
    clock.ms += HOUR_MS
    await refreshRevocationLists(ports)
    const after = await call<State>(`GET ${path}/revocation`)
    expect(after.result.lists).toEqual(before.result.lists)
    expect(after.result.fetches[0]?.succeeded_at).toBe(new Date(clock.ms).toISOString())
    const [newest] = await ports.zone.audit(1)
    expect(newest?.changes.map(({ resource }) => resource.split('/')[0])).toEqual([
      'revocation_fetch',
    ])
  })

  test('a failure keeps the list in force, backs off, and leaves one event', async () => {
    let isDown = false
    let asked = 0
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    const { clock, ports, call, path } = await zoneOf(() => {
      asked += 1
      return isDown ? new Response('', { status: 503 }) : new Response(der)
    })
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    isDown = true
    clock.ms += HOUR_MS
    const askedAt: number[] = []
    for (let minute = 0; minute < 20; minute++) {
      const before = asked
      await refreshRevocationLists(ports)
      if (asked > before) askedAt.push(minute)
      clock.ms += 60_000
    }
    expect(askedAt).toEqual([0, 1, 3, 7, 15])
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.lists).toHaveLength(1)
    expect(result.fetches[0]?.failure).toBe('It answered with status 503.')
    const failures = await failuresOf(ports)
    expect(failures).toHaveLength(1)
    expect(failures[0]?.rule_description).toContain(`could not be renewed from ${URL_1}`)
    isDown = false
    clock.ms += HOUR_MS
    await refreshRevocationLists(ports)
    const recovered = await call<State>(`GET ${path}/revocation`)
    expect(recovered.result.fetches[0]?.failure).toBeNull()
  })

  test.each([
    ['a redirect', () => Response.redirect('https://evil.example/'), /redirects/],
    [
      'a list that says that it is too large',
      () =>
        new Response('x', {
          headers: { 'content-length': String(LIMITS.revocationListBytesMax + 1) },
        }),
      /larger than/,
    ],
    ['text that is no list', () => new Response('<html>'), /neither DER nor PEM|cannot be read/],
    [
      'a list of another authority',
      async () => new Response(await makeTestList(stranger, { number: 1, serials: [] })),
      /signed by O=Test,CN=Stranger/,
    ],
  ])('%s is a failure with its reason', async (_name, serve, reason) => {
    const { ports, call, path } = await zoneOf(serve)
    const { result } = await call<State>(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    expect(result.lists).toEqual([])
    expect(result.fetches[0]?.failure).toMatch(reason)
    expect(await failuresOf(ports)).toHaveLength(1)
  })

  test('an older list from a lagging mirror never replaces the newer one', async () => {
    const newer = await makeTestList(root, { number: 9, serials: ['0a'] })
    const older = await makeTestList(root, { number: 8, serials: [], thisUpdate: ago(HOUR_MS) })
    const { call, path } = await zoneOf((url) => new Response(url === URL_1 ? newer : older))
    const crl_urls = [URL_1, 'http://mirror.example.com/root.crl']
    const { result } = await call<State>(`PUT ${path}/revocation`, { body: { crl_urls } })
    expect(result.lists).toMatchObject([{ crl_number: '9', entries: 1 }])
    expect(result.fetches.map(({ failure }) => failure)).toEqual([
      null,
      expect.stringContaining('older than the list in force'),
    ])
  })

  test('begins no other fetch when its time is over, and goes on with the next run', async () => {
    const asked: string[] = []
    let isSlow = false
    const { clock, ports, call, path } = await zoneOf((url) => {
      asked.push(url)
      if (isSlow) clock.ms += LIMITS.revocationFetchTimeoutMs
      return new Response('', { status: 500 })
    })
    const crl_urls = [1, 2, 3, 4].map((n) => `https://crl.example.com/${n}`)
    await call(`PUT ${path}/revocation`, { body: { crl_urls } })
    clock.ms += HOUR_MS
    asked.length = 0
    isSlow = true
    await refreshRevocationLists(ports)
    expect(asked).toEqual(crl_urls.slice(0, 2))
    await refreshRevocationLists(ports)
    expect(asked).toEqual(crl_urls)
  })

  test('an authority that this release cannot read any more is a failure, not the end of the run', async () => {
    const { clock, ports, call, path, id } = await zoneOf(() => new Response('x'))
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    const { version, documents } = await ports.zone.read({ mtls_certificate: [id] })
    const [stored] = documents.mtls_certificate
    if (stored === undefined) throw new Error('the authority is stored')
    const body = { ...stored, certificates: 'unreadable' }
    const puts = [{ collection: 'mtls_certificate', id, body } as const]
    await ports.zone.commit({ basedOn: version, puts, deletes: [], actor: '', action: '' })
    clock.ms += HOUR_MS
    await refreshRevocationLists(ports)
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.fetches[0]?.failure).toContain('cannot be used any more')
  })

  test('a URL that was removed while its list was fetched changes nothing', async () => {
    const der = await makeTestList(root, { number: 1, serials: ['0a'] })
    let meanwhile = async () => {}
    const { clock, ports, call, path } = await zoneOf(async () => {
      await meanwhile()
      return new Response(der)
    })
    await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1] } })
    meanwhile = async () => {
      await call(`PUT ${path}/revocation`, { body: { crl_urls: [] } })
    }
    clock.ms += HOUR_MS
    await refreshRevocationLists(ports)
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.fetches).toEqual([])
  })
})

describe('400', () => {
  test.each([
    ['a private address', 'http://10.0.0.1/a.crl'],
    ['a name of a private network', 'http://localhost/a.crl'],
    ['another scheme', 'ldap://crl.example.com/a'],
    ['credentials', 'https://me:secret@crl.example.com/a.crl'],
    ['no URL', 'hello'],
  ])('%s is refused with its place', async (_name, url) => {
    const { call, path } = await zoneOf()
    const reply = await call(`PUT ${path}/revocation`, { body: { crl_urls: [URL_1, url] } })
    expect(reply).toMatchObject({ status: 400, errors: [{ source: { pointer: '/crl_urls/1' } }] })
  })

  test.each([
    ['at', LIMITS.revocationUrlsMax, 200],
    ['above', LIMITS.revocationUrlsMax + 1, 400],
  ])('URLs %s the bound', async (_name, count, status) => {
    const { call, path } = await zoneOf()
    const crl_urls = Array.from({ length: count }, (_, n) => `https://crl.example.com/${n}`)
    const reply = await call(`PUT ${path}/revocation`, { body: { crl_urls } })
    expect(reply.status).toBe(status)
  })

  test('a list that another authority has signed', async () => {
    const { call, path } = await zoneOf()
    const reply = await put(call, path, await makeTestList(stranger, { number: 1, serials: [] }))
    expect(reply).toMatchObject({ status: 400, errors: [{ code: 1308 }] })
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.lists).toEqual([])
  })

  test('a list whose signature does not hold', async () => {
    const { call, path } = await zoneOf()
    const der = await makeTestList(root, { number: 1, serials: [] })
    const forged = der.map((octet, index) => (index === der.length - 1 ? octet ^ 1 : octet))
    expect((await put(call, path, forged)).status).toBe(400)
  })
})

describe('404', () => {
  test.each([
    ['GET', 'revocation', undefined],
    ['PUT', 'revocation', {}],
    ['PUT', 'crl', 'x'],
  ])('%s %s of an authority that is not there', async (method, name, body) => {
    const { call } = await zoneOf()
    const line = `${method} ${Z}/portcullis/mtls_certificates/${NO_SUCH_ID}/${name}`
    expect((await call(line, { body })).status).toBe(404)
  })
})

describe('409', () => {
  test.each([
    ['a lower number', { number: 4 }],
    ['an earlier date', { number: 6, thisUpdate: ago(HOUR_MS) }],
  ])('%s than the list in force', async (_name, options) => {
    const { call, path } = await zoneOf()
    await put(call, path, await makeTestList(root, { number: 5, serials: ['0a'] }))
    const reply = await put(call, path, await makeTestList(root, { serials: [], ...options }))
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1309 }] })
    const { result } = await call<State>(`GET ${path}/revocation`)
    expect(result.lists).toMatchObject([{ crl_number: '5', entries: 1 }])
  })
})

describe('413', () => {
  test('a list beyond the bound is refused unread', async () => {
    const { call, path } = await zoneOf()
    const reply = await call(`PUT ${path}/crl`, {
      body: 'x'.repeat(LIMITS.revocationListBytesMax + 1),
      headers: { ...AUTHORIZED, 'content-type': 'application/pkix-crl' },
    })
    expect(reply.status).toBe(413)
  })
})
