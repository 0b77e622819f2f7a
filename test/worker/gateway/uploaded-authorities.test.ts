/** Authorities that the operator uploaded, beside one another: each counts for its hostnames, and its lists revoke. */
import { readCertificate, readRevocationList } from '#engines/certificates'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Put } from '../../../worker/storage/ports.ts'
import type {
  MtlsCertificate,
  RevocationList,
} from '../../../worker/storage/resources/certificates.ts'
import {
  makeTestAuthority,
  makeTestLeaf,
  makeTestList,
  type TestAuthority,
  type TestLeaf,
} from '../../support/authorities.ts'
import { call, commit, described } from './zone.ts'

const HOUR_MS = 3_600_000

let blueRoot: TestAuthority
let blueIssuer: TestAuthority
let redRoot: TestAuthority
let sensor: TestLeaf

beforeAll(async () => {
  blueRoot = await makeTestAuthority({ name: 'blue root' })
  blueIssuer = await makeTestAuthority({ name: 'blue issuer', issuer: blueRoot })
  redRoot = await makeTestAuthority({ name: 'red root' })
  sensor = await makeTestLeaf(blueIssuer, 'sensor', {
    organization: 'Testers',
    alternativeNames: [
      { type: 'dns', value: 'Sensor-7.Example' },
      { type: 'url', value: 'spiffe://example/sensor' },
    ],
  })
  await commit([
    uploaded('blue', blueRoot.pem + blueIssuer.pem),
    uploaded('red', redRoot.pem),
    associated('blue', ['blue.example', 'both.example']),
    associated('red', ['red.example', 'both.example']),
    { collection: 'ruleset', id: 'r', body: RULESET },
  ])
}, 60_000)

describe('a hostname', () => {
  test.each([
    ['blue.example', 200],
    ['both.example', 200],
    ['red.example', 403],
  ])('%s answers a client of blue with %i', async (host, status) => {
    const { response, event } = await call(await described(sensor.pem), { host })
    expect(response.status).toBe(status)
    if (status === 403) {
      expect((await event())?.findings).toMatchObject([{ reason: 'authority_of_another_hostname' }])
    }
  })

  test('the other answers a client of red, whatever was found about it before', async () => {
    const client = await described((await makeTestLeaf(redRoot, 'red client')).pem)
    expect((await call(client, { host: 'blue.example' })).response.status).toBe(403)
    expect((await call(client, { host: 'red.example' })).response.status).toBe(200)
    expect((await call(client, { host: 'both.example' })).response.status).toBe(200)
    expect((await call(client, { host: 'blue.example' })).response.status).toBe(403)
  })

  test('whose authority is gone lets nobody in', async () => {
    await commit([associated('gone', ['gone.example'])])
    const { response, event } = await call(await described(sensor.pem), { host: 'gone.example' })
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'authority_of_another_hostname' }])
  })
})

describe('intermediates', () => {
  test('come from the client where the upload has none, and the origin gets the verified chain', async () => {
    const issuer = await makeTestAuthority({ name: 'red issuer', issuer: redRoot })
    const stranger = await makeTestAuthority({ name: 'stranger' })
    const leaf = await makeTestLeaf(issuer, 'with chain')
    const alone = await call(await described(leaf.pem), { host: 'red.example' })
    expect(alone.response.status).toBe(403)
    const client = await described(leaf.pem, stranger.pem + issuer.pem + redRoot.pem)
    const { response } = await call(client, { host: 'red.example' })
    expect(response.status).toBe(200)
    const { headers } = await response.json<{ headers: Record<string, string> }>()
    expect(headers['client-cert']).toBe(client.certRFC9440)
    expect(headers['client-cert-chain']).toBe(
      `:${btoa(String.fromCharCode(...new Uint8Array(issuer.certificate.rawData)))}:`,
    )
  })

  test('come from the upload, and the origin gets them too', async () => {
    const { response } = await call(await described(sensor.pem), { host: 'blue.example' })
    const { headers } = await response.json<{ headers: Record<string, string> }>()
    expect(headers['client-cert-chain']).toMatch(/^:[A-Za-z0-9+/=]+:$/)
    expect(JSON.stringify(headers)).not.toContain('Zm9yZ2Vk')
  })
})

