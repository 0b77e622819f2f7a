import { describe, expect, test } from 'vitest'
import type { MtlsCertificate } from '../../../../worker/storage/resources/certificates.ts'
import { LIMITS } from '../../../../worker/management/limits.ts'
import { makeTestAuthority, makeTestLeaf } from '../../../support/authorities.ts'
import {
  A,
  api,
  type Caller,
  callerOf,
  NO_SUCH_ID,
  portsOf,
  Z,
} from '../../../support/management.ts'

const PATH = `${A}/mtls_certificates`
const ASSOCIATIONS = `${Z}/certificate_authorities/hostname_associations`

const DAY_MS = 86_400_000

const root = await makeTestAuthority({ name: 'Root' })
const intermediate = await makeTestAuthority({
  name: 'Intermediate',
  issuer: root,
  notAfter: new Date('2027-06-01T00:00:00Z'),
})

async function upload(call: Caller, more: object = {}) {
  return call<MtlsCertificate>(`POST ${PATH}`, {
    body: { ca: true, certificates: root.pem, name: 'fleet', ...more },
  })
}

describe('200', () => {
  test('an authority is stored in the shape of the product', async () => {
    const call = api('mtls-create')
    const { status, result } = await upload(call)
    expect(status).toBe(200)
    expect(result).toEqual({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4/),
      ca: true,
      certificates: root.pem,
      expires_on: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      issuer: 'O=Test,CN=Root',
      name: 'fleet',
      serial_number: BigInt(`0x${root.certificate.serialNumber}`).toString(),
      signature: 'ECDSAWithSHA256',
      type: 'custom',
      uploaded_on: expect.any(String),
      allow_sha1: false,
      revocation: { crl_urls: [], on_stale: 'refuse' },
    })
    expect((await call(`GET ${PATH}/${result.id}`)).result).toEqual(result)
    expect((await call(`GET ${PATH}`)).result).toEqual([result])
  })

  test('a bundle is described by its anchor and expires with its first certificate', async () => {
    const certificates = intermediate.pem + root.pem
    const { result } = await upload(api('mtls-bundle'), { certificates, allow_sha1: true })
    expect(result).toMatchObject({
      issuer: 'O=Test,CN=Root',
      expires_on: '2027-06-01T00:00:00Z',
      allow_sha1: true,
      certificates,
    })
  })

  test.each([
    ['', 1],
    ['?type=custom', 1],
    ['?type[]=custom', 1],
    ['?type=gateway_managed,custom', 1],
    ['?type=gateway_managed&type=access_managed', 0],
  ])('the list with "%s" has %i', async (query, count) => {
    const call = api(`mtls-list-${query}`)
    await upload(call)
    const reply = await call<unknown[]>(`GET ${PATH}${query}`)
    expect(reply).toMatchObject({ status: 200 })
    expect(reply.result).toHaveLength(count)
  })

  test('what uses it is listed, and its deletion takes along all that was kept for it', async () => {
    const ports = portsOf('mtls-delete')
    const call = callerOf(ports)
    const { result } = await upload(call)
    const path = `${PATH}/${result.id}`
    const associate = (hostnames: string[]) =>
      call(`PUT ${ASSOCIATIONS}`, { body: { hostnames, mtls_certificate_id: result.id } })
    expect((await call(`GET ${path}/associations`)).result).toEqual([])
    await associate(['a.example'])
    expect((await call(`GET ${path}/associations`)).result).toEqual([
      { service: 'API Shield', status: 'active' },
    ])
    await associate([])
    expect((await call(`GET ${path}/associations`)).result).toEqual([])
    expect(await call(`DELETE ${path}`)).toMatchObject({ status: 200, result })
    const { documents } = await ports.zone.read({
      mtls_certificate: 'all',
      hostname_association: 'all',
    })
    expect(documents.mtls_certificate).toEqual([])
    expect(documents.hostname_association).toEqual([])
  })

  test('a renewed authority, of the same name and key, is stored beside the old one', async () => {
    const call = api('mtls-renewed')
    await upload(call)
    const renewed = await makeTestAuthority({ name: 'Root', keys: root.keys })
    expect((await upload(call, { certificates: renewed.pem })).status).toBe(200)
  })

  test('another authority of the same name has another key, and is stored', async () => {
    const call = api('mtls-rekeyed')
    await upload(call)
    const again = await makeTestAuthority({ name: 'Root' })
    expect((await upload(call, { certificates: again.pem })).status).toBe(200)
  })
})

