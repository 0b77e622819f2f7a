import {
  createAuthority,
  issueClientCertificate,
  readSigningRequest,
  serialFrom,
} from '#engines/certificates'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Ruleset } from '../../../worker/storage/resources.ts'
import type { ClientCertificate } from '../../../worker/storage/resources/certificates.ts'
import csr from '../../vectors/x509/requests/cfssl-rsa-2048.pem?raw'
import { call, commit, described } from './zone.ts'

const DAY_MS = 86_400_000
const random = (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes))

type Authority = Awaited<ReturnType<typeof authority>>

async function authority(name: string) {
  const nowMs = Date.now() - 400 * DAY_MS
  const keys = await createAuthority({ name, nowMs, validityDays: 3650, random })
  return { id: name, keys }
}

/** `request.cf.tlsClientAuth` of a certificate issued so many days ago for a year. */
async function presented(by: Authority, issuedDaysAgo = 1) {
  const request = await readSigningRequest(csr)
  if (!request.ok) throw new Error(request.error.message)
  const issued = await issueClientCertificate({
    request: request.value,
    authority: by.keys,
    validityDays: 365,
    nowMs: Date.now() - issuedDaysAgo * DAY_MS,
    serial: serialFrom(random(16)),
  })
  if (!issued.ok) throw new Error(issued.error.reason)
  return described(issued.value.certificate)
}

const ruleset: Ruleset = {
  id: 'r',
  kind: 'zone',
  name: 'default',
  description: '',
  phase: 'http_request_firewall_custom',
  version: '1',
  last_updated: '',
  rules: [
    {
      id: 'mtls',
      ref: 'mtls',
      version: '1',
      action: 'block',
      description: 'clients need a certificate',
      enabled: true,
      expression: 'not cf.tls_client_auth.cert_verified',
      last_updated: '',
    },
  ],
}

let ours: Authority
let theirs: Authority

beforeAll(async () => {
  ours = await authority('ours')
  theirs = await authority('theirs')
  await commit([
    { collection: 'ruleset', id: 'r', body: ruleset },
    {
      collection: 'certificate_authority',
      id: ours.id,
      body: { id: ours.id, name: ours.id, certificate: ours.keys.certificate },
    },
    {
      collection: 'hostname_association',
      id: ours.id,
      body: { certificate_authority_id: ours.id, hostnames: ['api.example'] },
    },
  ])
})

async function revoke({ certSerial }: { readonly certSerial: string }): Promise<void> {
  const revoked = {
    id: certSerial,
    certificate_authority: { id: ours.id, name: ours.id },
    serial_number: BigInt(`0x${certSerial}`).toString(),
    status: 'revoked',
  } as ClientCertificate
  await commit([{ collection: 'client_certificate', id: certSerial, body: revoked }])
}

function pemOf({ certRFC9440 }: { readonly certRFC9440: string }): string {
  return `-----BEGIN CERTIFICATE-----\n${certRFC9440.slice(1, -1)}\n-----END CERTIFICATE-----\n`
}

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

/** The certificate with the other signature that holds as well: s and n − s verify alike (SEC 1 §4.1.4). */
function twinOf(pem: string): string {
  const base64 = pem.split('\n').slice(1, -2).join('')
  const der = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
  // The signature is the last element: BIT STRING { SEQUENCE { r, s } }; everything before it stays.
  const at = der.findLastIndex(
    (octet, n) => octet === 0x03 && der[n + 2] === 0 && der[n + 3] === 0x30,
  )
  const rLength = der[at + 6] ?? 0
  const r = der.subarray(at + 7, at + 7 + rLength)
  const sHex = [...der.subarray(at + 9 + rLength)]
    .map((octet) => octet.toString(16).padStart(2, '0'))
    .join('')
  const sequence = [...integer(r), ...integer(octetsOf(P256_ORDER - BigInt(`0x${sHex}`)))]
  const bits = [0x03, sequence.length + 3, 0, 0x30, sequence.length, ...sequence]
  const inner = [...der.subarray(4, at), ...bits]
  const whole = [0x30, 0x82, inner.length >> 8, inner.length & 0xff, ...inner]
  return pemOf({ certRFC9440: `:${btoa(String.fromCharCode(...whole))}:` })
}