test('an unverified certificate is not forwarded', async () => {
  const stranger = await makeTestAuthority({ name: 'stranger' })
  const client = await described((await makeTestLeaf(stranger, 'x')).pem)
  const { response } = await call(client, { host: 'blue.example', path: '/open' })
  expect(response.status).toBe(200)
  const { headers } = await response.json<{ headers: Record<string, string> }>()
  expect(headers).toMatchObject({
    'cf-cert-presented': 'true',
    'cf-cert-verified': 'false',
    'cf-cert-revoked': 'false',
  })
  expect(Object.keys(headers).filter((name) => name.startsWith('client'))).toEqual([])
})

describe('fields of a verified certificate', () => {
  test.each([
    'cf.portcullis.client_certificate.common_name eq "sensor"',
    'cf.portcullis.client_certificate.organization eq "Testers"',
    'any(cf.portcullis.client_certificate.san_dns[*] eq "sensor-7.example")',
    'any(cf.portcullis.client_certificate.san_uri[*] eq "spiffe://example/sensor")',
    'len(cf.portcullis.client_certificate.spki_sha256) eq 64',
    'cf.portcullis.client_certificate.age_seconds ge 86400',
    'cf.portcullis.client_certificate.age_seconds lt 86500',
    'cf.portcullis.client_certificate.authority_id eq "blue"',
  ])('%s', async (expression) => {
    const path = `/fields/${crypto.randomUUID()}`
    const rule = { ...RULE, id: path, ref: path, action: 'block' } as const
    const guarded = `http.request.uri.path eq "${path}" and not (${expression})`
    await commit([
      {
        collection: 'ruleset',
        id: 'r',
        body: { ...RULESET, rules: [{ ...rule, expression: guarded }] },
      },
    ])
    const known = await call(await described(sensor.pem), { host: 'blue.example', path })
    expect(known.response.status).toBe(200)
    // Of a certificate that is not verified here they are missing.
    const other = await call(await described(sensor.pem), { host: 'red.example', path })
    expect(other.response.status).toBe(403)
    await commit([{ collection: 'ruleset', id: 'r', body: RULESET }])
  })
})

describe('revocation lists', () => {
  test('stop a client at the next request, and let it in again with the next list', async () => {
    const client = await described(sensor.pem)
    const ask = () => call(client, { host: 'blue.example' })
    expect((await ask()).response.status).toBe(200)
    await putList('blue', blueIssuer, { serials: [sensor.serial], number: 1 })
    const { response, event } = await ask()
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'revoked' }])
    await putList('blue', blueIssuer, { serials: [], number: 2 })
    expect((await ask()).response.status).toBe(200)
  })

  test('of the root stop whatever a revoked intermediate has signed', async () => {
    await putList('blue', blueRoot, {
      serials: [blueIssuer.certificate.serialNumber],
      number: 1,
    })
    const { response, event } = await call(await described(sensor.pem), { host: 'blue.example' })
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'issuer_revoked' }])
    await putList('blue', blueRoot, { serials: [], number: 2 })
  })

  test('count wherever their issuer is trusted, whichever authority they were brought for', async () => {
    await commit([uploaded('issuer', blueIssuer.pem), associated('issuer', ['issuer.example'])])
    const ask = async () => call(await described(sensor.pem), { host: 'issuer.example' })
    expect((await ask()).response.status).toBe(200)
    await putList('blue', blueIssuer, { serials: [sensor.serial], number: 3 })
    const { response, event } = await ask()
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'revoked' }])
    await putList('blue', blueIssuer, { serials: [], number: 4 })
  })

  test('speak of their own issuer only', async () => {
    await putList('blue', blueRoot, { serials: [sensor.serial], number: 3 })
    const { response } = await call(await described(sensor.pem), { host: 'blue.example' })
    expect(response.status).toBe(200)
    await putList('blue', blueRoot, { serials: [], number: 4 })
  })

  test.each([
    { onStale: 'refuse', status: 403 },
    { onStale: 'accept', status: 200 },
  ] as const)('out of date: $onStale', async ({ onStale, status }) => {
    await commit([uploaded('blue', blueRoot.pem + blueIssuer.pem, { on_stale: onStale })])
    const nextUpdate = new Date(Date.now() - 1000)
    const thisUpdate = new Date(Date.now() - HOUR_MS)
    await putList('blue', blueIssuer, { serials: [], number: 3, thisUpdate, nextUpdate })
    const { response, event } = await call(await described(sensor.pem), { host: 'blue.example' })
    expect(response.status).toBe(status)
    if (status === 403) {
      expect((await event())?.findings).toMatchObject([{ reason: 'revocation_list_stale' }])
    }
    // What it revokes stays revoked either way.
    const late = { serials: [sensor.serial], number: 4, thisUpdate, nextUpdate }
    await putList('blue', blueIssuer, late)
    const revoked = await call(await described(sensor.pem), { host: 'blue.example' })
    expect(revoked.response.status).toBe(403)
    expect((await revoked.event())?.findings).toMatchObject([{ reason: 'revoked' }])
    await putList('blue', blueIssuer, { serials: [], number: 5 })
  })

  test.each([
    { onStale: 'refuse', status: 403 },
    { onStale: 'accept', status: 200 },
  ] as const)('that are to be fetched and never came: $onStale', async ({ onStale, status }) => {
    const crl_urls = ['https://crl.example/red.crl']
    await commit([uploaded('red', redRoot.pem, { on_stale: onStale, crl_urls })])
    const client = await described((await makeTestLeaf(redRoot, 'red client')).pem)
    const { response, event } = await call(client, { host: 'red.example' })
    expect(response.status).toBe(status)
    if (status === 403) {
      expect((await event())?.findings).toMatchObject([{ reason: 'revocation_list_missing' }])
    }
    await commit([uploaded('red', redRoot.pem)])
  })
})

