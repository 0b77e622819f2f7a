/** RFC 5280 §6.3 on paths made to measure: which lists tell about which certificates, and what counts as not known. */
import { describe, expect, test } from 'vitest'

import { ask, ca, CA, LEAF, root, rootList } from './crl/ask.ts'
import {
  der,
  directoryNames,
  entry,
  extension,
  integer,
  makeParty,
  name,
  nowSeconds,
  octets,
  points,
  reason,
  scope,
  type MakeCrl,
} from './crl/support.ts'

const delta = (base: number) => extension(27, integer(base), true)
const pointName = (...names: readonly string[]) => der(0xa0, directoryNames(0xa0, ...names))
/** The reasons with these bits of the two octets of ReasonFlags. */
const reasons = (tag: number, ...bits: readonly number[]) =>
  der(tag, octets(bits.length === 2 ? 7 : 0, ...bits))

describe('complete lists', () => {
  test.each<[string, () => readonly MakeCrl[], string]>([
    ['nobody is on them', () => [rootList, { signer: ca, entries: [entry(6)] }], 'good'],
    [
      'the leaf is',
      () => [rootList, { signer: ca, entries: [entry(4), entry(LEAF)] }],
      'revoked 0',
    ],
    [
      'whatever the reason',
      () => [rootList, { signer: ca, entries: [entry(LEAF, reason(6))] }],
      'revoked 0',
    ],
    [
      'the authority is',
      () => [{ signer: root, entries: [entry(CA)] }, { signer: ca }],
      'revoked 1',
    ],
    [
      'the same number under another issuer',
      () => [{ signer: root, entries: [entry(LEAF)] }, { signer: ca }],
      'good',
    ],
    ['none at all', () => [], 'revocation_unknown 1'],
    ['none of one issuer', () => [rootList], 'revocation_unknown 0'],
    [
      'one past its time',
      () => [rootList, { signer: ca, nextUpdate: nowSeconds - 1 }],
      'revocation_unknown 0',
    ],
    ['one up to this second', () => [rootList, { signer: ca, nextUpdate: nowSeconds }], 'good'],
    [
      'one of the future',
      () => [rootList, { signer: ca, thisUpdate: nowSeconds + 1 }],
      'revocation_unknown 0',
    ],
    [
      'one of another key',
      () => [rootList, { signer: { ...ca, keys: root.keys }, namesKey: false }],
      'revocation_unknown 0',
    ],
    [
      'a forged one beside a true one',
      () => [
        rootList,
        { signer: { ...ca, keys: root.keys }, namesKey: false, entries: [entry(LEAF)] },
        { signer: ca },
      ],
      'good',
    ],
    [
      'a newer one takes a hold back',
      () => [
        rootList,
        { signer: ca, entries: [entry(LEAF, reason(6))], thisUpdate: nowSeconds - 7200 },
        { signer: ca, number: 2 },
      ],
      'good',
    ],
    [
      'an older one does not',
      () => [
        rootList,
        { signer: ca, thisUpdate: nowSeconds - 7200 },
        { signer: ca, number: 2, entries: [entry(LEAF)] },
      ],
      'revoked 0',
    ],
  ])('%s', async (_name, lists, answer) => {
    expect(await ask(lists())).toBe(answer)
  })

  test('an authority whose key usage lacks cRLSign is not believed, one without key usage is', async () => {
    const mute = await makeParty({ name: 'Mute', issuer: null, ca: true, usage: 0x04 })
    const free = await makeParty({ name: 'Free', issuer: null, ca: true, usage: null })
    for (const [issuer, answer] of [
      [mute, 'revocation_unknown 0'],
      [free, 'good'],
    ] as const) {
      const client = await makeParty({ name: 'client', issuer })
      expect(await ask([{ signer: issuer }], { path: [client, issuer] })).toBe(answer)
    }
  })
})

