/** Whatever a stranger sends in place of certificates, the answer is a verdict: never an exception, never late. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

import { readAuthorityBundle } from '#engines/certificates'

import { inspectCertificate } from '../../../engines/certificates/inspect.ts'
import { encodePem } from '../../../engines/certificates/pem.ts'

import {
  bundle,
  make,
  oid,
  reasonOf,
  sequence,
  text,
  tlv,
  verify,
  type ExtraExtension,
} from './build.ts'
import { nowMs } from './support.ts'

/** Everything that is read beyond the fields every certificate has. */
const rich: readonly ExtraExtension[] = [
  extension(
    17,
    sequence(
      text(0x82, 'a.example.com'),
      text(0x81, 'ops@example.com'),
      text(0x86, 'https://a.example.com/'),
      tlv(0x87, [192, 0, 2, 1]),
    ),
  ),
  extension(32, sequence(sequence(oid('1.2.3')), sequence(oid('2.5.29.32.0')))),
]
const richAuthority: readonly ExtraExtension[] = [
  extension(
    30,
    sequence(
      tlv(0xa0, sequence(text(0x82, 'example.com')), sequence(text(0x81, 'example.com'))),
      tlv(0xa1, sequence(tlv(0x87, [10, 0, 0, 0, 255, 0, 0, 0]))),
    ),
  ),
  extension(33, sequence(sequence(oid('1.2.3'), oid('1.2.4')))),
  extension(36, sequence([0x80, 1, 3], [0x81, 1, 3])),
  extension(54, new Uint8Array([2, 1, 3])),
]

test('changed octets are a verdict, and never a verified one', async () => {
  const root = await make()
  const intermediate = await make({ issuer: root, extensions: [...rich, ...richAuthority] })
  const leaf = await make({ issuer: intermediate, ca: false, extensions: rich })
  const authorities = [bundle(root.pem)]
  expect(reasonOf(await verify(leaf, [], { authorities, chainDer: [intermediate.der] }))).toBeNull()
  await fc.assert(
    fc.asyncProperty(
      fc.boolean(),
      fc.nat(),
      fc.integer({ min: 1, max: 255 }),
      async (first, at, change) => {
        const flip = (der: Uint8Array): Uint8Array =>
          der.map((octet, index) => (index === at % der.length ? octet ^ change : octet))
        const changed = first ? { ...leaf, der: flip(leaf.der) } : leaf
        const chainDer = [first ? intermediate.der : flip(intermediate.der)]
        const verdict = await verify(changed, [], { authorities, chainDer })
        expect(verdict.verified).toBe(false)
      },
    ),
    { numRuns: 400 },
  )
})

test('octets cut out, put in or doubled are a verdict', async () => {
  const { der } = await make({ extensions: [...rich, ...richAuthority] })
  const place = fc.nat(der.length - 1)
  fc.assert(
    fc.property(place, place, fc.uint8Array({ maxLength: 40 }), (from, to, put) => {
      const changed = new Uint8Array([...der.subarray(0, from), ...put, ...der.subarray(to)])
      expect(typeof inspectCertificate(changed).ok).toBe('boolean')
      expect(
        typeof readAuthorityBundle('a', encodePem('CERTIFICATE', changed), { allowSha1: true }).ok,
      ).toBe('boolean')
    }),
    { numRuns: 1000 },
  )
})

describe('extensions of any octets are read or refused', () => {
  test.each([14, 15, 17, 19, 30, 31, 32, 33, 35, 36, 37, 54])('2.5.29.%i', async (arc) => {
    const plain = await make({ extensions: [extension(99, new Uint8Array(60))] })
    const start = indexOf(plain.der, oid('2.5.29.99'))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 60, maxLength: 60 }), (value) => {
        const der = Uint8Array.from(plain.der)
        der.set(oid(`2.5.29.${arc}`), start)
        // After the identifier: BOOLEAN, then the header of the OCTET STRING.
        der.set(value, start + 5 + 3 + 2)
        expect(typeof inspectCertificate(der).ok).toBe('boolean')
      }),
      { numRuns: 200 },
    )
  })
})

describe('size', () => {
  test.each([
    { count: 1000, reason: null },
    { count: 2048, reason: null },
    { count: 2049, reason: 'malformed' },
  ])('$count alternative names: $reason', async ({ count, reason }) => {
    const root = await make()
    const leaf = await make({ issuer: root, ca: false, extensions: [hostNames(count)] })
    const startedMs = performance.now()
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
    expect(performance.now() - startedMs).toBeLessThan(250)
  })

  test('elements nested a thousand deep are refused at once', async () => {
    let nested: Uint8Array = new Uint8Array([5, 0])
    while (nested.length < 4000) nested = tlv(0x30, nested)
    const startedMs = performance.now()
    expect(inspectCertificate(nested)).toMatchObject({ ok: false })
    expect(performance.now() - startedMs).toBeLessThan(100)
  })

  test('a chain of ten rubbish certificates is no reason to refuse a leaf that needs none', async () => {
    const root = await make()
    const leaf = await make({ issuer: root, ca: false })
    const chainDer = Array.from({ length: 10 }, (_, index) => new Uint8Array(32_768).fill(index))
    expect(reasonOf(await verify(leaf, [root], { chainDer, nowMs }))).toBeNull()
  })
})

function hostNames(count: number): ExtraExtension {
  return extension(
    17,
    sequence(...Array.from({ length: count }, (_, index) => text(0x82, `t${index}.test`))),
  )
}

function extension(arc: number, value: Uint8Array<ArrayBuffer>): ExtraExtension {
  return { oid: `2.5.29.${arc}`, critical: true, value }
}

function indexOf(der: Uint8Array, wanted: Uint8Array): number {
  return der.findIndex((_, at) => wanted.every((octet, offset) => der[at + offset] === octet))
}