const RULE = {
  id: 'mtls',
  ref: 'mtls',
  version: '1',
  action: 'block',
  description: 'clients need a certificate',
  enabled: true,
  expression: 'not cf.tls_client_auth.cert_verified and http.request.uri.path ne "/open"',
  last_updated: '',
} as const

const RULESET = {
  id: 'r',
  kind: 'zone',
  name: 'default',
  description: '',
  phase: 'http_request_firewall_custom',
  version: '1',
  last_updated: '',
  rules: [RULE],
} as const

function uploaded(
  id: string,
  certificates: string,
  revocation: Partial<MtlsCertificate['revocation']> = {},
): Put {
  const body: MtlsCertificate = {
    id,
    ca: true,
    certificates,
    expires_on: '',
    issuer: '',
    name: id,
    serial_number: '',
    signature: '',
    type: 'custom',
    uploaded_on: '',
    allow_sha1: false,
    revocation: { crl_urls: [], on_stale: 'refuse', ...revocation },
  }
  return { collection: 'mtls_certificate', id, body }
}

function associated(id: string, hostnames: readonly string[]): Put {
  return {
    collection: 'hostname_association',
    id,
    body: { certificate_authority_id: id, hostnames },
  }
}

async function putList(
  authorityId: string,
  issuer: TestAuthority,
  options: Parameters<typeof makeTestList>[1],
): Promise<void> {
  const bytes = await makeTestList(issuer, options)
  const issuers = [blueRoot, blueIssuer, redRoot]
    .map(({ certificate }) => readCertificate(new Uint8Array(certificate.rawData)))
    .flatMap((certificate) => (certificate.ok ? [certificate.value] : []))
  const read = await readRevocationList({ bytes, issuers, nowMs: Date.now(), allowSha1: false })
  if (!read.ok) throw new Error(JSON.stringify(read.error))
  const { issuerSpkiSha256, nextUpdate, parts } = read.value
  const id = `${authorityId}-${issuerSpkiSha256.slice(0, 8)}`
  const body: RevocationList = {
    id,
    mtls_certificate_id: authorityId,
    issuer_spki_sha256: issuerSpkiSha256,
    issuer: read.value.issuer,
    point_sha256: null,
    crl_number: read.value.crlNumber,
    this_update: '',
    next_update: nextUpdate === null ? null : new Date(nextUpdate * 1000).toISOString(),
    entries: read.value.entries,
    parts: 1,
    characters: 0,
    sha256: '',
    url: null,
    received_at: '',
  }
  await commit([
    { collection: 'revocation_list', id, body },
    ...[...parts, ''].slice(0, 1).map((serials): Put => ({
      collection: 'revocation_list_part',
      id: `${id}/0`,
      body: { revocation_list_id: id, number: 0, serials },
    })),
  ])
}
