/** An authority's certificates name only what every certificate above it allows them to name. */
import { describe, expect, test } from 'vitest'

import { certificateLimits as limits } from '../../../engines/certificates/limits.ts'

import {
  bundle,
  generalName,
  make,
  reasonOf,
  sequence,
  tlv,
  verify,
  type ExtraExtension,
} from './build.ts'

/** A form and a text: `dns:a`, `email:a`, `uri:a`, `ip:192.0.2.1`, `ip:192.0.2.0/24`, `dir:a,b`, `other:`. */
type Names = readonly string[]

type Row = {
  readonly permitted?: Names
  readonly excluded?: Names
  readonly names: Names
  /** Null: verified. */
  readonly detail:
    | 'not permitted'
    | 'excluded'
    | 'malformed'
    | 'of a form that cannot be compared'
    | null
}

describe('below an anchor with constraints', () => {
  test.each<Row>([
    { permitted: ['dns:example.com'], names: ['dns:example.com'], detail: null },
    { permitted: ['dns:example.com'], names: ['dns:a.b.example.com'], detail: null },
    { permitted: ['dns:EXAMPLE.com'], names: ['dns:a.example.COM'], detail: null },
    { permitted: ['dns:example.com'], names: ['dns:not-example.com'], detail: 'not permitted' },
    { permitted: ['dns:a.example.com'], names: ['dns:example.com'], detail: 'not permitted' },
    { permitted: ['dns:a.org'], names: ['dns:a.org', 'dns:x.org'], detail: 'not permitted' },
    { permitted: ['dns:a.org', 'dns:b.org'], names: ['dns:b.org', 'dns:a.org'], detail: null },
    { excluded: ['dns:a.org'], names: ['dns:ok.org', 'dns:x.a.org'], detail: 'excluded' },
    { permitted: ['dns:a.org'], excluded: ['dns:a.org'], names: ['dns:a.org'], detail: 'excluded' },
    { excluded: ['dns:'], names: ['dns:example.com'], detail: 'excluded' },
    { permitted: ['dns:'], names: ['dns:example.com'], detail: null },
    { permitted: ['dns:a.org'], names: ['dns:*.a.org'], detail: null },
    // CVE-2025-61727, both ways: what a wildcard could be used as counts.
    { excluded: ['dns:bar.a.org'], names: ['dns:*.a.org'], detail: 'excluded' },
    { permitted: ['dns:foo.a.org'], names: ['dns:*.a.org'], detail: 'not permitted' },
    { excluded: ['dns:x.bar.a.org'], names: ['dns:*.a.org'], detail: null },
    { permitted: ['dns:a.org'], names: ['dns:.a.org'], detail: 'malformed' },
    { permitted: ['dns:a.org'], names: ['dns:x\0.a.org'], detail: 'malformed' },
    {
      permitted: ['ip:192.0.2.0/24'],
      excluded: ['email:x.org'],
      names: ['dns:a.org'],
      detail: null,
    },
    { permitted: ['ip:192.0.2.0/24'], names: ['dns:..'], detail: null },

    { permitted: ['ip:192.0.2.0/24'], names: ['ip:192.0.2.1'], detail: null },
    { permitted: ['ip:192.0.2.0/24'], names: ['ip:192.0.3.1'], detail: 'not permitted' },
    { excluded: ['ip:192.0.2.0/24'], names: ['ip:192.0.2.1'], detail: 'excluded' },
    { permitted: ['ip:::1/128'], names: ['ip:::1'], detail: null },
    { permitted: ['ip:192.0.2.0/24'], names: ['ip:::1'], detail: 'not permitted' },
    { excluded: ['ip:::1/128'], names: ['ip:::1'], detail: 'excluded' },
    { permitted: ['ip:192.0.2.0/24'], names: ['ip:192.0.2.0/24'], detail: 'malformed' },

    { permitted: ['email:ops@a.org'], names: ['email:ops@A.org'], detail: null },
    { permitted: ['email:ops@a.org'], names: ['email:OPS@a.org'], detail: 'not permitted' },
    { permitted: ['email:*@a.org'], names: ['email:*@a.org'], detail: null },
    { permitted: ['email:*@a.org'], names: ['email:user@a.org'], detail: 'not permitted' },
    { permitted: ['email:*@a.org'], names: ['email:*@b.a.org'], detail: 'not permitted' },
    { permitted: ['email:a.org'], names: ['email:ops@a.org'], detail: null },
    { permitted: ['email:a.org'], names: ['email:ops@x.a.org'], detail: 'not permitted' },
    { permitted: ['email:.a.org'], names: ['email:ops@x.y.a.org'], detail: null },
    { permitted: ['email:.a.org'], names: ['email:ops@a.org'], detail: 'not permitted' },
    { excluded: ['email:.a.org'], names: ['email:ops@x.a.org'], detail: 'excluded' },
    { permitted: ['email:a.org'], names: ['email:x@y@a.org'], detail: 'malformed' },

    { permitted: ['uri:a.org'], names: ['uri:https://u@A.org:8443/a?b'], detail: null },
    { permitted: ['uri:a.org'], names: ['uri:https://x.a.org/'], detail: 'not permitted' },
    { permitted: ['uri:.a.org'], names: ['uri:spiffe://x.a.org/x'], detail: null },
    { excluded: ['uri:.a.org'], names: ['uri:https://x.a.org'], detail: 'excluded' },
    { permitted: ['uri:a.org'], names: ['uri:https://a.org@evil.org/'], detail: 'not permitted' },
    { permitted: ['uri:a.org'], names: ['uri:https://evil.org\\@a.org/'], detail: 'malformed' },
    { permitted: ['uri:a.org'], names: ['uri:urn:example:a'], detail: 'malformed' },
    { excluded: ['uri:a.org'], names: ['uri:https://192.0.2.1/'], detail: 'malformed' },

    { permitted: ['dir:a'], names: ['dir:A,b'], detail: null },
    { permitted: ['dir:a'], names: ['dir:b,a'], detail: 'not permitted' },
    { permitted: ['dir:'], names: ['dir:b'], detail: null },
    { excluded: ['dir:b'], names: ['dir:b,a'], detail: 'excluded' },

    { excluded: ['other:'], names: ['other:'], detail: 'of a form that cannot be compared' },
    { permitted: ['other:'], names: ['other:'], detail: 'of a form that cannot be compared' },
    { permitted: ['dns:a.org'], excluded: ['other:'], names: ['dns:a.org'], detail: null },
  ])('permitted $permitted, excluded $excluded: $names $detail', async (row) => {
    const root = await make({ extensions: [nameConstraints(row)] })
    // Its subject is inside the subtrees of directory names above.
    const extensions = [alternativeNames(row.names)]
    const leaf = await make({ issuer: root, ca: false, subject: 'A', extensions })
    const verdict = await verify(leaf, [root])
    const failure = { reason: 'name_not_permitted', detail: row.detail }
    if (row.detail === null) expect(reasonOf(verdict)).toBeNull()
    else expect(verdict).toMatchObject({ verified: false, failure })
  })
})