describe('parts of an issuer', () => {
  test.each<[string, () => readonly Uint8Array[], string]>([
    ['users, which the leaf is', () => scope(der(0x81, octets(0xff))), 'good'],
    ['authorities, which it is not', () => scope(der(0x82, octets(0xff))), 'revocation_unknown 0'],
    ['attribute certificates', () => scope(der(0x85, octets(0xff))), 'revocation_unknown 0'],
    ['some reasons', () => scope(reasons(0x83, 0x60)), 'revocation_unknown 0'],
    ['all reasons', () => scope(reasons(0x83, 0x7f, 0x80)), 'good'],
    [
      'a point that the leaf does not name',
      () => scope(pointName('CA', 'other')),
      'revocation_unknown 0',
    ],
    ['a point with the name of the issuer', () => scope(pointName('CA')), 'good'],
  ])('a list for %s', async (_name, extensions, answer) => {
    expect(await ask([rootList, { signer: ca, extensions: extensions() }])).toBe(answer)
  })

  test('two lists that speak of all reasons together', async () => {
    const some = scope(reasons(0x83, 0x60))
    const rest = scope(reasons(0x83, 0x1f, 0x80))
    const lists = (entries: readonly Uint8Array[]) => [
      rootList,
      { signer: ca, extensions: some },
      { signer: ca, extensions: rest, entries },
    ]
    expect(await ask(lists([]))).toBe('good')
    expect(await ask(lists([entry(LEAF)]))).toBe('revoked 0')
  })

  test.each<[string, () => Uint8Array, string]>([
    ['by its full name', () => pointName('CA', 'part'), 'good'],
    ['by the last part of it', () => der(0xa0, der(0xa1, name('part').subarray(4))), 'good'],
    ['by another', () => pointName('CA', 'else'), 'revocation_unknown 0'],
  ])('the leaf names the point of the list %s', async (_name, point, answer) => {
    const client = await makeParty({
      name: 'client',
      issuer: ca,
      extensions: points(der(0x30, point())),
    })
    const list = { signer: ca, extensions: scope(pointName('CA', 'part')) }
    expect(await ask([rootList, list], { path: [client, ca, root] })).toBe(answer)
  })

  test('points that cannot be read tell nothing, even beside a list', async () => {
    const client = await makeParty({ name: 'client', issuer: ca, extensions: points(integer(1)) })
    expect(await ask([rootList, { signer: ca }], { path: [client, ca, root] })).toBe(
      'revocation_unknown 0',
    )
  })
})

describe('delta lists', () => {
  test.each<[string, () => readonly MakeCrl[], string]>([
    [
      'revokes',
      () => [
        { signer: ca },
        { signer: ca, number: 2, extensions: [delta(1)], entries: [entry(LEAF)] },
      ],
      'revoked 0',
    ],
    [
      'takes off',
      () => [
        { signer: ca, entries: [entry(LEAF, reason(6))] },
        { signer: ca, number: 2, extensions: [delta(1)], entries: [entry(LEAF, reason(8))] },
      ],
      'good',
    ],
    [
      'says nothing of it',
      () => [
        { signer: ca, entries: [entry(LEAF)] },
        { signer: ca, number: 2, extensions: [delta(1)] },
      ],
      'revoked 0',
    ],
    [
      'builds on a later list',
      () => [
        { signer: ca },
        { signer: ca, number: 3, extensions: [delta(2)], entries: [entry(LEAF)] },
      ],
      'good',
    ],
    [
      'is older than the list',
      () => [
        { signer: ca, number: 3, entries: [entry(LEAF)] },
        { signer: ca, number: 2, extensions: [delta(1)], entries: [entry(LEAF, reason(8))] },
      ],
      'revoked 0',
    ],
    [
      'is of another scope',
      () => [
        { signer: ca, entries: [entry(LEAF)] },
        {
          signer: ca,
          number: 2,
          extensions: [delta(1), ...scope(pointName('CA'))],
          entries: [entry(LEAF, reason(8))],
        },
      ],
      'revoked 0',
    ],
    [
      'is out of date',
      () => [
        { signer: ca, entries: [entry(LEAF)] },
        {
          signer: ca,
          number: 2,
          nextUpdate: nowSeconds - 1,
          extensions: [delta(1)],
          entries: [entry(LEAF, reason(8))],
        },
      ],
      'revoked 0',
    ],
    [
      'is of another key',
      () => [
        { signer: ca, namesKey: false, entries: [entry(LEAF)] },
        {
          signer: { ...ca, keys: root.keys },
          namesKey: false,
          number: 2,
          extensions: [delta(1)],
          entries: [entry(LEAF, reason(8))],
        },
      ],
      'revoked 0',
    ],
    ['is alone', () => [{ signer: ca, number: 2, extensions: [delta(1)] }], 'revocation_unknown 0'],
  ])('a delta list that %s', async (_name, lists, answer) => {
    expect(await ask([rootList, ...lists()])).toBe(answer)
  })
})
