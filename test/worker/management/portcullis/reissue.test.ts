import { describe, expect, test } from 'vitest'
import { createSigningRequest } from '#engines/certificates'
import type { ClientCertificate } from '../../../../worker/storage/resources/certificates.ts'
import { makeTestRequest } from '../../../support/authorities.ts'
import { CSR } from '../../../support/csr.ts'
import { api, type Caller, callerOf, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'

const DAY_MS = 86_400_000
const SUBJECT = { commonName: 'sensor', organization: 'Temperature Testers, Inc.' }

let zones = 0

async function issuedIn(call: Caller, csr: string = CSR) {
  const body = { csr, validity_days: 90 }
  const { result } = await call<ClientCertificate>(`POST ${Z}/client_certificates`, { body })
  const reissue = (more: object = {}) =>
    call<ClientCertificate>(`POST ${Z}/portcullis/client_certificates/${result.id}/reissue`, {
      body: more,
    })
  const stored = async () =>
    (await call<ClientCertificate>(`GET ${Z}/client_certificates/${result.id}`)).result
  return { issued: result, reissue, stored }
}

const zone = () => api(`reissue-${zones++}`)

describe('200', () => {
  test('the same names and key come with a new serial number, and the old one stays valid', async () => {
    const { issued, reissue, stored } = await issuedIn(zone())
    const { status, result } = await reissue()
    expect(status).toBe(200)
    expect(result).toMatchObject({
      status: 'active',
      csr: CSR,
      validity_days: 90,
      ski: issued.ski,
      common_name: issued.common_name,
      organizational_unit: issued.organizational_unit,
      certificate_authority: issued.certificate_authority,
    })
    expect(result.id).not.toBe(issued.id)
    expect(result.serial_number).not.toBe(issued.serial_number)
    expect(await stored()).toEqual(issued)
  })

  test('the previous one is revoked in the same step when that is asked for', async () => {
    const ports = portsOf('reissue-revoking')
    const { reissue, stored } = await issuedIn(callerOf(ports))
    const { result } = await reissue({ revoke_previous: true, validity_days: 10 })
    expect(result).toMatchObject({ status: 'active', validity_days: 10 })
    expect((await stored()).status).toBe('revoked')
    const [entry] = await ports.zone.audit(1)
    expect(entry?.changes).toHaveLength(2)
  })

  test('another key under the same names', async () => {
    const [first, second] = await Promise.all([
      createSigningRequest(SUBJECT),
      createSigningRequest(SUBJECT),
    ])
    const { issued, reissue } = await issuedIn(zone(), first.csr)
    const { status, result } = await reissue({ csr: second.csr })
    expect(status).toBe(200)
    expect(result).toMatchObject({ common_name: 'sensor', csr: second.csr })
    expect(result.ski).not.toBe(issued.ski)
  })

  test('a request without alternative names keeps those of the certificate', async () => {
    const named = await makeTestRequest('CN=sensor', 'sensor.example.com')
    const { reissue } = await issuedIn(zone(), named)
    const { result } = await reissue({ csr: await makeTestRequest('CN=sensor') })
    expect(atob(result.certificate.split('\n').slice(1, -2).join(''))).toContain(
      'sensor.example.com',
    )
  })

  test('an expired certificate', async () => {
    const { issued } = await issuedIn(api('reissue-expired'))
    const later = api('reissue-expired', { nowMs: () => Date.now() + 100 * DAY_MS })
    const line = `POST ${Z}/portcullis/client_certificates/${issued.id}/reissue`
    expect((await later(line, { body: {} })).status).toBe(200)
  })
})

describe('400', () => {
  test.each([
    ['another subject', () => makeTestRequest('CN=other'), /another subject/],
    [
      'other alternative names',
      () => makeTestRequest('CN=sensor', 'other.example.com'),
      /other alternative names/,
    ],
    ['no request', async () => 'hello', /No PEM block/],
  ])('a request with %s', async (_name, csr, message) => {
    const { reissue } = await issuedIn(
      zone(),
      await makeTestRequest('CN=sensor', 'sensor.example.com'),
    )
    const reply = await reissue({ csr: await csr() })
    expect(reply.status).toBe(400)
    expect(reply.errors[0]).toMatchObject({
      code: 1301,
      message: expect.stringMatching(message),
      source: { pointer: '/csr' },
    })
  })

  test('a validity out of range', async () => {
    const { reissue } = await issuedIn(zone())
    expect((await reissue({ validity_days: 0 })).status).toBe(400)
  })
})

describe('404', () => {
  test('a certificate that is not there', async () => {
    const line = `POST ${Z}/portcullis/client_certificates/${NO_SUCH_ID}/reissue`
    expect((await zone()(line, { body: {} })).status).toBe(404)
  })
})

describe('409', () => {
  test('a revoked certificate is not issued again', async () => {
    const call = zone()
    const { issued, reissue } = await issuedIn(call)
    await call(`DELETE ${Z}/client_certificates/${issued.id}`)
    expect(await reissue()).toMatchObject({ status: 409, errors: [{ code: 1310 }] })
  })
})
