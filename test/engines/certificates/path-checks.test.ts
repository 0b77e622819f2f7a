/** What one certificate on a path may not be, whatever the rest of the path. */
import { describe, expect, test } from 'vitest'

import { make, oid, reasonOf, sequence, tlv, verify, type ExtraExtension } from './build.ts'

describe('a certificate on the path is refused for', () => {
  const keyUsage = (bits: readonly number[]): ExtraExtension => ({
    oid: '2.5.29.15',
    critical: true,
    value: tlv(0x03, bits),
  })
  const purposes = (...oids: readonly string[]): ExtraExtension => ({
    oid: '2.5.29.37',
    critical: false,
    value: sequence(...oids.map(oid)),
  })
  const unknown: ExtraExtension = {
    oid: '1.3.6.1.4.1.55738.666.1',
    critical: true,
    value: tlv(0x05),
  }
  const clientAuth = '1.3.6.1.5.5.7.3.2'
  const serverAuth = '1.3.6.1.5.5.7.3.1'

  test.each([
    {
      name: 'an intermediate that may not sign',
      wishes: { extensions: [keyUsage([7, 0x80])] },
      reason: 'issuer_not_a_ca',
    },
    {
      name: 'an intermediate without any usage',
      wishes: { extensions: [keyUsage([0])] },
      reason: 'malformed',
    },
    {
      name: 'an intermediate for servers',
      wishes: { extensions: [purposes(serverAuth)] },
      reason: 'not_a_client_certificate',
    },
    {
      name: 'an intermediate for clients',
      wishes: { extensions: [purposes(clientAuth)] },
      reason: null,
    },
    {
      name: 'an intermediate for anything',
      wishes: { extensions: [purposes('2.5.29.37.0')] },
      reason: null,
    },
    {
      name: 'an unknown critical extension',
      wishes: { extensions: [unknown] },
      reason: 'unknown_critical_extension',
    },
    {
      name: 'an unknown one that is not critical',
      wishes: { extensions: [{ ...unknown, critical: false }] },
      reason: null,
    },
    {
      name: 'critical access information',
      wishes: {
        extensions: [
          {
            ...unknown,
            oid: '1.3.6.1.5.5.7.1.1',
            value: sequence(sequence(oid('1.3.6.1.5.5.7.48.2'), tlv(0x86, [97]))),
          },
        ],
      },
      reason: 'unknown_critical_extension',
    },
    {
      name: 'an intermediate without subject key',
      wishes: { without: ['subject'] as const },
      reason: 'missing_key_identifier',
    },
    {
      name: 'an intermediate without authority key',
      wishes: { without: ['authority'] as const },
      reason: 'missing_key_identifier',
    },
    {
      name: 'an intermediate that is no authority',
      wishes: { ca: false },
      reason: 'issuer_not_a_ca',
    },
    {
      name: 'a serial number of 21 octets',
      wishes: { serial: new Uint8Array(21).fill(1) },
      reason: 'malformed',
    },
    {
      name: 'not one of 20 with a leading zero',
      wishes: { serial: new Uint8Array(20).fill(0x81) },
      reason: null,
    },
  ])('$name: $reason', async ({ wishes, reason }) => {
    const root = await make()
    const intermediate = await make({ issuer: root, ...wishes })
    const leaf = await make({ issuer: intermediate, ca: false })
    expect(reasonOf(await verify(leaf, [root], { chainDer: [intermediate.der] }))).toBe(reason)
  })

  test.each([
    {
      name: 'a leaf for servers',
      wishes: { extensions: [purposes(serverAuth)] },
      reason: 'not_a_client_certificate',
    },
    {
      name: 'a leaf for anything, which is not said plainly',
      wishes: { extensions: [purposes('2.5.29.37.0')] },
      reason: 'not_a_client_certificate',
    },
    {
      name: 'a leaf for both',
      wishes: { extensions: [purposes(serverAuth, clientAuth)] },
      reason: null,
    },
    { name: 'a leaf for nothing', wishes: { extensions: [purposes()] }, reason: 'malformed' },
    {
      name: 'a leaf that may not sign',
      wishes: { extensions: [keyUsage([5, 0x20])] },
      reason: 'not_a_client_certificate',
    },
    {
      name: 'a leaf that may sign certificates but is no authority',
      wishes: { extensions: [keyUsage([2, 0x84])] },
      reason: 'malformed',
    },
    { name: 'an authority as leaf', wishes: { ca: true }, reason: null },
    {
      name: 'an authority as leaf that says it may not sign',
      wishes: { ca: true, extensions: [keyUsage([7, 0x80])] },
      reason: 'not_a_client_certificate',
    },
    {
      name: 'an unknown critical extension',
      wishes: { extensions: [unknown] },
      reason: 'unknown_critical_extension',
    },
    {
      name: 'a leaf without authority key',
      wishes: { without: ['authority'] as const },
      reason: 'missing_key_identifier',
    },
    {
      name: 'not a leaf without subject key',
      wishes: { without: ['subject'] as const },
      reason: null,
    },
    { name: 'an empty issuer', wishes: { issuerName: sequence() }, reason: 'malformed' },
    { name: 'no name at all', wishes: { subject: [] }, reason: 'malformed' },
  ])('$name: $reason', async ({ wishes, reason }) => {
    const root = await make()
    const leaf = await make({ issuer: root, ca: false, ...wishes })
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
  })
})

test('a serial number of zero is refused (RFC 5280 §4.1.2.2)', async () => {
  const leaf = await make({ issuer: await make(), ca: false, serial: new Uint8Array([7]) })
  const at = leaf.der.findIndex((octet, index) => octet === 7 && leaf.der[index - 2] === 0x02)
  const der = leaf.der.map((octet, index) => (index === at ? 0 : octet))
  const verdict = await verify({ ...leaf, der }, [])
  expect(verdict).toMatchObject({ failure: { reason: 'malformed', detail: 'serial number' } })
})
