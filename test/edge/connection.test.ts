import { X509Certificate } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Edge } from '../../edge/start.ts'
import { makeCertificateFamily, requestEcho, startEchoEdge } from '../support/edge.ts'

const certificates = makeCertificateFamily()
let edge: Edge

beforeAll(async () => {
  edge = await startEchoEdge()
})

afterAll(async () => {
  await edge.stop()
})

describe('what the Worker is told of the client', () => {
  test('a certificate arrives with its chain, in Cloudflare’s members', async () => {
    const { cf } = await requestEcho(edge, { client: certificates.withChain })
    const leaf = new X509Certificate(certificates.leafPem)
    const intermediate = new X509Certificate(certificates.intermediatePem)
    expect(cf.tlsClientAuth).toMatchObject({
      certPresented: '1',
      certVerified: 'FAILED:unable to get local issuer certificate',
      certRevoked: '0',
      certSubjectDNRFC2253: 'O=Temperature Testers\\, Inc.,CN=sensor',
      certIssuerDNRFC2253: 'O=Test,CN=Intermediate',
      certFingerprintSHA256: leaf.fingerprint256.replaceAll(':', '').toLowerCase(),
      certNotAfter: leaf.validTo,
      certRFC9440: `:${leaf.raw.toString('base64')}:`,
      certRFC9440TooLarge: false,
      certChainRFC9440: `:${intermediate.raw.toString('base64')}:`,
      certChainRFC9440TooLarge: false,
    })
  })

  test.each([
    { name: 'no certificate', client: undefined, presented: '0', verified: 'NONE' },
    {
      name: 'a leaf alone',
      client: certificates.leafOnly,
      presented: '1',
      verified: 'FAILED:unable to verify the first certificate',
    },
    {
      name: 'an expired one',
      client: certificates.expired,
      presented: '1',
      verified: 'FAILED:certificate has expired',
    },
    {
      name: 'a self-signed one',
      client: certificates.selfSigned,
      presented: '1',
      verified: 'FAILED:self signed certificate',
    },
  ])('$name is taken by TLS and described', async ({ client, presented, verified }) => {
    const { cf } = await requestEcho(edge, client === undefined ? {} : { client })
    expect(cf.tlsClientAuth).toMatchObject({
      certPresented: presented,
      certVerified: verified,
      certChainRFC9440: '',
    })
  })

  test.each([
    { maxVersion: 'TLSv1.2', tlsVersion: 'TLSv1.2', tlsCipher: /^ECDHE-ECDSA-/ },
    { maxVersion: 'TLSv1.3', tlsVersion: 'TLSv1.3', tlsCipher: /^AEAD-/ },
  ] as const)(
    'the handshake is described: $maxVersion',
    async ({ maxVersion, tlsVersion, tlsCipher }) => {
      const { cf } = await requestEcho(edge, { maxVersion })
      expect(cf).toMatchObject({
        tlsVersion,
        tlsCipher: expect.stringMatching(tlsCipher),
        httpProtocol: 'HTTP/1.1',
        colo: 'LCL',
        tlsClientHelloLength: expect.stringMatching(/^\d{3,4}$/),
        tlsClientRandom: expect.stringMatching(/^.{43}=$/),
        tlsClientCiphersSha1: expect.stringMatching(/^.{27}=$/),
        tlsClientExtensionsSha1: expect.stringMatching(/^.{27}=$/),
        tlsClientExtensionsSha1Le: expect.stringMatching(/^.{27}=$/),
        tlsExportedAuthenticator: {
          clientFinished: expect.stringMatching(/^[0-9a-f]+$/),
          serverFinished: expect.stringMatching(/^[0-9a-f]+$/),
        },
      })
    },
  )

  test('plain HTTP has no certificate and no TLS', async () => {
    const answer = await fetch(`${edge.httpUrl}/x`)
    expect(await answer.json()).toMatchObject({
      url: `${edge.httpUrl}/x`,
      cf: { tlsVersion: '', tlsClientAuth: { certPresented: '0', certVerified: 'NONE' } },
    })
    expect(answer.headers.get('cf-ray')).toMatch(/^[0-9a-f]{16}-LCL$/)
  })

  test('a client cannot say any of it itself', async () => {
    const forged = JSON.stringify({
      tlsClientAuth: { certPresented: '1', certVerified: 'SUCCESS' },
    })
    const names = [
      'MF-CF-Blob',
      'mf-cf-blob',
      'MF_CF_Blob',
      'CF-Connecting-IP',
      'CF-Cert-Verified',
      'CF-Client-Cert-SHA256',
      'Client-Cert',
      'Client-Cert-Chain',
      'X-Forwarded-For',
      'X-Forwarded-Proto',
      'Forwarded',
      'X-Real-IP',
      'CDN-Loop',
    ]
    const echo = await requestEcho(edge, {
      headers: [
        'Host',
        'api.example.com:8443',
        ...names.flatMap((name) => [name, forged]),
        'X-Kept',
        '1',
      ],
    })
    expect(echo.url).toBe('https://api.example.com:8443/')
    expect(echo.cf.tlsClientAuth).toMatchObject({ certPresented: '0', certVerified: 'NONE' })
    expect(Object.fromEntries(echo.headers)).toEqual({
      'cf-connecting-ip': '127.0.0.1',
      'cf-ray': expect.stringMatching(/^[0-9a-f]{16}-LCL$/),
      'x-forwarded-proto': 'https',
      connection: 'keep-alive',
      host: 'api.example.com:8443',
      'x-kept': '1',
    })
  })
})
