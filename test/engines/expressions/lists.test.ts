import { compileExpression, compileList, type ListKind, parseIp } from '#engines/expressions'
import { describe, expect, test } from 'vitest'
import { fieldSource, verdict } from './support.ts'

function listOf(kind: ListKind, items: readonly (string | number)[]) {
  const compiled = compileList(kind, items)
  if (!compiled.ok) throw new Error(compiled.error.message)
  return compiled.value
}

describe('membership', () => {
  const ips = listOf('ip', [
    '10.0.0.0/8',
    '192.0.2.1',
    '2001:db8::/32',
    '10.1.0.0/16',
    '10.0.0.0/8',
  ])
  test.each([
    ['10.200.0.1', true],
    ['11.0.0.0', false],
    ['192.0.2.1', true],
    ['192.0.2.2', false],
    ['2001:db8:1::', true],
    ['2001:db9::', false],
  ])('address %s: %s', (address, expected) => {
    const ip = parseIp(address)
    expect(ip !== undefined && ips(ip)).toBe(expected)
  })

  const hosts = listOf('hostname', ['Example.com', '*.example.org', 'a.example.net'])
  test.each([
    ['example.com', true],
    ['EXAMPLE.COM', true],
    ['example.com:8443', true],
    ['www.example.com', false],
    ['example.org', false],
    ['a.example.org', true],
    ['b.a.example.org', true],
    ['badexample.org', false],
    ['.example.org', false],
    ['', false],
    [`${'a.'.repeat(2000)}example.org`, false],
  ])('hostname %s: %s', (host, expected) => {
    expect(hosts(host)).toBe(expected)
  })

  test('numbers of autonomous systems', () => {
    const asns = listOf('asn', [13335, 64512])
    expect([asns(13335), asns(13336), asns('13335')]).toEqual([true, false, false])
  })

  test('a value of another type is in no list', () => {
    expect([ips('10.0.0.1'), ips(10), hosts(1), listOf('redirect', ['x'])('x')]).toEqual([
      false,
      false,
      false,
      false,
    ])
  })

  test.each([
    ['ip', ['10.0.0.1', '10.0.0.1/8'], 1],
    ['ip', ['example.com'], 0],
    ['hostname', ['a.com', 'a..com'], 1],
    ['hostname', ['*'], 0],
    ['hostname', ['a.*.com'], 0],
    ['hostname', ['a'.repeat(64)], 0],
    ['asn', [1, 4_294_967_296], 1],
    ['asn', ['13335'], 0],
  ] as const)('a list of kind %s refuses %j at %i', (kind, items, index) => {
    expect(compileList(kind, items)).toMatchObject({ ok: false, error: { index } })
  })

  test('ten thousand items cost a search and not a walk', () => {
    const items = Array.from({ length: 10_000 }, (_, n) => `10.${n >> 8}.${n & 255}.0/31`)
    const isMember = listOf('ip', items)
    const ip = parseIp('10.39.15.1')
    const other = parseIp('10.39.15.2')
    expect(ip !== undefined && isMember(ip)).toBe(true)
    expect(other !== undefined && isMember(other)).toBe(false)
  })
})

describe('in expressions', () => {
  const office = listOf('ip', ['10.0.0.0/8'])

  test('a list is asked when the expression is evaluated', () => {
    const fields = { 'ip.src': '10.1.1.1' }
    expect(verdict('ip.src in $office', fieldSource(fields, { office }))).toBe(true)
    expect(verdict('not ip.src in $office', fieldSource(fields, { office }))).toBe(false)
    expect(verdict('ip.src in $office', fieldSource(fields))).toBe(false)
    expect(verdict('ip.src in $office', fieldSource({}, { office }))).toBe(false)
    expect(
      verdict('ip.src in $office', { field: () => parseIp('10.1.1.1'), entry: () => undefined }),
    ).toBe(false)
  })

  test('elements of an array are asked one by one', () => {
    const bad = listOf('hostname', ['*.evil.test'])
    const fields = { 'http.request.headers': { origin: ['good.test', 'x.evil.test'] } }
    const source = 'any(http.request.headers["origin"][*] in $bad)'
    expect(verdict(source, fieldSource(fields, { bad }))).toBe(true)
  })

  test('its lists are told by name', () => {
    const compiled = compileExpression(
      'ip.src in $office and (ip.src in $a.b or ip.src in $office)',
    )
    expect(compiled.ok && compiled.value.lists).toEqual(['office', 'a.b'])
  })

  const lists = new Map<string, ListKind>([
    ['office', 'ip'],
    ['hosts', 'hostname'],
    ['asns', 'asn'],
    ['moved', 'redirect'],
  ])
  test.each([
    ['ip.src in $office', null],
    ['http.host in $hosts', null],
    ['ip.src.asnum in $asns', null],
    ['any(http.request.headers.values[*] in $hosts)', null],
    ['ip.src in $offices', 'unknown_list'],
    ['http.host in $office', 'type_mismatch'],
    ['ip.src.asnum in $office', 'type_mismatch'],
    ['ip.src in $hosts', 'type_mismatch'],
    ['http.host in $moved', 'type_mismatch'],
  ])('%s with known lists: %s', (source, code) => {
    const compiled = compileExpression(source, { lists })
    expect(compiled.ok ? null : compiled.error.code).toBe(code)
    if (!compiled.ok) expect(compiled.error.column).toBe(source.indexOf('$') + 1)
  })
})
