/** What a certificate costs: signatures once for a client, once in a while for a stranger, and never the room of the others. */
import type { Verdict } from '#engines/certificates'
import { beforeEach, expect, test, vi } from 'vitest'
import { clientCertificate } from '../../../worker/gateway/detectors/client-certificate.ts'
import { EMPTY_ZONE } from '../../../worker/gateway/empty-snapshot.ts'
import { GATEWAY_LIMITS } from '../../../worker/gateway/limits.ts'
import { createTrustStore, type TrustStore } from '../../../worker/gateway/trust-store.ts'

const NOW_MS = 1_800_000_000_000
const VALID_SECONDS = 3_600

const verify = vi.fn<() => Promise<Verdict>>()
const ports = {
  certificates: async () => ({
    readAuthorityBundle: () => ({ ok: true, value: {} }),
    verifyClientCertificate: verify,
    describeVerified: async () => ({
      certificate: { authorityId: 'a', chainRfc9440: '' },
      links: [],
    }),
  }),
}

const VERIFIED = {
  verified: true,
  authorityId: 'a',
  serialNumber: '1',
  validUntil: NOW_MS / 1000 + VALID_SECONDS,
  path: [],
} as const
const UNKNOWN = { verified: false, failure: { reason: 'unknown_issuer' } } as const

let trust: TrustStore

beforeEach(() => {
  verify.mockReset()
  const managed = { id: 'a', name: '', certificate: '' }
  const hostname_association = [{ certificate_authority_id: 'a', hostnames: ['api.example'] }]
  trust = createTrustStore(
    { ...EMPTY_ZONE, certificate_authority: [managed], hostname_association },
    null,
  )
})

type Asked = { readonly client?: number; readonly chain?: string; readonly afterMs?: number }

async function reasonOf({ client = 0, chain = '', afterMs = 0 }: Asked = {}): Promise<string> {
  const tlsClientAuth = {
    certPresented: '1',
    certFingerprintSHA256: client.toString(16).padStart(64, '0'),
    certRFC9440: ':AAAA:',
    certChainRFC9440: chain,
  }
  const exchange = {
    cf: { tlsClientAuth },
    hostname: 'api.example',
    nowMs: NOW_MS + afterMs,
    snapshot: { trust },
  }
  const detection = await clientCertificate.run(exchange as never, ports as never)
  return detection.findings[0]?.reason ?? ''
}

test('a verified one is verified once, until something on its path expires', async () => {
  verify.mockResolvedValue(VERIFIED)
  expect(await reasonOf()).toBe('verified')
  expect(await reasonOf({ chain: ':AAAA:', afterMs: VALID_SECONDS * 1000 })).toBe('verified')
  expect(verify).toHaveBeenCalledTimes(1)
  await reasonOf({ afterMs: VALID_SECONDS * 1000 + 1 })
  expect(verify).toHaveBeenCalledTimes(2)
})

test('a refused one is looked at again after a while, or with another chain', async () => {
  const { rememberedRefusalMs } = GATEWAY_LIMITS
  verify.mockResolvedValue(UNKNOWN)
  expect(await reasonOf({ chain: ':AAAA:' })).toBe('unknown_issuer')
  await reasonOf({ chain: ':AAAA:', afterMs: rememberedRefusalMs })
  expect(verify).toHaveBeenCalledTimes(1)
  await reasonOf({ chain: ':AAAA:', afterMs: rememberedRefusalMs + 1 })
  expect(verify).toHaveBeenCalledTimes(2)
  verify.mockResolvedValue(VERIFIED)
  expect(await reasonOf({ chain: ':BBBB:' })).toBe('verified')
})

test('strangers do not crowd a client out of the memory', async () => {
  verify.mockResolvedValue(VERIFIED)
  await reasonOf()
  verify.mockResolvedValue(UNKNOWN)
  for (let client = 1; client <= GATEWAY_LIMITS.rememberedCertificatesMax + 1; client++) {
    await reasonOf({ client })
  }
  verify.mockClear()
  expect(await reasonOf()).toBe('verified')
  expect(verify).not.toHaveBeenCalled()
})
