/** A path is found whenever there is one, whatever lies beside it; and looking costs no more than it may. */
import { describe, expect, test } from 'vitest'

import { spkiSha256 } from '#engines/certificates'

import { certificateLimits as limits } from '../../../engines/certificates/limits.ts'

import { make, reasonOf, verify, type Made } from './build.ts'
import { nowMs } from './support.ts'

describe('a path is found', () => {
  test('in any order, among strangers, duplicates, broken certificates and the root itself', async () => {
    const root = await make()
    const upper = await make({ issuer: root })
    const lower = await make({ issuer: upper })
    const leaf = await make({ issuer: lower, ca: false })
    const stranger = await make()
    const chainDer = [root, stranger, upper, lower, lower, leaf].map(({ der }) => der)
    const verdict = await verify(leaf, [stranger, root], {
      chainDer: [...chainDer, new Uint8Array([1])],
    })
    expect(verdict).toMatchObject({
      authorityId: 'authority-1',
      path: [leaf, lower, upper, root].map(({ der }) => ({ der })),
    })
  })

  test('through the one of two cross certificates that leads to an anchor', async () => {
    const trusted = await make()
    const untrusted = await make()
    const shared = { subject: 'shared', keys: (await make()).keys }
    const astray = await make({ ...shared, issuer: untrusted })
    const right = await make({ ...shared, issuer: trusted })
    const leaf = await make({ issuer: astray, ca: false })
    const chainDer = [astray.der, untrusted.der, right.der]
    expect(reasonOf(await verify(leaf, [trusted], { chainDer }))).toBeNull()
  })

  test('to a new root by its certificate under the old key', async () => {
    const old = await make({ subject: 'root' })
    const newWithOld = await make({ subject: 'root', issuer: old, pathLength: 0 })
    const leaf = await make({ issuer: newWithOld, ca: false })
    expect(reasonOf(await verify(leaf, [old], { chainDer: [newWithOld.der] }))).toBeNull()
  })

  test('to an anchor that is itself issued by someone', async () => {
    const root = await make()
    const anchor = await make({ issuer: root })
    const leaf = await make({ issuer: anchor, ca: false })
    const verdict = await verify(leaf, [anchor], { chainDer: [root.der] })
    expect(verdict).toMatchObject({ path: [{ der: leaf.der }, { der: anchor.der }] })
  })

  test('past an expired certificate with the same name and key', async () => {
    const root = await make()
    const keys = (await make()).keys
    const expired = await make({ issuer: root, subject: 'same', keys, notAfterMs: nowMs })
    const current = await make({ issuer: root, subject: 'same', keys })
    const leaf = await make({ issuer: current, ca: false })
    const question = { chainDer: [expired.der, current.der], nowMs: nowMs + 1000 }
    expect(reasonOf(await verify(leaf, [root], question))).toBeNull()
  })

  test('although the key identifier points elsewhere: it is a hint', async () => {
    const root = await make({ subject: 'root' })
    const namesake = await make({ subject: 'root' })
    const pointed = { ...root, keys: { ...root.keys, publicKeyDer: namesake.keys.publicKeyDer } }
    const leaf = await make({ issuer: pointed, ca: false })
    expect(reasonOf(await verify(leaf, [namesake, root]))).toBeNull()
  })
})

