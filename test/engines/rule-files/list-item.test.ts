import { describe, expect, test } from 'vitest'
import { compileList, type ListKind } from '#engines/expressions'
import { listItemKey, readListItems } from '#engines/rule-files'

const hostname = (url_hostname: unknown, more: object = {}) => ({
  hostname: { url_hostname, ...more },
})
const redirect = (
  source_url: unknown,
  target_url: unknown = 'https://example.com/',
  more = {},
) => ({
  redirect: { source_url, target_url, ...more },
})

const GOOD: readonly [ListKind, unknown][] = [
  ['ip', { ip: '192.0.2.1' }],
  ['ip', { ip: '192.0.2.0/24', comment: 'the office' }],
  ['ip', { ip: '0.0.0.0/0' }],
  ['ip', { ip: '2001:db8::1' }],
  ['ip', { ip: '2001:DB8::/32' }],
  ['ip', { ip: '2001:db8::/127' }],
  ['asn', { asn: 0 }],
  ['asn', { asn: 4_294_967_295 }],
  ['hostname', hostname('api.example.com')],
  ['hostname', hostname('*.example.com', { exclude_exact_hostname: true })],
  ['hostname', hostname('XN--BCHER-KVA.example')],
  ['redirect', redirect('example.com/old')],
  ['redirect', redirect('https://example.com/', 'http://x.example/?a=b', { status_code: 308 })],
]

const BAD: readonly [ListKind, unknown, string][] = [
  ['ip', '192.0.2.1', ''],
  ['ip', {}, 'ip'],
  ['ip', { ip: 1 }, 'ip'],
  ['ip', { ip: '192.0.2.1/24' }, 'ip'],
  ['ip', { ip: '192.0.2.0/33' }, 'ip'],
  ['ip', { ip: '192.0.2.0/024' }, 'ip'],
  ['ip', { ip: '192.0.2' }, 'ip'],
  ['ip', { ip: '192.0.02.1' }, 'ip'],
  ['ip', { ip: '2001:db8::1/64' }, 'ip'],
  ['ip', { ip: '2001:db8::/129' }, 'ip'],
  ['ip', { ip: '192.0.2.1-192.0.2.9' }, 'ip'],
  ['ip', { ip: '192.0.2.1', asn: 1 }, 'asn'],
  ['ip', { ip: '192.0.2.1', comment: 'x'.repeat(501) }, 'comment'],
  ['asn', { asn: -1 }, 'asn'],
  ['asn', { asn: 4_294_967_296 }, 'asn'],
  ['asn', { asn: 1.5 }, 'asn'],
  ['asn', { asn: '13335' }, 'asn'],
  ['hostname', { hostname: 'example.com' }, 'hostname'],
  ['hostname', hostname('localhost'), 'hostname.url_hostname'],
  ['hostname', hostname('a.*.example.com'), 'hostname.url_hostname'],
  ['hostname', hostname('*example.com'), 'hostname.url_hostname'],
  ['hostname', hostname('-a.example.com'), 'hostname.url_hostname'],
  ['hostname', hostname('bücher.example'), 'hostname.url_hostname'],
  ['hostname', hostname('example.com:443'), 'hostname.url_hostname'],
  ['hostname', hostname(`${'a'.repeat(64)}.example`), 'hostname.url_hostname'],
  [
    'hostname',
    hostname('a.example', { exclude_exact_hostname: 1 }),
    'hostname.exclude_exact_hostname',
  ],
  ['redirect', redirect('/old'), 'redirect.source_url'],
  ['redirect', redirect('example.com/?a=b'), 'redirect.source_url'],
  ['redirect', redirect('example.com', 'javascript:alert(1)'), 'redirect.target_url'],
  [
    'redirect',
    redirect('example.com', 'https://example.com', { status_code: 303 }),
    'redirect.status_code',
  ],
]

test.each(GOOD)('an item of %s is taken: %j', (kind, item) => {
  expect(readListItems(kind, [item])).toEqual({ ok: true, value: [item] })
})

test.each(BAD)('an item of %s is refused with its place: %j', (kind, item, place) => {
  const read = readListItems(kind, [item])
  expect(read.ok ? [] : read.error.map(({ path }) => path.join('.'))).toEqual([
    place === '' ? '0' : `0.${place}`,
  ])
})

test('whatever is taken can be compiled', () => {
  for (const [kind, item] of GOOD) {
    const read = readListItems(kind, [item])
    const values = (read.ok ? read.value : []).flatMap(({ ip, hostname: host, asn }) =>
      [ip, host?.url_hostname, asn].filter((value) => value !== undefined),
    )
    expect([item, compileList(kind, values).ok]).toEqual([item, true])
  }
})

describe('two spellings of one item are the same', () => {
  test.each([
    [{ ip: '192.0.2.1' }, { ip: '192.0.2.1/32' }, true],
    [{ ip: '2001:db8::' }, { ip: '2001:DB8:0:0:0:0:0:0/128' }, true],
    [{ ip: '192.0.2.0/24' }, { ip: '192.0.2.0/25' }, false],
    [{ ip: '::192.0.2.1' }, { ip: '192.0.2.1' }, false],
    [hostname('API.example.com'), hostname('api.example.com'), true],
    [hostname('*.example.com'), hostname('example.com'), false],
    [{ asn: 1 }, { asn: 1, comment: 'one' }, true],
  ])('%j and %j: %s', (a, b, same) => {
    expect(listItemKey(a as never) === listItemKey(b as never)).toBe(same)
  })

  test('and are taken once, with the last comment', () => {
    const read = readListItems('ip', [
      { ip: '192.0.2.1', comment: 'first' },
      { ip: '192.0.2.2' },
      { ip: '192.0.2.1/32', comment: 'last' },
    ])
    expect(read).toMatchObject({
      ok: true,
      value: [{ comment: 'last' }, { ip: '192.0.2.2' }],
    })
  })
})