describe('the subject is a name', () => {
  const email = (value: string) => [{ E: [value] }]
  test.each([
    { permitted: ['dir:a'], subject: 'b', reason: 'name_not_permitted' },
    { permitted: ['email:a.org'], subject: email('ops@b.org'), reason: 'name_not_permitted' },
    { permitted: ['email:a.org'], subject: email('ops@a.org'), reason: null },
    // RFC 5280 knows no host names in common names.
    { permitted: ['dns:a.org'], subject: 'b.org', reason: null },
  ])('$subject under $permitted: $reason', async ({ permitted, subject, reason }) => {
    const root = await make({ extensions: [nameConstraints({ permitted })] })
    const leaf = await make({ issuer: root, ca: false, subject })
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
  })
})

describe('constraints add up along a path', () => {
  const both = ['dns:foo.org', 'dns:bar.org']
  test.each([
    { name: 'narrowed', above: both, below: ['dns:bar.org'], reason: 'name_not_permitted' },
    { name: 'not widened', above: ['dns:bar.org'], below: both, reason: 'name_not_permitted' },
    { name: 'kept', above: both, below: ['dns:foo.org'], reason: null },
  ])('$name', async ({ above, below, reason }) => {
    const root = await make()
    const upper = await make({ issuer: root, extensions: [nameConstraints({ permitted: above })] })
    const lower = await make({ issuer: upper, extensions: [nameConstraints({ permitted: below })] })
    const leaf = await make({
      issuer: lower,
      ca: false,
      extensions: [alternativeNames(['dns:a.foo.org'])],
    })
    const verdict = await verify(leaf, [root], { chainDer: [lower.der, upper.der] })
    expect(reasonOf(verdict)).toBe(reason)
  })

  test.each([
    { name: 'an intermediate is bound as well', rollover: false, reason: 'name_not_permitted' },
    { name: 'a self-issued one is not, so that keys can change', rollover: true, reason: null },
  ])('$name', async ({ rollover, reason }) => {
    const permitted = ['dns:permitted.org']
    const root = await make({ subject: 'root', extensions: [nameConstraints({ permitted })] })
    const intermediate = await make({
      issuer: root,
      subject: rollover ? 'root' : 'intermediate',
      extensions: [alternativeNames(['dns:forbidden.org'])],
    })
    const leaf = await make({
      issuer: intermediate,
      ca: false,
      extensions: [alternativeNames(permitted)],
    })
    expect(reasonOf(await verify(leaf, [root], { chainDer: [intermediate.der] }))).toBe(reason)
  })

  test('a self-issued leaf is bound', async () => {
    const root = await make({
      extensions: [nameConstraints({ permitted: ['dns:permitted.org'] })],
    })
    const intermediate = await make({ issuer: root, subject: 'same' })
    const names = alternativeNames(['dns:forbidden.org'])
    const leaf = await make({
      issuer: intermediate,
      ca: false,
      subject: 'same',
      extensions: [names],
    })
    const verdict = await verify(leaf, [root], { chainDer: [intermediate.der] })
    expect(reasonOf(verdict)).toBe('name_not_permitted')
  })

  test('another path is taken when the first one forbids a name', async () => {
    const forbidding = await make({
      subject: 'root A',
      extensions: [nameConstraints({ excluded: ['dns:forbidden.org'] })],
    })
    const free = await make({ subject: 'root B' })
    const first = await make({
      issuer: forbidding,
      extensions: [alternativeNames(['dns:forbidden.org'])],
      subject: 'shared',
    })
    const second = await make({ issuer: free, keys: first.keys, subject: 'shared' })
    const leaf = await make({ issuer: first, ca: false })
    const verdict = await verify(leaf, [forbidding, free], { chainDer: [first.der, second.der] })
    expect(verdict).toMatchObject({ verified: true, authorityId: 'authority-1' })
  })
})