describe('400', () => {
  const leaf = makeTestLeaf(root, 'leaf')
  const expired = makeTestAuthority({ name: 'Old', notAfter: new Date(Date.now() - DAY_MS / 2) })

  test.each([
    ['a certificate that is no authority', async () => ({ certificates: (await leaf).pem }), 1305],
    ['an expired authority', async () => ({ certificates: (await expired).pem }), 1305],
    ['the same certificate twice', async () => ({ certificates: root.pem + root.pem }), 1305],
    ['text that is no PEM', async () => ({ certificates: 'hello' }), 1305],
    [
      'a private key in the bundle',
      async () => ({ certificates: (await leaf).privateKeyPem }),
      1305,
    ],
    ['nothing', async () => ({ certificates: '' }), 1002],
  ])('%s', async (_name, body, code) => {
    const reply = await upload(api('mtls-400'), await body())
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]).toMatchObject({ code, source: { pointer: '/certificates' } })
  })

  test.each([
    ['a leaf', { ca: false }, '/ca', /client certificate to an origin/],
    ['a private key', { private_key: '-----BEGIN' }, '/private_key', /must not be given/],
    [
      'a long name',
      { name: 'x'.repeat(LIMITS.mtlsCertificateNameCharactersMax + 1) },
      '/name',
      /200/,
    ],
  ])('%s is refused with a sentence', async (_name, body, pointer, message) => {
    const reply = await upload(api('mtls-400'), body)
    expect(reply.status).toBe(400)
    expect(reply.errors[0]).toMatchObject({
      source: { pointer },
      message: expect.stringMatching(message),
    })
  })

  test('the fault says which certificate of the bundle it is in', async () => {
    const reply = await upload(api('mtls-400'), { certificates: root.pem + (await leaf).pem })
    expect(reply.errors[0]?.message).toMatch(/^Certificate 2 \(CN=leaf\) cannot be used/)
  })

  test('an unknown type', async () => {
    expect((await api('mtls-400')(`GET ${PATH}?type=mine`)).status).toBe(400)
  })

  test.each([
    ['at', LIMITS.mtlsCertificatesMax - 1, 200],
    ['above', LIMITS.mtlsCertificatesMax, 400],
  ])('a zone holds authorities %s the bound', async (name, count, status) => {
    const ports = portsOf(`mtls-full-${name}`)
    const { result } = await upload(callerOf(ports))
    // The bound counts documents; what is in them does not matter to it.
    const puts = Array.from({ length: count - 1 }, (_, n) => ({
      collection: 'mtls_certificate' as const,
      id: `stored-${n}`,
      body: { ...result, id: `stored-${n}` },
    }))
    await ports.zone.commit({ basedOn: 1, puts, deletes: [], actor: 'test', action: 'test' })
    const another = await makeTestAuthority({ name: 'Another' })
    expect((await upload(callerOf(ports), { certificates: another.pem })).status).toBe(status)
  })
})

describe('all authorities together', () => {
  test.each([
    ['at', 0, 200],
    ['above', 1, 400],
  ])('have characters %s the bound', async (name, above, status) => {
    const ports = portsOf(`mtls-characters-${name}`)
    const { result } = await upload(callerOf(ports))
    const another = await makeTestAuthority({ name: 'Another' })
    const room = LIMITS.mtlsCertificateCharactersTotalMax - root.pem.length - another.pem.length
    // Text that no release can read stands in for many authorities, and harms nobody else.
    const body = { ...result, id: 'stored', certificates: 'x'.repeat(room + above) }
    const puts = [{ collection: 'mtls_certificate', id: 'stored', body } as const]
    await ports.zone.commit({ basedOn: 1, puts, deletes: [], actor: 'test', action: 'test' })
    const reply = await upload(callerOf(ports), { certificates: another.pem })
    expect(reply.status).toBe(status)
  })
})

describe('404', () => {
  test.each([
    `GET ${PATH}/${NO_SUCH_ID}`,
    `DELETE ${PATH}/${NO_SUCH_ID}`,
    `GET ${PATH}/${NO_SUCH_ID}/associations`,
    'GET /accounts/ffffffffffffffffffffffffffffffff/mtls_certificates',
  ])('%s', async (line) => {
    expect((await api('mtls-404')(line)).status).toBe(404)
  })
})

describe('409', () => {
  test('the same certificate again, naming the stored one', async () => {
    const call = api('mtls-twice')
    const { result } = await upload(call)
    for (const certificates of [root.pem, intermediate.pem + root.pem]) {
      const reply = await upload(call, { certificates })
      expect(reply).toMatchObject({ status: 409, errors: [{ code: 1306 }] })
      expect(reply.errors[0]?.message).toContain(result.id)
      expect(reply.headers.get('x-should-retry')).toBe('false')
    }
  })

  test('a copy of the managed authority, under which nothing would be revoked', async () => {
    const ports = portsOf('mtls-managed')
    const call = callerOf(ports)
    await call(`PUT ${ASSOCIATIONS}`, { body: { hostnames: ['a.example'] } })
    const { documents } = await ports.zone.read({ certificate_authority: 'all' })
    const certificates = documents.certificate_authority[0]?.certificate
    const reply = await upload(call, { certificates })
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1306 }] })
    expect(reply.errors[0]?.message).toContain('managed authority')
  })

  test('deletion while hostnames are associated', async () => {
    const call = api('mtls-in-use')
    const { result } = await upload(call)
    const body = { hostnames: ['a.example'], mtls_certificate_id: result.id }
    await call(`PUT ${ASSOCIATIONS}`, { body })
    const reply = await call(`DELETE ${PATH}/${result.id}`)
    expect(reply).toMatchObject({ status: 409, errors: [{ code: 1307 }] })
    expect(reply.errors[0]?.message).toContain('a.example')
    expect((await call(`GET ${PATH}/${result.id}`)).status).toBe(200)
  })
})
