/** Policies refuse a path only if someone on it, or the caller, demands one; and cannot be made to cost much. */
import { describe, expect, test } from 'vitest'

import { certificateLimits as limits } from '../../../engines/certificates/limits.ts'
import type { PolicyInputs } from '../../../engines/certificates/policy-check.ts'

import {
  make,
  oid,
  reasonOf,
  sequence,
  text,
  tlv,
  verify,
  type ExtraExtension,
  type Made,
} from './build.ts'

type Row = {
  /**
   * Certificates from below the anchor down to the leaf. Each says its policies as letters (`*`: any), mappings
   * (`A=B`), `explicit:`, `nomap:` and `noany:` with the certificates to skip, and `same` when it is self-issued.
   */
  readonly path: string
  /** The same of the anchor. */
  readonly anchor?: string
  /** Which policies the caller insists on. */
  readonly asked?: string
  readonly inputs?: PolicyInputs
  readonly ok: boolean
}

describe('RFC 5280 §6.1 with RFC 9618', () => {
  test.each<Row>([
    { path: ' > ', ok: true },
    { path: 'A > B', ok: true },
    { path: ' > ', asked: '*', ok: false },
    { path: 'A > A', asked: '*', ok: true },
    { path: 'A > B', asked: '*', ok: false },
    { path: '* > B', asked: '*', ok: true },
    { path: 'A > *', asked: '*', ok: true },
    { path: 'AB > A', asked: 'A', ok: true },
    { path: 'AB > A', asked: 'B', ok: false },
    { path: 'AB > A', asked: 'CA', ok: true },
    { path: '* > *', asked: 'B', ok: true },
    // Which policies would do matters only if one must hold.
    { path: 'A > A', inputs: { acceptable: [policyOid('B')] }, ok: true },

    { path: 'A explicit:0 > ', ok: false },
    { path: 'A explicit:1 > ', ok: false },
    { path: 'A explicit:2 > ', ok: true },
    { path: 'A explicit:2 > A same > ', ok: true },
    { path: 'A explicit:2 > A > ', ok: false },
    { path: 'A explicit:9 > A explicit:0 > ', ok: false },
    { path: 'A explicit:0 > A explicit:9 > ', ok: false },
    { path: 'A > explicit:0', ok: false },
    { path: 'A > explicit:1', ok: true },
    { anchor: 'A explicit:0', path: ' > ', ok: false },
    { anchor: 'A explicit:0', path: 'B > B', ok: true },

    { path: 'A A=B > B', asked: '*', ok: true },
    { path: 'A A=B > A', asked: '*', ok: false },
    { path: 'A A=B > B', asked: 'A', ok: true },
    { path: 'A A=B > B', asked: 'B', ok: false },
    { path: 'A A=B A=C > C', asked: '*', ok: true },
    { path: 'A A=B > B B=C > C', asked: 'A', ok: true },
    { path: '* A=B > B', asked: 'A', ok: true },
    { path: 'A A=B > B', asked: '*', inputs: { inhibitMapping: true }, ok: false },
    { path: 'A nomap:0 > A A=B > B', asked: '*', ok: false },
    { path: 'A nomap:1 > A A=B > B', asked: '*', ok: true },
    { path: 'A nomap:1 > A > A A=B > B', asked: '*', ok: false },
    { path: 'A nomap:1 > A same > A A=B > B', asked: '*', ok: true },

    { path: '* > A', asked: '*', inputs: { inhibitAny: true }, ok: false },
    { path: 'A noany:0 > *', asked: '*', ok: false },
    { path: 'A noany:1 > *', asked: '*', ok: true },
    { path: 'A noany:1 > * > *', asked: '*', ok: false },
    { path: 'A noany:0 > * same > A', asked: '*', ok: true },
    { path: 'A noany:0 > * same', asked: '*', ok: false },
    { anchor: 'A noany:0', path: '* > A', asked: '*', ok: false },
  ])('[$anchor] $path, asked $asked: $ok', async ({ anchor, path, asked, inputs, ok }) => {
    const { root, leaf, chain } = await makePath(anchor ?? '', path)
    const wanted = asked === undefined ? {} : { requireExplicit: true, acceptable: oids(asked) }
    const verdict = await verify(leaf, [root], {
      chainDer: chain.map(({ der }) => der),
      policies: { ...wanted, ...inputs },
    })
    expect(reasonOf(verdict)).toBe(ok ? null : 'policy_not_permitted')
  })
})

