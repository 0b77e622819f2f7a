/** Mutual TLS over real handshakes: uploaded authorities, their lists, the managed one beside them, and what the origin sees. */
import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { request } from 'node:https'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { runCommand } from '../cli/command-line.ts'
import {
  makeTestAuthority,
  makeTestLeaf,
  makeTestList,
  pemOfList,
  type TestAuthority,
  type TestLeaf,
} from '../support/authorities.ts'
import { makeLargeList } from '../support/large-list.ts'
import { readText } from '../support/edge.ts'
import { type Origin, type Shield, startOrigin, startShield } from '../support/shield.ts'

const BLUE = 'blue.example.com'
const RED = 'red.example.com'
const MANAGED = 'managed.example.com'

let origin: Origin
let shield: Shield
let blueRoot: TestAuthority
let blueIssuer: TestAuthority
let redRoot: TestAuthority
let blueId: string
let blueClient: TestLeaf

beforeAll(async () => {
  origin = await startOrigin()
  shield = await startShield({ originUrl: origin.url })
  blueRoot = await makeTestAuthority({ name: 'blue root' })
  blueIssuer = await makeTestAuthority({ name: 'blue issuer', issuer: blueRoot })
  redRoot = await makeTestAuthority({ name: 'red root' })
  blueClient = await makeTestLeaf(blueIssuer, 'blue client', { organization: 'Blue' })
  blueId = await upload('blue', blueRoot.pem + blueIssuer.pem)
  await associate(blueId, [BLUE])
  await associate(await upload('red', redRoot.pem), [RED])
  await associate(undefined, [MANAGED])
  await shield.api('PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint', {
    rules: [
      {
        ref: 'mtls',
        action: 'block',
        expression: 'not cf.tls_client_auth.cert_verified and http.request.uri.path ne "/open"',
      },
      {
        ref: 'organization',
        action: 'block',
        expression:
          'http.request.uri.path eq "/blue" and cf.portcullis.client_certificate.organization ne "Blue"',
      },
    ],
  })
})

afterAll(async () => {
  await shield.edge.stop()
  origin.server.close()
})

async function upload(name: string, certificates: string): Promise<string> {
  const path = `/accounts/${shield.edge.accountId}/mtls_certificates`
  const { id } = await shield.api<{ id: string }>(`POST ${path}`, { ca: true, certificates, name })
  return id
}

async function associate(mtls_certificate_id: string | undefined, hostnames: readonly string[]) {
  const path = 'PUT /zones/{zone}/certificate_authorities/hostname_associations'
  await shield.api(path, { hostnames, ...(mtls_certificate_id ? { mtls_certificate_id } : {}) })
}

async function putList(der: Uint8Array<ArrayBuffer>): Promise<void> {
  const path = `/zones/{zone}/portcullis/mtls_certificates/${blueId}/crl`
  await shield.api(`PUT ${path}`, { crl: pemOfList(der) })
}

type ClientOptions = {
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  /** PEM, sent after the leaf. */
  readonly chain?: string
  readonly pfx?: { readonly pfx: Buffer; readonly passphrase: string }
}

type Seen = { readonly status: number; readonly headers: Record<string, string>; reason: string }

/** One request on a connection of its own. */
async function ask(
  host: string,
  client: Pick<TestLeaf, 'pem' | 'privateKeyPem'> | null,
  { path = '/', headers = {}, chain = '', pfx }: ClientOptions = {},
): Promise<Seen> {
  const identity =
    client === null ? {} : { cert: `${client.pem}\n${chain}`, key: client.privateKeyPem }
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const sent = request(`${shield.edge.httpsUrl}${path}`, {
      headers: { ...headers, host },
      agent: false,
      ca: readFileSync(shield.edge.certificatePath),
      servername: 'localhost',
      ...identity,
      ...pfx,
    })
    sent.on('response', resolve)
    sent.on('error', reject)
    sent.end()
  })
  const body = JSON.parse(await readText(answer)) as {
    headers?: Record<string, string>
    instance?: string
  }
  const events = body.instance === undefined ? [] : await shield.events(body.instance)
  return {
    status: answer.statusCode ?? 0,
    headers: body.headers ?? {},
    reason: events[0]?.findings[0]?.reason ?? '',
  }
}

