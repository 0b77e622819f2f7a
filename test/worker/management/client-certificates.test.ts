import { describe, expect, test } from 'vitest'
import { verifyClientCertificate, readAuthorityBundle, decodePem } from '#engines/certificates'
import { LIMITS } from '../../../worker/management/limits.ts'
import type { ClientCertificate } from '../../../worker/storage/resources/certificates.ts'
import { CSR } from '../../support/csr.ts'
import {
  api,
  type Caller,
  callerOf,
  NO_SUCH_ID,
  portsOf,
  settings,
  Z,
} from '../../support/management.ts'

const PATH = `${Z}/client_certificates`

/** The same request, one character of its signature changed. */
const FORGED = CSR.replace('JpF\n', 'JpG\n')

async function issue(call: Caller, more: object = {}) {
  return call<ClientCertificate>(`POST ${PATH}`, {
    body: { csr: CSR, validity_days: 365, ...more },
  })
}

function derOf(pem: string): Uint8Array {
  const blocks = decodePem(pem, ['CERTIFICATE'])
  const der = blocks.ok ? blocks.value[0] : undefined
  if (der === undefined) throw new Error('no certificate')
  return der
}

describe('200', () => {
  test('a certificate is issued by the managed authority, and verifies', async () => {
    const ports = portsOf('certificates-issue')
    const call = callerOf(ports)
    const issued = await issue(call)
    expect(issued.status).toBe(200)
    expect(issued.result).toMatchObject({
      id: expect.stringMatching(/^[\da-f]{8}-[\da-f]{4}-4/),
      certificate_authority: { name: `Portcullis Managed CA for account ${settings.ACCOUNT_ID}` },
      common_name: 'sensor-1.example.com',
      organization: 'Example, Inc.',
      organizational_unit: 'Sensors',
      country: 'US',
      state: 'Texas',
      location: 'Austin',
      csr: CSR,
      status: 'active',
      validity_days: 365,
    })
    expect((await call(`GET ${PATH}/${issued.result.id}`)).result).toEqual(issued.result)
    const { documents } = await ports.zone.read({
      certificate_authority: 'all',
      authority_key: 'all',
    })
    const [authority] = documents.certificate_authority
    expect(JSON.stringify(documents.authority_key)).not.toContain('PRIVATE KEY')
    const read = readAuthorityBundle('managed', authority?.certificate ?? '', { allowSha1: false })
    if (!read.ok) throw new Error(read.error.reason)
    const verdict = await verifyClientCertificate({
      leafDer: derOf(issued.result.certificate),
      chainDer: [],
      authorities: [read.value],
      nowMs: Date.now(),
    })
    expect(verdict).toMatchObject({ verified: true })
  })

  test('two at once make one authority', async () => {
    const ports = portsOf('certificates-two')
    const call = callerOf(ports)
    const [a, b] = await Promise.all([issue(call), issue(call)])
    expect([a.status, b.status]).toEqual([200, 200])
    expect(a.result.certificate_authority).toEqual(b.result.certificate_authority)
    expect(a.result.serial_number).not.toBe(b.result.serial_number)
    const { documents } = await ports.zone.read({
      certificate_authority: 'all',
      authority_key: 'all',
    })
    expect(documents.certificate_authority).toHaveLength(1)
    expect(documents.authority_key).toHaveLength(1)
  })

  test('revocation and reactivation take effect with the answer', async () => {
    const call = api('certificates-revoke')
    const { result } = await issue(call)
    const path = `${PATH}/${result.id}`
    expect((await call(`DELETE ${path}`)).result).toEqual({ ...result, status: 'revoked' })
    expect((await call(`DELETE ${path}`)).result).toEqual({ ...result, status: 'revoked' })
    expect((await call(`PATCH ${path}`, { body: {} })).result).toEqual({
      ...result,
      status: 'revoked',
    })
    const active = await call(`PATCH ${path}`, { body: { reactivate: true } })
    expect(active).toMatchObject({ status: 200, result: { id: result.id, status: 'active' } })
  })

  test('the list filters by status and pages in both ways', async () => {
    const call = api('certificates-list')
    const { result: first } = await issue(call)
    const { result: second } = await issue(call)
    const { result: third } = await issue(call)
    await call(`DELETE ${PATH}/${second.id}`)
    const ids = async (query: string) =>
      (await call<ClientCertificate[]>(`GET ${PATH}?${query}`)).result.map(({ id }) => id)
    expect(await ids('')).toEqual([first.id, second.id, third.id])
    expect(await ids('status=all')).toEqual([first.id, second.id, third.id])
    expect(await ids('status=active')).toEqual([first.id, third.id])
    expect(await ids('status=revoked')).toEqual([second.id])
    expect(await ids('status=pending_revocation')).toEqual([])
    expect(await ids('page=2&per_page=2')).toEqual([third.id])
    expect(await ids('limit=2')).toEqual([first.id, second.id])
    expect(await ids('limit=2&page=2')).toEqual([third.id])
    expect(await ids('offset=1')).toEqual([second.id, third.id])
    expect(await ids('offset=1&limit=1&page=2')).toEqual([third.id])
    expect(await ids('page=4')).toEqual([])
  })

  test.each([
    ['at the lower', 1],
    ['at the upper', LIMITS.validityDaysMax],
  ])('a validity %s bound', async (_name, validity_days) => {
    const reply = await issue(api('certificates-validity'), { validity_days })
    expect(reply).toMatchObject({ status: 200, result: { validity_days } })
  })
})

