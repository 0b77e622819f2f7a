/** Constraints that could be read in two ways are not read at all: whoever carries them is refused. */
import { expect, test } from 'vitest'

import { generalName, make, sequence, tlv, verify } from './build.ts'

const permitted = (...names: readonly string[]): Uint8Array<ArrayBuffer> =>
  sequence(tlv(0xa0, ...names.map((name) => sequence(generalName(name)))))
const limited = (tag: number, value: number): Uint8Array<ArrayBuffer> =>
  sequence(tlv(0xa0, sequence(generalName('dns:a'), tlv(tag, [value]))))
const subtree = (tag: number): Uint8Array => tlv(tag, sequence(generalName('dns:a')))

test.each([
  { name: 'one subtree', value: permitted('dns:a'), detail: null },
  { name: 'a minimum of zero written out', value: limited(0x80, 0), detail: null },
  { name: 'nothing', value: sequence(), detail: 'extensions' },
  { name: 'two empty lists', value: sequence(tlv(0xa0), tlv(0xa1)), detail: 'extensions' },
  {
    name: 'lists out of order',
    value: sequence(subtree(0xa1), subtree(0xa0)),
    detail: 'extensions',
  },
  {
    name: 'the same list twice',
    value: sequence(subtree(0xa0), subtree(0xa0)),
    detail: 'extensions',
  },
  { name: 'an unknown list', value: sequence(subtree(0xa2)), detail: 'extensions' },
  { name: 'a minimum', value: limited(0x80, 1), detail: 'extensions' },
  { name: 'a maximum', value: limited(0x81, 1), detail: 'extensions' },
  { name: 'a DNS wildcard', value: permitted('dns:*.example.com'), detail: 'extensions' },
  { name: 'a leading period', value: permitted('dns:.example.com'), detail: 'extensions' },
  { name: 'an address without mask', value: permitted('ip:127.0.0.1'), detail: 'extensions' },
  { name: 'an IPv6 address without mask', value: permitted('ip:::1'), detail: 'extensions' },
  { name: 'a mask with holes', value: permitted('ip:10.0.0.0/255.0.255.0'), detail: 'extensions' },
  { name: 'two at signs', value: permitted('email:a@b@example.com'), detail: 'extensions' },
  {
    name: 'a URI in place of its host',
    value: permitted('uri:https://a.org'),
    detail: 'extensions',
  },
  { name: 'no DER', value: new Uint8Array([0x30, 0x80]), detail: 'extensions' },
])('an authority whose constraints are $name: $detail', async ({ value, detail }) => {
  const root = await make()
  const constraints = { oid: '2.5.29.30', critical: true, value }
  const intermediate = await make({ issuer: root, extensions: [constraints] })
  const leaf = await make({ issuer: intermediate, ca: false })
  const verdict = await verify(leaf, [root], { chainDer: [intermediate.der] })
  if (detail === null) expect(verdict.verified).toBe(true)
  else expect(verdict).toMatchObject({ failure: { reason: 'malformed', detail } })
})

test.each([
  { ca: true, critical: false, detail: 'constraint not critical' },
  { ca: false, critical: true, detail: 'name constraints without CA' },
  { ca: false, critical: false, detail: 'name constraints without CA' },
])('critical $critical in an authority $ca: $detail', async ({ ca, critical, detail }) => {
  const root = await make()
  const constraints = { oid: '2.5.29.30', critical, value: permitted('dns:a') }
  const holder = await make({ issuer: root, ca, extensions: [constraints] })
  const leaf = ca ? await make({ issuer: holder, ca: false }) : holder
  const verdict = await verify(leaf, [root], { chainDer: ca ? [holder.der] : [] })
  expect(verdict).toMatchObject({ failure: { reason: 'malformed', detail } })
})
