import { describe, expect, test } from 'vitest'
import { LIMITS } from '../../../../worker/management/limits.ts'
import type { MtlsCertificate } from '../../../../worker/storage/resources/certificates.ts'
import { makeTestAuthority } from '../../../support/authorities.ts'
import { A, api, callerOf, NO_SUCH_ID, portsOf, Z } from '../../../support/management.ts'

const PATH = `${Z}/certificate_authorities/hostname_associations`

describe('200', () => {
  test('hostnames may be associated before the first certificate is issued', async () => {
    const ports = portsOf('associations-first')
    const call = callerOf(ports)
    expect((await call(`GET ${PATH}`)).result).toEqual({ hostnames: [] })
    const body = { hostnames: ['API.example.com', 'localhost:8443', 'api.example.com'] }
    const saved = await call(`PUT ${PATH}`, { body })
    expect(saved).toMatchObject({
      status: 200,
      result: { hostnames: ['api.example.com', 'localhost'] },
    })
    const { documents } = await ports.zone.read({ certificate_authority: 'all' })
    const [authority] = documents.certificate_authority
    for (const query of ['', `?mtls_certificate_id=${authority?.id}`]) {
      expect((await call(`GET ${PATH}${query}`)).result).toEqual(saved.result)
    }
  })

  test('an empty list removes all, a body without hostnames changes nothing', async () => {
    const call = api('associations-empty')
    await call(`PUT ${PATH}`, { body: { hostnames: ['a.example'] } })
    expect((await call(`PUT ${PATH}`, { body: {} })).result).toEqual({ hostnames: ['a.example'] })
    expect((await call(`PUT ${PATH}`, { body: { hostnames: [] } })).result).toEqual({
      hostnames: [],
    })
    expect((await call(`GET ${PATH}`)).result).toEqual({ hostnames: [] })
  })

  test('removing what is not there makes no authority', async () => {
    const ports = portsOf('associations-nothing')
    await callerOf(ports)(`PUT ${PATH}`, { body: { hostnames: [] } })
    expect((await ports.zone.read({ certificate_authority: 'all' })).version).toBe(0)
  })
})

describe('an uploaded authority', () => {
  test('has associations of its own, beside the managed one, also for the same hostname', async () => {
    const ports = portsOf('associations-uploaded')
    const call = callerOf(ports)
    const upload = async (name: string) => {
      const { pem } = await makeTestAuthority({ name })
      const body = { ca: true, certificates: pem }
      return (await call<MtlsCertificate>(`POST ${A}/mtls_certificates`, { body })).result.id
    }
    const first = await upload('First')
    const second = await upload('Second')
    const associate = (hostnames: string[], mtls_certificate_id?: string) =>
      call(`PUT ${PATH}`, { body: { hostnames, mtls_certificate_id } })
    expect(await associate(['API.example.com', 'b.example'], first)).toMatchObject({
      status: 200,
      result: { hostnames: ['api.example.com', 'b.example'] },
    })
    // No managed authority is made for a hostname of an uploaded one.
    const before = await ports.zone.read({ certificate_authority: 'all' })
    expect(before.documents.certificate_authority).toEqual([])
    await associate(['api.example.com'], second)
    await associate(['api.example.com', 'c.example'])
    const hostnames = async (query: string) =>
      (await call<{ hostnames: string[] }>(`GET ${PATH}${query}`)).result.hostnames
    expect(await hostnames(`?mtls_certificate_id=${first}`)).toEqual([
      'api.example.com',
      'b.example',
    ])
    expect(await hostnames(`?mtls_certificate_id=${second}`)).toEqual(['api.example.com'])
    expect(await hostnames('')).toEqual(['api.example.com', 'c.example'])
    await associate([], first)
    expect(await hostnames(`?mtls_certificate_id=${first}`)).toEqual([])
    expect(await hostnames(`?mtls_certificate_id=${second}`)).toEqual(['api.example.com'])
  })
})

describe('400', () => {
  test.each([
    ['a wildcard', ['*.example.com']],
    ['a variable', ['{hostVar1}.example.com']],
    ['an empty name', ['']],
    ['a path', ['example.com/x']],
    ['a space', ['exa mple.com']],
    ['a number', [7]],
  ])('%s is refused with its place', async (_name, hostnames) => {
    const reply = await api('associations-400')(`PUT ${PATH}`, {
      body: { hostnames: ['a.example', ...hostnames] },
    })
    expect(reply).toMatchObject({ status: 400, success: false })
    expect(reply.errors.map(({ source }) => source?.pointer)).toEqual(['/hostnames/1'])
  })

  test.each([
    ['at', LIMITS.hostnamesMax, 200],
    ['above', LIMITS.hostnamesMax + 1, 400],
  ])('hostnames %s the bound', async (name, count, status) => {
    const hostnames = Array.from({ length: count }, (_, n) => `h${n}.example`)
    expect((await api(`associations-${name}`)(`PUT ${PATH}`, { body: { hostnames } })).status).toBe(
      status,
    )
  })
})

describe('404', () => {
  test.each([
    ['reading', `GET ${PATH}?mtls_certificate_id=${NO_SUCH_ID}`, undefined],
    ['writing', `PUT ${PATH}`, { hostnames: [], mtls_certificate_id: NO_SUCH_ID }],
  ])('%s with an authority that is not there', async (_name, line, body) => {
    expect((await api('associations-404')(line, { body })).status).toBe(404)
  })
})
