/** A request that is made here is read back with exactly the names that were asked for, and proves possession of its key. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'

import { createSigningRequest, readSigningRequest } from '#engines/certificates'
import { firstAttribute } from '../../../engines/certificates/names.ts'

async function roundTrip(commonName: string, organization: string | null) {
  const { csr, privateKeyPkcs8 } = await createSigningRequest({ commonName, organization })
  const read = await readSigningRequest(csr)
  if (!read.ok) throw new Error(read.error.message)
  const { subject, publicKey } = read.value
  return {
    commonName: firstAttribute(subject, '2.5.4.3'),
    organization: firstAttribute(subject, '2.5.4.10'),
    attributes: subject.relativeNames.length,
    publicKey,
    privateKeyPkcs8,
  }
}

test.each([
  ['sensor-7', 'Temperature Testers, Inc.'],
  ['sensör "7", x', 'A+B=C;<D>'],
  ['#0500', '"quoted"'],
  ['\\2C', 'back\\slash'],
  [' spaces ', null],
  ['温度計', null],
])('%j of %j', async (commonName, organization) => {
  expect(await roundTrip(commonName, organization)).toMatchObject({
    commonName,
    organization,
    attributes: organization === null ? 1 : 2,
  })
})

test('any name of visible characters', async () => {
  const name = fc.string({ minLength: 1, maxLength: 40, unit: 'grapheme-ascii' })
  await fc.assert(
    fc.asyncProperty(name, async (commonName) => {
      expect((await roundTrip(commonName, null)).commonName).toBe(commonName)
    }),
    { numRuns: 60 },
  )
})

test('the private key belongs to the request', async () => {
  const { privateKeyPkcs8, publicKey } = await roundTrip('sensor', null)
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const signer = await crypto.subtle.importKey('pkcs8', privateKeyPkcs8, algorithm, false, ['sign'])
  const spki = new Uint8Array(publicKey.der)
  const verifier = await crypto.subtle.importKey('spki', spki, algorithm, false, ['verify'])
  const data = new Uint8Array([1, 2, 3])
  const signature = await crypto.subtle.sign(algorithm, signer, data)
  expect(await crypto.subtle.verify(algorithm, verifier, signature, data)).toBe(true)
})
