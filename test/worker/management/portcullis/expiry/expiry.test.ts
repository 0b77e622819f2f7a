import { describe, expect, test } from 'vitest'
import { announceExpiries } from '../../../../../worker/management/portcullis/expiry/announce.ts'
import type { ManagementPorts } from '../../../../../worker/management/ports.ts'
import type {
  ClientCertificate,
  MtlsCertificate,
} from '../../../../../worker/storage/resources/certificates.ts'
import { makeTestAuthority, makeTestList, pemOfList } from '../../../../support/authorities.ts'
import { CSR } from '../../../../support/csr.ts'
import { A, api, callerOf, portsOf, settings, Z } from '../../../../support/management.ts'

const DAY_MS = 86_400_000
const PATH = `${Z}/portcullis/certificates/expiring`

const days = (count: number) => new Date(Date.now() + count * DAY_MS)
const root = await makeTestAuthority({ name: 'Root', notAfter: days(20.5) })

type Expiring = {
  readonly kind: string
  readonly id: string
  readonly name: string
  readonly expires_on: string
  readonly days_left: number
}

let zones = 0

function zoneOf() {
  const clock = { ms: Date.now() }
  const ports: ManagementPorts = portsOf(`expiry-${zones++}`, { nowMs: () => clock.ms })
  const call = callerOf(ports)
  const issue = async (validity_days: number) => {
    const body = { csr: CSR, validity_days }
    return (await call<ClientCertificate>(`POST ${Z}/client_certificates`, { body })).result
  }
  const upload = async () => {
    const body = { ca: true, certificates: root.pem, name: 'fleet' }
    return (await call<MtlsCertificate>(`POST ${A}/mtls_certificates`, { body })).result
  }
  const announced = async () => {
    await announceExpiries(ports)
    const events = await ports.events.list({ limit: 100, source: 'portcullis' })
    return events.filter(({ reason }) => reason === 'certificate_expires')
  }
  return { clock, ports, call, issue, upload, announced }
}

describe('the list of what expires', () => {
  test('has certificates, authorities and revocation lists, soonest first', async () => {
    const { call, issue, upload } = zoneOf()
    await issue(365)
    const soon = await issue(10)
    const revoked = await issue(5)
    await call(`DELETE ${Z}/client_certificates/${revoked.id}`)
    const authority = await upload()
    const list = await makeTestList(root, { number: 1, nextUpdate: days(3.5), serials: [] })
    await call(`PUT ${Z}/portcullis/mtls_certificates/${authority.id}/crl`, {
      body: pemOfList(list),
      headers: {
        authorization: `Bearer ${settings.API_TOKEN}`,
        'content-type': 'application/x-pem-file',
      },
    })
    const { result, result_info } = await call<Expiring[]>(`GET ${PATH}?days=30`)
    expect(result).toEqual([
      expect.objectContaining({ kind: 'revocation_list', name: 'O=Test,CN=Root', days_left: 3 }),
      {
        kind: 'client_certificate',
        id: soon.id,
        name: 'sensor-1.example.com',
        expires_on: soon.expires_on,
        days_left: 9,
      },
      expect.objectContaining({ kind: 'mtls_certificate', id: authority.id, name: 'fleet' }),
    ])
    expect(result_info).toMatchObject({ total_count: 3 })
    const kindsOf = async (query: string) =>
      (await call<Expiring[]>(`GET ${PATH}${query}`)).result.map(({ kind }) => kind)
    expect(await kindsOf('')).toHaveLength(3)
    expect(await kindsOf('?days=4')).toEqual(['revocation_list'])
    expect(await kindsOf('?days=3')).toEqual([])
    expect(await kindsOf('?days=5475')).toHaveLength(4)
    expect(await kindsOf('?per_page=1&page=2')).toEqual(['client_certificate'])
  })

  test('keeps an authority that has expired, and no client certificate that has', async () => {
    const { clock, call, issue, upload } = zoneOf()
    await issue(10)
    await upload()
    clock.ms += 22 * DAY_MS
    const { result } = await call<Expiring[]>(`GET ${PATH}`)
    expect(result).toMatchObject([{ kind: 'mtls_certificate', days_left: -2 }])
  })

  test.each(['0', '5476', 'soon'])('is refused for %s days', async (text) => {
    expect((await api('expiry-400')(`GET ${PATH}?days=${text}`)).status).toBe(400)
  })
})

describe('the announcement', () => {
  test('comes 30, 7 and 1 days before, once each', async () => {
    const { clock, ports, issue, announced } = zoneOf()
    const { id, expires_on } = await issue(100)
    const startMs = clock.ms
    const counts: number[] = []
    for (const left of [31, 30, 20, 7, 6, 1, 0.5]) {
      clock.ms = startMs + (100 - left) * DAY_MS
      await announced()
      counts.push((await announced()).length)
    }
    expect(counts).toEqual([0, 1, 1, 2, 2, 3, 3])
    const [event] = await announced()
    expect(event).toMatchObject({ source: 'portcullis', action: 'log' })
    for (const text of ['sensor-1.example.com', id, expires_on]) {
      expect(event?.rule_description).toContain(text)
    }
    clock.ms = startMs + 101 * DAY_MS
    expect(await announced()).toHaveLength(3)
    const { documents } = await ports.zone.read({ expiry_notice: 'all' })
    expect(documents.expiry_notice).toEqual([])
  })

  test('of something found late names only the nearest period', async () => {
    const { clock, upload, announced } = zoneOf()
    await upload()
    expect(await announced()).toHaveLength(1)
    clock.ms += 15 * DAY_MS
    expect(await announced()).toHaveLength(2)
  })

  test.each([
    ['a day', 1, 0],
    ['a week', 7, 1],
    ['a month', 30, 2],
    ['a month and a day', 31, 3],
  ])(
    'leaves out periods that a certificate of %s does not outlive',
    async (_name, validity, count) => {
      const { clock, issue, announced } = zoneOf()
      await issue(validity)
      const startMs = clock.ms
      for (let hour = 0; hour <= validity * 24; hour += 12) {
        clock.ms = startMs + hour * 3_600_000
        await announced()
      }
      expect(await announced()).toHaveLength(count)
    },
  )

  test('is silent for a certificate that was revoked', async () => {
    const { clock, call, issue, announced } = zoneOf()
    const { id } = await issue(100)
    await call(`DELETE ${Z}/client_certificates/${id}`)
    clock.ms += 95 * DAY_MS
    expect(await announced()).toEqual([])
  })
})
