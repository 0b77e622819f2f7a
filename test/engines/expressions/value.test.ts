import { FIELDS, fieldIndex, parseIp, toValue } from '#engines/expressions'
import { expect, test } from 'vitest'

test.each([
  ['ssl', true, true],
  ['ssl', 1, undefined],
  ['tcp.dstport', 80, 80],
  ['tcp.dstport', 1.5, undefined],
  ['tcp.dstport', 2 ** 53, undefined],
  ['tcp.dstport', '80', undefined],
  ['http.host', 'a', 'a'],
  ['http.host', null, undefined],
  ['ip.src', '10.0.0.1', parseIp('10.0.0.1')],
  ['ip.src', '10.0.0', undefined],
  ['http.request.headers.names', ['a'], ['a']],
  ['http.request.headers.names', ['a', 1], undefined],
  ['http.request.headers.names', { 0: 'a' }, undefined],
  ['http.request.headers', { a: ['b'] }, new Map([['a', ['b']]])],
  ['http.request.headers', { a: 'b' }, undefined],
  ['http.request.headers', ['b'], undefined],
])('%s from %j', (name, json, expected) => {
  const type = FIELDS[fieldIndex(name)]?.type
  expect(type && toValue(type, json)).toEqual(expected)
})