describe('two hostnames with an authority each', () => {
  test('take their own clients and refuse the other’s by name', async () => {
    const redClient = await makeTestLeaf(redRoot, 'red client')
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 200 })
    expect(await ask(RED, redClient)).toMatchObject({ status: 200 })
    const elsewhere = { status: 403, reason: 'authority_of_another_hostname' }
    expect(await ask(RED, blueClient)).toMatchObject(elsewhere)
    expect(await ask(BLUE, redClient)).toMatchObject(elsewhere)
    expect(await ask(MANAGED, blueClient)).toMatchObject(elsewhere)
    expect(await ask(BLUE, null)).toMatchObject({ status: 403, reason: 'not_presented' })
  })

  test('a rule may ask what a verified certificate says', async () => {
    const other = await makeTestLeaf(blueIssuer, 'other', { organization: 'Green' })
    expect(await ask(BLUE, blueClient, { path: '/blue' })).toMatchObject({ status: 200 })
    expect(await ask(BLUE, other, { path: '/blue' })).toMatchObject({ status: 403 })
  })
})

describe('the origin', () => {
  const forged = {
    'Client-Cert': ':Zm9yZ2Vk:',
    'Client-Cert-Chain': ':Zm9yZ2Vk:, :Zm9yZ2Vk:',
    Client_Cert: ':Zm9yZ2Vk:',
    'CLIENT-CERT_CHAIN': ':Zm9yZ2Vk:',
    'cf-cert-verified': 'true',
    'cf-cert-subject-dn': 'CN=Zm9yZ2Vk',
    CF_CERT_SUBJECT_DN: 'CN=Zm9yZ2Vk',
  }

  test('gets RFC 9440 and the managed transform’s headers for a verified certificate', async () => {
    const { headers } = await ask(BLUE, blueClient, { headers: forged })
    expect(JSON.stringify(headers)).not.toContain('Zm9yZ2Vk')
    expect(certificateOf(headers['client-cert']).subject).toContain('CN=blue client')
    expect(certificateOf(headers['client-cert-chain']).subject).toContain('CN=blue issuer')
    expect(headers).toMatchObject({
      'cf-cert-verified': 'true',
      'cf-cert-revoked': 'false',
      'cf-cert-subject-dn': 'O=Blue,CN=blue client',
    })
  })

  test('gets the chain that was verified when the client sends more and in disorder', async () => {
    const issuer = await makeTestAuthority({ name: 'red issuer', issuer: redRoot })
    const client = await makeTestLeaf(issuer, 'red client')
    const alone = await ask(RED, client)
    expect(alone).toMatchObject({ status: 403, reason: 'unknown_issuer' })
    const { status, headers } = await ask(RED, client, { chain: issuer.pem + redRoot.pem })
    expect(status).toBe(200)
    expect(certificateOf(headers['client-cert-chain']).subject).toContain('CN=red issuer')
  })

  test('gets nothing of one that is not verified', async () => {
    const stranger = await makeTestLeaf(await makeTestAuthority({ name: 'stranger' }), 'stranger')
    const { status, headers } = await ask(BLUE, stranger, { path: '/open', headers: forged })
    expect(status).toBe(200)
    const told = Object.keys(headers).filter((name) => /cert/i.test(name))
    expect(told.toSorted()).toEqual(['cf-cert-presented', 'cf-cert-revoked', 'cf-cert-verified'])
    expect(headers['cf-cert-verified']).toBe('false')
  })
})