describe('the cost does not grow with names times constraints', () => {
  const hosts = (count: number, prefix: string): Names =>
    Array.from({ length: count }, (_, index) => `dns:${prefix}${index}.test`)

  const masks = Array.from({ length: 32 }, (_, at) => (0xffff_ffff << (31 - at)) >>> 0)
  const addresses: Names = Array.from({ length: 1000 }, (_, at) => `ip:10.9.${at >> 8}.${at & 255}`)
  const dotted = (bits: number): string => [24, 16, 8, 0].map((by) => (bits >>> by) & 255).join('.')

  test.each([
    {
      name: 'host names',
      constraints: { permitted: [...hosts(700, 't'), 'dns:test'], excluded: hosts(700, 'x') },
      names: hosts(1000, 't'),
    },
    {
      name: 'addresses, under every length of mask',
      constraints: { excluded: masks.map((mask) => `ip:255.255.255.255/${dotted(mask)}`) },
      names: addresses,
    },
  ])('a thousand $name take milliseconds', async ({ constraints, names }) => {
    const root = await make({ extensions: [nameConstraints(constraints)] })
    const leaf = await make({ issuer: root, ca: false, extensions: [alternativeNames(names)] })
    const authorities = [bundle(root.pem)]
    const startedMs = performance.now()
    expect(reasonOf(await verify(leaf, [], { authorities }))).toBeNull()
    expect(performance.now() - startedMs).toBeLessThan(250)
  })

  const hostOf = (size: number): string => `dns:${'a.'.repeat(size).slice(0, size - 1)}b`
  const uriOf = (size: number): string => `uri:${'https://a.test/'.padEnd(size, 'x')}`
  test.each([
    { size: limits.hostNameCharactersMax - 2, nameOf: hostOf, reason: null },
    { size: limits.hostNameCharactersMax, nameOf: hostOf, reason: null },
    { size: limits.hostNameCharactersMax + 2, nameOf: hostOf, reason: 'name_not_permitted' },
    { size: limits.comparedNameCharactersMax, nameOf: uriOf, reason: null },
    { size: limits.comparedNameCharactersMax + 1, nameOf: uriOf, reason: 'name_not_permitted' },
  ])('a name of $size characters: $reason', async ({ size, nameOf, reason }) => {
    const excluded = ['dns:x.org', 'uri:x.org']
    const root = await make({ extensions: [nameConstraints({ excluded })] })
    const extensions = [alternativeNames([nameOf(size)])]
    const leaf = await make({ issuer: root, ca: false, extensions })
    expect(reasonOf(await verify(leaf, [root]))).toBe(reason)
  })
})

function nameConstraints({ permitted, excluded }: Omit<Row, 'names' | 'detail'>): ExtraExtension {
  const list = (tag: number, names: Names | undefined): readonly Uint8Array[] =>
    names === undefined ? [] : [tlv(tag, ...names.map((name) => sequence(generalName(name))))]
  const value = sequence(...list(0xa0, permitted), ...list(0xa1, excluded))
  return { oid: '2.5.29.30', critical: true, value }
}

function alternativeNames(names: Names): ExtraExtension {
  return { oid: '2.5.29.17', critical: false, value: sequence(...names.map(generalName)) }
}