describe('400', () => {
  test.each([
    ['text that is no request', { csr: 'hello' }, { code: 1301, pointer: '/csr' }],
    ['a forged signature', { csr: FORGED }, { code: 1301, pointer: '/csr' }],
    ['two requests', { csr: CSR + CSR }, { code: 1301, pointer: '/csr' }],
    ['no request', { csr: undefined }, { code: 1002, pointer: '/csr' }],
    [
      'an enormous request',
      { csr: 'x'.repeat(LIMITS.csrCharactersMax + 1) },
      { code: 1002, pointer: '/csr' },
    ],
    ['no days', { validity_days: 0 }, { code: 1002, pointer: '/validity_days' }],
    [
      'too many days',
      { validity_days: LIMITS.validityDaysMax + 1 },
      { code: 1002, pointer: '/validity_days' },
    ],
    ['half a day', { validity_days: 1.5 }, { code: 1002, pointer: '/validity_days' }],
    ['days as text', { validity_days: '1' }, { code: 1002, pointer: '/validity_days' }],
  ])('%s', async (_name, more, { code, pointer }) => {
    const ports = portsOf('certificates-400')
    const reply = await issue(callerOf(ports), more)
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors[0]).toMatchObject({ code, source: { pointer } })
    expect(
      (await ports.zone.read({ certificate_authority: 'all' })).documents.certificate_authority,
    ).toEqual([])
  })

  test('an unknown status', async () => {
    expect((await api('certificates-400')(`GET ${PATH}?status=lost`)).status).toBe(400)
  })
})

describe('a full zone', () => {
  test.each([
    ['below', LIMITS.clientCertificatesMax - 1, 200],
    ['at', LIMITS.clientCertificatesMax, 400],
  ])('%s the bound', async (name, count, status) => {
    const ports = portsOf(`certificates-full-${name}`)
    const call = callerOf(ports)
    const { result } = await issue(call)
    const puts = Array.from({ length: count - 1 }, (_, n) => ({
      collection: 'client_certificate' as const,
      id: `stored-${n}`,
      body: { ...result, id: `stored-${n}` },
    }))
    for (let start = 0; start < puts.length; start += 2_000) {
      const { version } = await ports.zone.read({})
      const some = puts.slice(start, start + 2_000)
      await ports.zone.commit({ basedOn: version, puts: some, deletes: [], actor: '', action: '' })
    }
    expect((await issue(call)).status).toBe(status)
    const page = await call<ClientCertificate[]>(`GET ${PATH}?page=500&per_page=20`)
    expect(page.result).toHaveLength(20)
  })
})

describe('404', () => {
  test.each(['GET', 'PATCH', 'DELETE'])('%s of a certificate that is not there', async (method) => {
    const options = method === 'PATCH' ? { body: { reactivate: true } } : {}
    expect((await api('certificates-404')(`${method} ${PATH}/${NO_SUCH_ID}`, options)).status).toBe(
      404,
    )
  })
})

describe('409', () => {
  test('an expired certificate cannot be reactivated, and repeating does not help', async () => {
    const { result } = await issue(api('certificates-expired'), { validity_days: 1 })
    const later = api('certificates-expired', { nowMs: () => Date.now() + 2 * 86_400_000 })
    await later(`DELETE ${PATH}/${result.id}`)
    const reply = await later(`PATCH ${PATH}/${result.id}`, { body: { reactivate: true } })
    expect(reply).toMatchObject({ status: 409, success: false })
    expect(reply.headers.get('x-should-retry')).toBe('false')
  })
})

describe('500', () => {
  test('a changed SEALING_SECRET is named, and no second authority is made', async () => {
    const ports = portsOf('certificates-secret')
    await issue(callerOf(ports))
    const changed = { ...settings, SEALING_SECRET: '11'.repeat(32) }
    const reply = await issue(callerOf({ ...ports, settings: changed }))
    expect(reply).toMatchObject({ status: 500, success: false, errors: [{ code: 1304 }] })
    expect(
      (await ports.zone.read({ certificate_authority: 'all' })).documents.certificate_authority,
    ).toHaveLength(1)
  })
})
