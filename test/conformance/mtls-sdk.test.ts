/**
 * The official SDK's mtlsCertificates and certificateAuthorities against the shield on the local edge, and what they are for:
 * whose clients are let in over real TLS, until a revocation list says otherwise.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { request as requestHttps } from 'node:https'
import type Cloudflare from 'cloudflare'
import { BadRequestError, ConflictError, NotFoundError } from 'cloudflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import type { Origin } from '../support/shield.ts'
import {
  makeTestAuthority,
  makeTestLeaf,
  makeTestList,
  pemOfList,
  type TestLeaf,
} from '../support/authorities.ts'
import { shieldOf, startOrigin, startShield } from '../support/shield.ts'
import { requireContract } from './management-contract.ts'
import { all, checkExchanges, recordingClient, type Recording } from './recording.ts'

const HOST = 'mtls.example.com'
const NO_SUCH_ID = '00000000-0000-4000-8000-000000000000'

const root = await makeTestAuthority({ name: 'Fleet Root' })
const intermediate = await makeTestAuthority({ name: 'Fleet Issuer', issuer: root })
const other = await makeTestAuthority({ name: 'Other Root' })

let origin: Origin
let edge: Edge
let recording: Recording
let client: Cloudflare
let account_id: string
let zone_id: string

beforeAll(async () => {
  origin = await startOrigin()
  edge = (await startShield({ originUrl: origin.url })).edge
  recording = recordingClient(edge)
  client = recording.client
  zone_id = edge.zoneId
  const zone = await client.zones.get({ zone_id })
  account_id = zone.account.id ?? ''
})

afterAll(async () => {
  await edge?.stop()
  origin?.server.close()
})

const upload = (certificates: string, name: string) =>
  client.mtlsCertificates.create({ account_id, ca: true, certificates, name })

describe('mtlsCertificates', () => {
  test('create, list, get, associations.get, delete', async () => {
    const { mtlsCertificates } = client
    const created = await upload(root.pem + intermediate.pem, 'fleet')
    expect(created).toMatchObject({
      ca: true,
      certificates: root.pem + intermediate.pem,
      issuer: 'O=Test,CN=Fleet Root',
      name: 'fleet',
      signature: 'ECDSAWithSHA256',
      type: 'custom',
    })
    const id = created.id ?? ''
    expect(await mtlsCertificates.get(id, { account_id })).toEqual(created)
    expect(await all(mtlsCertificates.list({ account_id }))).toEqual([created])
    expect(await all(mtlsCertificates.list({ account_id, type: ['custom'] }))).toEqual([created])
    expect(
      await all(mtlsCertificates.list({ account_id, type: ['gateway_managed', 'access_managed'] })),
    ).toEqual([])
    expect(await all(mtlsCertificates.associations.get(id, { account_id }))).toEqual([])
    expect(await mtlsCertificates.delete(id, { account_id })).toEqual(created)
    await expect(mtlsCertificates.get(id, { account_id })).rejects.toBeInstanceOf(NotFoundError)
  })

  test('what is no authority, and what is there already, is refused', async () => {
    const leaf = await makeTestLeaf(root, 'leaf')
    await expect(upload(leaf.pem, 'leaf')).rejects.toBeInstanceOf(BadRequestError)
    const notCa = client.mtlsCertificates.create({
      account_id,
      ca: false,
      certificates: leaf.pem,
      private_key: leaf.privateKeyPem,
    })
    await expect(notCa).rejects.toMatchObject({
      status: 400,
      errors: [{ source: { pointer: '/ca' } }, { source: { pointer: '/private_key' } }],
    })
    const { id = '' } = await upload(other.pem, 'other')
    await expect(upload(other.pem, 'again')).rejects.toBeInstanceOf(ConflictError)
    await client.mtlsCertificates.delete(id, { account_id })
  })
})

describe('certificateAuthorities.hostnameAssociations', () => {
  test('get and update, for an uploaded authority beside the managed one', async () => {
    const { hostnameAssociations } = client.certificateAuthorities
    const { id = '' } = await upload(other.pem, 'other')
    const hostnames = ['OTHER.example.com']
    const saved = await hostnameAssociations.update({ zone_id, hostnames, mtls_certificate_id: id })
    expect(saved).toEqual({ hostnames: ['other.example.com'] })
    expect(await hostnameAssociations.get({ zone_id, mtls_certificate_id: id })).toEqual(saved)
    expect(await hostnameAssociations.get({ zone_id })).toEqual({ hostnames: [] })
    const used = await all(client.mtlsCertificates.associations.get(id, { account_id }))
    expect(used).toEqual([{ service: 'API Shield', status: 'active' }])
    const deletion = client.mtlsCertificates.delete(id, { account_id })
    await expect(deletion).rejects.toBeInstanceOf(ConflictError)
    await hostnameAssociations.update({ zone_id, hostnames: [], mtls_certificate_id: id })
    await client.mtlsCertificates.delete(id, { account_id })
    await expect(
      hostnameAssociations.update({ zone_id, hostnames, mtls_certificate_id: NO_SUCH_ID }),
    ).rejects.toBeInstanceOf(NotFoundError)
  })
})

describe('a client of an uploaded authority', () => {
  test('is let in, and from the next request on no more once its issuer has revoked it', async () => {
    const { id = '' } = await upload(root.pem + intermediate.pem, 'fleet')
    await client.certificateAuthorities.hostnameAssociations.update({
      zone_id,
      hostnames: [HOST],
      mtls_certificate_id: id,
    })
    await client.rulesets.phases.update('http_request_firewall_custom', {
      zone_id,
      rules: [
        {
          action: 'block',
          expression: `http.host wildcard "${HOST}*" and not cf.tls_client_auth.cert_verified`,
        },
      ],
    })
    const [lost, kept, stranger] = await Promise.all([
      makeTestLeaf(intermediate, 'lost'),
      makeTestLeaf(intermediate, 'kept'),
      makeTestLeaf(other, 'stranger'),
    ])
    expect(await statusFor(null)).toBe(403)
    expect(await statusFor(stranger)).toBe(403)
    expect([await statusFor(lost), await statusFor(kept)]).toEqual([200, 200])

    const shield = shieldOf(edge)
    const list = await makeTestList(intermediate, { number: 1, serials: [lost.serial] })
    const path = `/zones/{zone}/portcullis/mtls_certificates/${id}`
    await shield.api(`PUT ${path}/crl`, { crl: pemOfList(list) })
    expect([await statusFor(lost), await statusFor(kept)]).toEqual([403, 200])

    const revocation = await shield.api<{ lists: unknown[] }>(`GET ${path}/revocation`)
    expect(revocation.lists).toMatchObject([{ issuer: 'O=Test,CN=Fleet Issuer', entries: 1 }])
  })
})

describe('a revocation list that an authority publishes', () => {
  test('is fetched when its URL is configured, and the next request is refused', async () => {
    const published = await startFileServer()
    const sources = await startShield({ originUrl: origin.url, allowsPrivateSources: true })
    try {
      const api: typeof sources.api = (line, body) => sources.api(line, body)
      const account = await api<{ account: { id: string } }>('GET /zones/{zone}')
      const leaf = await makeTestLeaf(root, 'published')
      const { id } = await api<{ id: string }>(
        `POST /accounts/${account.account.id}/mtls_certificates`,
        { ca: true, certificates: root.pem },
      )
      await api('PUT /zones/{zone}/certificate_authorities/hostname_associations', {
        hostnames: [HOST],
        mtls_certificate_id: id,
      })
      await api('PUT /zones/{zone}/rulesets/phases/http_request_firewall_custom/entrypoint', {
        rules: [{ action: 'block', expression: 'not cf.tls_client_auth.cert_verified' }],
      })
      expect(await statusFor(leaf, sources.edge)).toBe(200)
      published.content = await makeTestList(root, { number: 1, serials: [leaf.serial] })
      const path = `/zones/{zone}/portcullis/mtls_certificates/${id}/revocation`
      const state = await api<{ fetches: unknown[] }>(`PUT ${path}`, { crl_urls: [published.url] })
      expect(state.fetches).toMatchObject([{ url: published.url, failure: null }])
      expect(await statusFor(leaf, sources.edge)).toBe(403)
    } finally {
      await sources.edge.stop()
      published.server.close()
    }
  })

  test('is not looked for on a private network', async () => {
    const { id = '' } = await upload(other.pem, 'private')
    const path = `/zones/{zone}/portcullis/mtls_certificates/${id}/revocation`
    const update = shieldOf(edge).api(`PUT ${path}`, { crl_urls: [`${origin.url}/root.crl`] })
    await expect(update).rejects.toThrow('private network')
  })
})

describe("Cloudflare's description", () => {
  test('fits every answer', (context) => {
    const contract = requireContract(context)
    // For a refused call under mtls_certificates it asks that `success` be true and false at once.
    const answered = recording.exchanges.filter(({ status }) => status === 200)
    const { coveredCount, wrong } = checkExchanges(contract, answered)
    expect(wrong).toEqual([])
    expect(coveredCount).toBeGreaterThan(15)
  })
})

/** Serves one file, whatever is asked for. */
async function startFileServer() {
  const file = { content: new Uint8Array(), url: '', server: createServer() }
  file.server.on('request', (_request, response: ServerResponse) => {
    response.setHeader('content-type', 'application/pkix-crl')
    response.end(file.content)
  })
  await new Promise<void>((resolve) => file.server.listen(0, '127.0.0.1', resolve))
  const address = file.server.address()
  if (address === null || typeof address === 'string') throw new Error('the server has no port')
  file.url = `http://127.0.0.1:${address.port}/root.crl`
  return file
}

/** One HTTPS request to HOST on a connection of its own. */
async function statusFor(leaf: TestLeaf | null, to: Edge = edge): Promise<number | undefined> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    const request = requestHttps(`${to.httpsUrl}/things`, {
      headers: { host: HOST },
      agent: false,
      ca: readFileSync(to.certificatePath),
      servername: 'localhost',
      ...(leaf === null ? {} : { cert: leaf.pem, key: leaf.privateKeyPem }),
    })
    request.on('response', resolve)
    request.on('error', reject)
    request.end()
  })
  answer.resume()
  return answer.statusCode
}