describe('no path is found', () => {
  test('around authorities that only sign each other', async () => {
    const [a, b] = [await make({ subject: 'a' }), await make({ subject: 'b' })]
    const aByB = await make({ issuer: b, subject: 'a', keys: a.keys })
    const bByA = await make({ issuer: a, subject: 'b', keys: b.keys })
    const leaf = await make({ issuer: aByB, ca: false })
    const verdict = await verify(leaf, [await make()], { chainDer: [aByB.der, bByA.der] })
    expect(reasonOf(verdict)).toBe('unknown_issuer')
  })

  test('through ten certificates of one name and one key', async () => {
    const same = { subject: 'same', keys: (await make()).keys }
    const ring: Made[] = []
    for (let size = 0; size < limits.chainCertificatesMax; size += 1) {
      const above = ring.at(-1)
      ring.push(
        await make({
          ...same,
          ...(above ? { issuer: above } : {}),
          serial: new Uint8Array([size + 1]),
        }),
      )
    }
    const leaf = await make({ issuer: { ...same, ...ring[0] } as Made, ca: false })
    const chainDer = ring.map(({ der }) => der)
    expect(reasonOf(await verify(leaf, [await make()], { chainDer }))).toBe('unknown_issuer')
  })

  test('beyond the signature checks that a search may cost', async () => {
    // Ten authorities of one name and ten keys: every one looks like the issuer of every other.
    const names = await Promise.all(
      Array.from({ length: limits.chainCertificatesMax }, () => make({ subject: 'same' })),
    )
    const leaf = await make({ issuer: await make({ subject: 'same' }), ca: false })
    const chainDer = names.map(({ der }) => der)
    const verdict = await verify(leaf, [await make()], { chainDer })
    expect(reasonOf(verdict)).toBe('bad_signature')
    const crossed = await Promise.all(
      names.map((issuer, index) =>
        make({
          issuer,
          subject: 'same',
          keys: names[(index + 1) % names.length]?.keys ?? issuer.keys,
        }),
      ),
    )
    const inside = await make({ issuer: crossed[0] ?? leaf, ca: false })
    const exhausted = await verify(inside, [await make()], {
      chainDer: crossed.map(({ der }) => der),
    })
    expect(reasonOf(exhausted)).toBe('search_exhausted')
  })
})

describe('path length', () => {
  test.each([
    { name: 'a leaf below 0', lengths: [0], reason: null },
    { name: 'an authority below 0', lengths: [0, undefined], reason: 'path_too_long' },
    { name: 'one that grows', lengths: [1, 2], reason: null },
    { name: 'one that is used up', lengths: [1, 0, undefined], reason: 'path_too_long' },
    { name: 'none', lengths: [undefined, undefined, undefined], reason: null },
  ])('$name: $reason', async ({ lengths, reason }) => {
    const root = await make()
    const chain = await chainUnder(root, lengths)
    const leaf = await make({ issuer: chain.at(-1) ?? root, ca: false })
    expect(reasonOf(await verify(leaf, [root], { chainDer: chain.map(({ der }) => der) }))).toBe(
      reason,
    )
  })

  test.each([
    { pathLength: 0, reason: 'path_too_long' },
    { pathLength: 1, reason: null },
  ])('of the anchor itself, $pathLength: $reason', async ({ pathLength, reason }) => {
    const root = await make({ pathLength })
    const intermediate = await make({ issuer: root })
    const leaf = await make({ issuer: intermediate, ca: false })
    expect(reasonOf(await verify(leaf, [root], { chainDer: [intermediate.der] }))).toBe(reason)
  })

  test('does not count an authority that presents itself as a client', async () => {
    const root = await make()
    const [upper, lower] = await chainUnder(root, [0, 0])
    if (upper === undefined || lower === undefined) throw new Error('two were asked for')
    const question = { chainDer: [upper.der] }
    expect(reasonOf(await verify(lower, [root], question))).toBeNull()
  })
})

test('a key has the same digest in every certificate', async () => {
  const root = await make()
  const leaf = await make({ issuer: root, ca: false, keys: root.keys, subject: 'other' })
  const verdict = await verify(leaf, [await make(), root])
  if (!verdict.verified) throw new Error(verdict.failure.reason)
  const digests = await Promise.all(verdict.path.map(spkiSha256))
  const expected = Buffer.from(
    await crypto.subtle.digest('SHA-256', root.keys.publicKeyDer),
  ).toString('hex')
  expect(digests).toEqual([expected, expected])
})

async function chainUnder(
  root: Made,
  lengths: readonly (number | undefined)[],
): Promise<readonly Made[]> {
  const chain: Made[] = []
  for (const pathLength of lengths) {
    const issuer = chain.at(-1) ?? root
    chain.push(await make({ issuer, ...(pathLength === undefined ? {} : { pathLength }) }))
  }
  return chain
}