function integer(octets: ArrayLike<number>): readonly number[] {
  return [0x02, octets.length, ...Array.from(octets)]
}

function octetsOf(value: bigint): readonly number[] {
  const hex = value.toString(16)
  const octets =
    (hex.length % 2 ? `0${hex}` : hex).match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
  return (octets[0] ?? 0) >= 0x80 ? [0, ...octets] : octets
}

describe('a client certificate', () => {
  test('of an associated authority lets the request through and names the client to the origin', async () => {
    const certificate = await presented(ours)
    const { response } = await call(certificate)
    expect(response.status).toBe(200)
    const { headers } = await response.json<{ headers: Record<string, string> }>()
    expect(headers['cf-cert-verified']).toBe('true')
    expect(headers['cf-cert-subject-dn-rfc2253']).toContain('O=')
    expect(headers['cf-cert-subject-dn']).not.toBe('CN=forged')
    expect(headers['cf-cert-revoked']).toBe('false')
    expect(headers['client-cert']).toBe(certificate.certRFC9440)
    expect(headers['client-cert-chain']).toBeUndefined()
    expect(JSON.stringify(headers)).not.toMatch(/Zm9yZ2Vk|forged/)
  })

  test.each([
    { name: 'none', certificate: async () => undefined, reason: 'not_presented' },
    { name: 'an expired one', certificate: () => presented(ours, 366), reason: 'expired' },
    { name: 'one not yet valid', certificate: () => presented(ours, -1), reason: 'not_yet_valid' },
    {
      name: 'one of another authority',
      certificate: () => presented(theirs),
      reason: 'unknown_issuer',
    },
    {
      name: 'the authority itself',
      certificate: () => described(ours.keys.certificate),
      reason: 'not_a_client_certificate',
    },
    {
      name: 'another authority of the same name',
      certificate: async () => presented({ ...(await authority('ours')), id: 'ours' }),
      reason: 'bad_signature',
    },
    {
      name: 'one of ours without its fingerprint',
      certificate: async () => ({ ...(await presented(ours)), certFingerprintSHA256: '' }),
      reason: 'malformed',
    },
    {
      name: 'a claim without a certificate',
      certificate: async () => ({ certPresented: '1', certVerified: 'SUCCESS' }),
      reason: 'malformed',
    },
  ])('$name is refused: $reason', async ({ certificate, reason }) => {
    const { response, event } = await call(await certificate())
    expect(response.status).toBe(403)
    expect(await response.text()).not.toContain(reason)
    expect(await event()).toMatchObject({
      action: 'block',
      rule_id: 'mtls',
      findings: [{ detector: 'client-certificate', reason }],
    })
  })

  test('counts only on hostnames associated with its authority', async () => {
    const { response, event } = await call(await presented(ours), { host: 'other.example' })
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'hostname_has_no_authority' }])
  })

  test('stops counting the moment it is revoked, though its verdict is remembered', async () => {
    const certificate = await presented(ours)
    expect((await call(certificate)).response.status).toBe(200)
    await revoke(certificate)
    const { response, event } = await call(certificate)
    expect(response.status).toBe(403)
    expect((await event())?.findings).toMatchObject([{ reason: 'revoked' }])
  })

  test('stays revoked in the shape of its twin: other bytes and fingerprint, a signature as good', async () => {
    const certificate = await presented(ours)
    const twin = await described(twinOf(pemOf(certificate)))
    expect(twin.certFingerprintSHA256).not.toBe(certificate.certFingerprintSHA256)
    expect((await call(twin)).response.status).toBe(200)
    await revoke(certificate)
    expect((await call(twin)).response.status).toBe(403)
  })
})
