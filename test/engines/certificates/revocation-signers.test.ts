/** RFC 5280 §6.3 on paths made to measure: whose lists are believed when the issuer's own key has not signed them. */
import { beforeAll, describe, expect, test } from 'vitest'

import { checkRevocation } from '#engines/certificates'

import { ask, ca, CA, LEAF, leaf, root, rootList } from './crl/ask.ts'
import {
  der,
  directoryNames,
  entry,
  extension,
  makeParty,
  nowSeconds,
  octets,
  points,
  readMade,
  scope,
  type MakeCrl,
  type Party,
} from './crl/support.ts'
import { nowMs } from './support.ts'

const INDIRECT = der(0x84, octets(0xff))

describe('lists of another issuer', () => {
  const namedIssuer = (issuer: string) => points(der(0x30, directoryNames(0xa2, issuer)))
  const of = (issuer: string) => extension(29, directoryNames(0x30, issuer), true)
  let lister: Party
  let client: Party

  beforeAll(async () => {
    lister = await makeParty({ name: 'Lister', issuer: root, serial: 7, usage: 0x02 })
    client = await makeParty({
      name: 'client',
      issuer: ca,
      serial: LEAF,
      extensions: namedIssuer('Lister'),
    })
  })

  test.each<[string, () => readonly Uint8Array[], string]>([
    ['nobody', () => [], 'good'],
    ['the leaf', () => [entry(LEAF, of('CA'))], 'revoked 0'],
    ['the leaf, after another of its issuer', () => [entry(4, of('CA')), entry(LEAF)], 'revoked 0'],
    ['the same number of another issuer', () => [entry(LEAF, of('Else'))], 'good'],
    [
      'the same number, after another issuer',
      () => [entry(4, of('CA')), entry(6, of('Else')), entry(LEAF)],
      'good',
    ],
    ['the same number of its own', () => [entry(LEAF)], 'good'],
  ])('an indirect list with %s', async (_name, entries, answer) => {
    const list = { signer: lister, entries: entries(), extensions: scope(INDIRECT) }
    expect(await ask([rootList, list], { path: [client, ca, root], others: [lister] })).toBe(answer)
  })

  test.each<[string, () => readonly MakeCrl[], () => readonly Party[], string]>([
    ['not indirect', () => [rootList, { signer: lister }], () => [lister], 'revocation_unknown 0'],
    [
      'of an issuer nobody knows',
      () => [rootList, { signer: lister, extensions: scope(INDIRECT) }],
      () => [],
      'revocation_unknown 0',
    ],
    [
      'of a revoked issuer',
      () => [
        { signer: root, entries: [entry(7)] },
        { signer: lister, extensions: scope(INDIRECT) },
      ],
      () => [lister],
      'revocation_unknown 0',
    ],
  ])('a list %s', async (_name, lists, others, answer) => {
    expect(await ask(lists(), { path: [client, ca, root], others: others() })).toBe(answer)
  })

  test('an issuer under another anchor', async () => {
    const elsewhere = await makeParty({ name: 'Elsewhere', issuer: null, ca: true })
    const stranger = await makeParty({ name: 'Lister', issuer: elsewhere, usage: 0x02 })
    const lists = [
      rootList,
      { signer: elsewhere },
      { signer: stranger, extensions: scope(INDIRECT) },
    ]
    expect(await ask(lists, { path: [client, ca, root], others: [stranger, elsewhere] })).toBe(
      'revocation_unknown 0',
    )
  })

  test('an issuer that his own list tells about', async () => {
    const own = await makeParty({
      name: 'Own',
      issuer: ca,
      serial: 9,
      usage: 0x02,
      extensions: namedIssuer('Own'),
    })
    const user = await makeParty({
      name: 'user',
      issuer: ca,
      serial: 8,
      extensions: namedIssuer('Own'),
    })
    const list = (...entries: readonly Uint8Array[]) => ({
      signer: own,
      extensions: scope(INDIRECT),
      entries,
    })
    const asked = { path: [user, ca, root], others: [own] }
    expect(await ask([rootList, list()], asked)).toBe('good')
    expect(await ask([rootList, list(entry(9, of('CA')))], asked)).toBe('revocation_unknown 0')
  })
})

describe('lists of another key of the issuer', () => {
  test('is believed when its certificate is of the same issuers, and not when that is revoked', async () => {
    const listKey = await makeParty({ name: 'CA', issuer: root, serial: 11, usage: 0x02 })
    const list = { signer: listKey, entries: [entry(LEAF)] }
    expect(await ask([rootList, list], { others: [listKey] })).toBe('revoked 0')
    expect(await ask([rootList, list])).toBe('revocation_unknown 0')
    const revoked = { signer: root, entries: [entry(11)] }
    expect(await ask([revoked, { signer: listKey }], { others: [listKey] })).toBe(
      'revocation_unknown 0',
    )
  })

  test('an authority cannot clear itself by a certificate with the name of the one above it', async () => {
    const forged = await makeParty({ name: 'Root', issuer: ca, serial: 12, ca: true })
    const lists = [{ signer: forged, number: 9 }, { signer: ca }]
    expect(await ask(lists, { others: [forged] })).toBe('revocation_unknown 1')
  })

  test('nor can another authority clear it that way', async () => {
    const sibling = await makeParty({ name: 'Sibling', issuer: root, serial: 14, ca: true })
    const forged = await makeParty({ name: 'Root', issuer: sibling, serial: 15, ca: true })
    const lists = [
      { signer: root, entries: [entry(CA)], thisUpdate: nowSeconds - 7200 },
      { signer: forged, number: 9 },
      { signer: sibling },
      { signer: ca },
    ]
    expect(await ask(lists, { others: [sibling, forged] })).toBe('revoked 1')
  })

  test('a self-issued key cannot clear itself', async () => {
    const next = await makeParty({ name: 'CA', issuer: ca, serial: 13, ca: true })
    const client = await makeParty({ name: 'client', issuer: next, serial: LEAF })
    const path = [client, next, ca, root]
    expect(await ask([rootList, { signer: next }], { path })).toBe('revocation_unknown 1')
    expect(await ask([rootList, { signer: next }, { signer: ca }], { path })).toBe('good')
  })
})

test('a thousand lists that anybody could have signed cost a bounded number of checks', async () => {
  const { crls, path } = await flood(1000)
  const start = performance.now()
  const checked = await checkRevocation({ path, crls, others: [], nowMs, allowSha1: false })
  expect(checked).toMatchObject({ error: { reason: 'revocation_unknown' } })
  expect(performance.now() - start).toBeLessThan(2000)
})

async function flood(count: number) {
  const forged = await readMade({ signer: { ...root, keys: ca.keys }, namesKey: false })
  const crls = Array.from({ length: count }, () => forged)
  return { crls, path: [leaf, ca, root].map(({ certificate }) => certificate) }
}