describe('a certificate is refused whose policy extension is', () => {
  const policies = (...members: readonly Uint8Array[]): ExtraExtension =>
    extension(32, sequence(...members))
  const a = sequence(oid(policyOid('A')))
  test.each([
    { name: 'empty policies', extensions: [policies()] },
    { name: 'a policy twice', extensions: [policies(a, a)] },
    { name: 'empty qualifiers', extensions: [policies(sequence(oid(policyOid('A')), sequence()))] },
    { name: 'empty mappings', extensions: [extension(33, sequence())] },
    {
      name: 'a mapping from any',
      extensions: [extension(33, sequence(sequence(oid(policyOid('*')), oid(policyOid('A')))))],
    },
    {
      name: 'a mapping to any',
      extensions: [extension(33, sequence(sequence(oid(policyOid('A')), oid(policyOid('*')))))],
    },
    { name: 'empty constraints', extensions: [extension(36, sequence())] },
    { name: 'negative constraints', extensions: [extension(36, sequence([0x80, 1, 0xff]))] },
    { name: 'unknown constraints', extensions: [extension(36, sequence([0x82, 1, 0]))] },
    { name: 'a negative inhibition', extensions: [extension(54, new Uint8Array([2, 1, 0xff]))] },
  ])('$name', async ({ extensions }) => {
    const root = await make()
    const leaf = await make({ issuer: root, ca: false, extensions })
    expect(await verify(leaf, [root])).toMatchObject({
      failure: { reason: 'malformed', detail: 'extensions' },
    })
  })

  test.each([
    {
      name: 'constraints without policies',
      critical: false,
      withPolicies: false,
      reason: 'malformed',
    },
    {
      name: 'constraints beside policies, as RFC 3280 allowed',
      critical: false,
      withPolicies: true,
      reason: null,
    },
    { name: 'critical', critical: true, withPolicies: false, reason: null },
  ])('not critical: $name: $reason', async ({ critical, withPolicies, reason }) => {
    const root = await make()
    const constraints = { ...extension(36, sequence([0x80, 1, 3])), critical }
    const extensions = withPolicies ? [constraints, policies(a)] : [constraints]
    const intermediate = await make({ issuer: root, extensions })
    const leaf = await make({ issuer: intermediate, ca: false })
    expect(reasonOf(await verify(leaf, [root], { chainDer: [intermediate.der] }))).toBe(reason)
  })

  test.each([
    { name: 'a practice statement', qualifier: '1.3.6.1.5.5.7.2.1', critical: true, reason: null },
    { name: 'something unknown', qualifier: '1.2.3', critical: false, reason: null },
    {
      name: 'something unknown and critical',
      qualifier: '1.2.3',
      critical: true,
      reason: 'unknown_critical_extension',
    },
  ])('qualified by $name: $reason', async ({ qualifier, critical, reason }) => {
    const root = await make()
    const qualifiers = sequence(sequence(oid(qualifier), text(0x16, 'https://example.com/')))
    const qualified = { ...policies(sequence(oid(policyOid('A')), qualifiers)), critical }
    const leaf = await make({ issuer: root, ca: false, extensions: [qualified] })
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
  })

  test.each([
    { size: limits.policiesMax - 1, reason: null },
    { size: limits.policiesMax, reason: null },
    { size: limits.policiesMax + 1, reason: 'malformed' },
  ])('$size policies: $reason', async ({ size, reason }) => {
    const root = await make()
    const many = Array.from({ length: size }, (_, index) => sequence(oid(`1.3.${index}`)))
    const leaf = await make({ issuer: root, ca: false, extensions: [policies(...many)] })
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
  })
})

test('mappings of everything to everything, eight deep, take milliseconds (RFC 9618 §1)', async () => {
  const letters = 'ABCDEFGHIJK'
  const mappings = letters
    .split('')
    .flatMap((from) => letters.split('').map((to) => `${from}=${to}`))
  const level = `${letters} ${mappings.join(' ')} explicit:0`
  const path = [...Array.from({ length: limits.intermediatesMax }, () => level), 'L'].join(' > ')
  const { root, leaf, chain } = await makePath('', path)
  const startedMs = performance.now()
  const verdict = await verify(leaf, [root], { chainDer: chain.map(({ der }) => der) })
  expect(reasonOf(verdict)).toBe('policy_not_permitted')
  expect(performance.now() - startedMs).toBeLessThan(250)
})

async function makePath(anchor: string, path: string) {
  const root = await make({ subject: 'anchor', extensions: extensionsOf(anchor.split(' ')) })
  const chain: Made[] = []
  const levels = path.split(' > ').map((level) => level.split(' '))
  let issuer: { readonly made: Made; readonly name: string } = { made: root, name: 'anchor' }
  for (const [index, words] of levels.entries()) {
    const subject = words.includes('same') ? issuer.name : `level ${index}`
    const ca = index < levels.length - 1
    const made = await make({ issuer: issuer.made, subject, ca, extensions: extensionsOf(words) })
    chain.push(made)
    issuer = { made, name: subject }
  }
  return { root, leaf: issuer.made, chain: chain.slice(0, -1) }
}

function extensionsOf(words: readonly string[]): readonly ExtraExtension[] {
  const skips = (word: string, tag: number): readonly Uint8Array[] =>
    words
      .filter((one) => one.startsWith(word))
      .map((one) => tlv(tag, [Number(one.slice(word.length))]))
  const policies = words.filter((word) => /^[A-Z*]+$/.test(word)).flatMap(oids)
  const mappings = words
    .filter((word) => word.includes('='))
    .map((word) => oids(word.replace('=', '')))
  const inhibitAny = skips('noany:', 0x02)
  return [
    ...listOf(
      32,
      policies.map((policy) => sequence(oid(policy))),
    ),
    ...listOf(
      33,
      mappings.map((pair) => sequence(...pair.map(oid))),
    ),
    ...listOf(36, [...skips('explicit:', 0x80), ...skips('nomap:', 0x81)]),
    ...inhibitAny.map((value) => extension(54, Uint8Array.from(value))),
  ]
}

/** Absent when it would be empty. */
function listOf(arc: number, members: readonly Uint8Array[]): readonly ExtraExtension[] {
  return members.length === 0 ? [] : [extension(arc, sequence(...members))]
}

/** An extension of RFC 5280 §4.2.1 by the last number of its identifier. */
function extension(arc: number, value: Uint8Array<ArrayBuffer>): ExtraExtension {
  return { oid: `2.5.29.${arc}`, critical: true, value }
}

function oids(letters: string): readonly string[] {
  return letters.split('').map(policyOid)
}

function policyOid(letter: string): string {
  return letter === '*' ? '2.5.29.32.0' : `1.3.6.1.4.1.99999.${letter.charCodeAt(0)}`
}