describe('a revocation list', () => {
  test('stops a client at the next request', async () => {
    await putList(await makeTestList(blueIssuer, { number: 1, serials: [] }))
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 200 })
    await putList(await makeTestList(blueIssuer, { number: 2, serials: [blueClient.serial] }))
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 403, reason: 'revoked' })
    const { headers } = await ask(BLUE, blueClient, { path: '/open' })
    expect(headers).toMatchObject({ 'cf-cert-verified': 'false', 'cf-cert-revoked': 'true' })
    await putList(await makeTestList(blueIssuer, { number: 3, serials: [] }))
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 200 })
  })

  test('of 100,000 numbers does so too', async () => {
    const serials = Array.from({ length: 100_000 }, (_, index) => (0x400000 + index).toString(16))
    await putList(
      await makeLargeList(blueIssuer, { number: 4, serials: [...serials, blueClient.serial] }),
    )
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 403, reason: 'revoked' })
    await putList(await makeLargeList(blueIssuer, { number: 5, serials }))
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 200 })
  })

  test('that is out of date refuses its clients, or accepts them where the operator says so', async () => {
    const thisUpdate = new Date(Date.now() - 30_000)
    const nextUpdate = new Date(Date.now() - 2_000)
    const stale = { number: 6, serials: [], thisUpdate, nextUpdate }
    await putList(await makeTestList(blueIssuer, stale))
    const refused = { status: 403, reason: 'revocation_list_stale' }
    expect(await ask(BLUE, blueClient)).toMatchObject(refused)
    const path = `PUT /zones/{zone}/portcullis/mtls_certificates/${blueId}/revocation`
    await shield.api(path, { crl_urls: [], on_stale: 'accept' })
    expect(await ask(BLUE, blueClient)).toMatchObject({ status: 200 })
    await shield.api(path, { crl_urls: [], on_stale: 'refuse' })
    expect(await ask(BLUE, blueClient)).toMatchObject(refused)
  })
})

describe('the command line', () => {
  let directory: string
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'portcullis-cert-'))
    vi.stubEnv('PORTCULLIS_URL', shield.edge.httpUrl)
    vi.stubEnv('API_TOKEN', shield.edge.apiToken)
    vi.stubEnv('ZONE_ID', shield.edge.zoneId)
    vi.stubEnv('P12_PASSWORD', 'secret')
  })
  afterAll(() => {
    vi.unstubAllEnvs()
    rmSync(directory, { recursive: true, force: true })
  })

  test('issues a certificate that works, reissues it, and takes it back', async () => {
    const p12 = ['--p12', '--password-env', 'P12_PASSWORD']
    const issued = await runCommand(['cert', 'issue', '--cn', 'phone', ...p12, '--out', directory])
    expect(issued).toMatchObject({ exitCode: 0 })
    const client = () => ({
      pem: readFileSync(join(directory, 'phone.cert.pem'), 'utf8'),
      privateKeyPem: readFileSync(join(directory, 'phone.key.pem'), 'utf8'),
    })
    const first = client()
    expect(await ask(MANAGED, first)).toMatchObject({ status: 200 })
    const pfx = { pfx: readFileSync(join(directory, 'phone.p12')), passphrase: 'secret' }
    expect(await ask(MANAGED, null, { pfx })).toMatchObject({ status: 200 })

    const reissue = ['cert', 'reissue', idOf(issued), '--revoke-previous', '--out', directory]
    const reissued = await runCommand(reissue)
    expect(reissued).toMatchObject({ exitCode: 0 })
    expect(await ask(MANAGED, first)).toMatchObject({ status: 403, reason: 'revoked' })
    expect(await ask(MANAGED, client())).toMatchObject({ status: 200 })

    const listed = await runCommand(['cert', 'list', '--status', 'active'])
    expect(listed.rows).toMatchObject([{ id: idOf(reissued), common_name: 'phone' }])
    expect(await runCommand(['cert', 'revoke', idOf(reissued)])).toMatchObject({ exitCode: 0 })
    expect(await ask(MANAGED, client())).toMatchObject({ status: 403, reason: 'revoked' })
  })
})

function idOf({ rows }: Awaited<ReturnType<typeof runCommand>>): string {
  const [row] = rows as readonly { id?: string }[]
  return row?.id ?? ''
}

/** The one certificate of an RFC 9440 header. */
function certificateOf(header: string | undefined): X509Certificate {
  const [, base64 = ''] = /^:([A-Za-z0-9+/=]+):$/.exec(header ?? '') ?? []
  return new X509Certificate(Buffer.from(base64, 'base64'))
}
