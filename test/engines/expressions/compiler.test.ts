import { compileExpression, type FieldSource } from '#engines/expressions'
import { describe, expect, test, vi } from 'vitest'
import { fieldSource } from './support.ts'

const REQUEST = {
  'http.host': 'Example.com',
  'http.request.uri.path': '/é',
  'tcp.dstport': 443,
  'http.response.code': -3,
  'ip.src': '10.1.2.3',
  'cf.edge.server_ip': '2001:db8::1',
  ssl: true,
  'http.request.headers': { accept: ['text/html', 'text/plain'], 'x-empty': [] },
  'http.request.headers.names': ['Accept', 'X-Empty'],
  'cf.bot_management.detection_ids': [1, 5],
  'http.request.body.multipart.filenames': [['a.txt'], [], ['b.txt', 'c.txt']],
  'cf.sequence.msec_since_op': { abcdef01: 1500 },
}

describe('verdicts', () => {
  test.each([
    ['http.host eq "Example.com"', true],
    ['http.host ne "Example.com"', false],
    ['http.host gt "Example"', true],
    ['http.host le "Example"', false],
    ['http.host ge "Example.com"', true],
    ['http.host lt "example.com"', true],
    ['http.host contains "ample"', true],
    [String.raw`http.request.uri.path eq "/\xc3\xa9"`, true],
    [String.raw`http.request.uri.path contains "\xc3"`, true],
    [String.raw`starts_with(http.request.uri.path, "/\xc3")`, true],
    [String.raw`http.request.uri.path wildcard "*\xa9"`, true],
    ['http.request.uri.path eq 2f:c3:a9', true],
    ['http.host in {"a" "Example.com"}', true],
    ['http.host in {}', false],
    ['http.host wildcard "*.COM"', true],
    ['http.host strict wildcard "*.COM"', false],
    ['http.host matches "^Ex.*m$"', true],
    ['http.host ~ "(?i)example"', true],
    ['tcp.dstport == 443 && tcp.dstport != 80', true],
    ['tcp.dstport > 442 and tcp.dstport < 444', true],
    ['tcp.dstport >= 443 and tcp.dstport <= 443', true],
    ['tcp.dstport in {1..10 400..500}', true],
    ['tcp.dstport in {1..10 444..500}', false],
    ['tcp.dstport eq 0x1bb and tcp.dstport eq 0673', true],
    ['tcp.dstport & 1', true],
    ['tcp.dstport bitwise_and 4', false],
    ['http.response.code & 0x7000000000000000', true],
    ['ip.src eq 10.1.2.3', true],
    ['ip.src ne 10.1.2.3', false],
    ['ip.src ne ::1', true],
    ['ip.src lt ::1 or ip.src gt ::1 or ip.src ge ::1 or ip.src le ::1', false],
    ['ip.src lt 10.1.2.4 and ip.src ge 10.1.2.3', true],
    ['ip.src in {10.0.0.0/8}', true],
    ['ip.src in {11.0.0.0/8 2001:db8::/32}', false],
    ['cf.edge.server_ip in {11.0.0.0/8 2001:db8::/32}', true],
    ['cf.edge.server_ip in {2001:db8::2..2001:db8::ff}', false],
    ['http.request.headers["accept"][1] eq "text/plain"', true],
    ['any(http.request.headers["accept"][*] contains "html")', true],
    ['all(http.request.headers["accept"][*] contains "html")', false],
    ['any(http.request.headers[*][*] eq "text/plain")', true],
    ['any(lower(http.request.headers.names[*])[*] eq "x-empty")', true],
    ['lower(http.request.headers.names[*])[1] eq "x-empty"', true],
    ['any(starts_with(http.request.headers.names[*], "X-"))', true],
    ['all(starts_with(http.request.headers.names[*], "X-"))', false],
    ['any(not http.request.headers.names[*] eq "Accept")', true],
    [
      'all((http.request.headers.names[*] eq "Accept") or (http.request.headers.names[*] eq "X-Empty"))',
      true,
    ],
    [
      'any((http.request.headers.names[*] eq "Accept") xor (cf.bot_management.detection_ids[*] eq 1))',
      false,
    ],
    ['any(http.request.body.multipart.filenames[*][0] eq "b.txt")', true],
    ['any(http.request.body.multipart.filenames[*][1] eq "c.txt")', true],
    ['any(cf.sequence.msec_since_op[*] gt 1000)', true],
    ['cf.sequence.msec_since_op["abcdef01"] eq 1500', true],
  ])('%s is %s', (source, expected) => {
    expect(verdict(source, fieldSource(REQUEST))).toBe(expected)
  })

  test('elementwise operators stop at the shorter operand', () => {
    const source =
      'all((http.request.headers.names[*] ne "z") and (http.request.headers["one"][*] eq "a"))'
    const request = {
      'http.request.headers.names': ['a', 'b'],
      'http.request.headers': { one: ['a'] },
    }
    expect(verdict(source, fieldSource(request))).toBe(true)
  })
})

describe('a missing value', () => {
  test.each([
    ['http.cookie eq "a"', false],
    // Departure from wirefilter's default, after Cloudflare's documentation.
    ['http.cookie ne "a"', false],
    ['not http.cookie eq "a"', true],
    ['not http.cookie ne "a"', true],
    ['tcp.srcport lt 5', false],
    ['tcp.srcport ne 5', false],
    ['ip.dst ne 1.1.1.1', false],
    ['tcp.flags.push', false],
    ['not tcp.flags.push', true],
    ['http.cookie in {"a"}', false],
    ['http.cookie contains ""', false],
    ['http.cookie matches ""', false],
    ['len(http.cookie) eq 0', false],
    ['starts_with(http.cookie, "")', false],
    ['starts_with(http.host, http.cookie)', false],
    ['concat(http.cookie, http.host) eq "Example.com"', true],
    ['http.request.headers["none"][0] ne "a"', false],
    ['http.request.headers["accept"][7] ne "a"', false],
    ['any(http.request.headers["none"][*] eq "a")', false],
    ['all(http.request.headers["none"][*] eq "a")', true],
    ['any(http.request.headers["x-empty"][*] eq "a")', false],
    ['all(http.request.headers["x-empty"][*] eq "a")', true],
    ['any(starts_with(http.request.headers["none"][*], "a"))', false],
    ['all(starts_with(http.request.headers["none"][*], "a"))', false],
  ])('%s is %s', (source, expected) => {
    expect(verdict(source, fieldSource(REQUEST))).toBe(expected)
  })
})

test('reading a key asks for the entry and never for the whole map', () => {
  const field = vi.fn<FieldSource['field']>()
  const entry = vi.fn<FieldSource['entry']>(() => ['a'])
  expect(verdict('any(http.request.headers["x"][*] eq "a")', { field, entry })).toBe(true)
  expect(verdict('http.request.headers["x"][0] eq "a"', { field, entry })).toBe(true)
  expect(field).not.toHaveBeenCalled()
  expect(entry).toHaveBeenCalledTimes(2)
})

test('a decided combination reads no further fields', () => {
  const field = vi.fn<FieldSource['field']>(() => false)
  expect(
    verdict('ssl and tcp.flags.push and tcp.flags.reset', { field, entry: () => undefined }),
  ).toBe(false)
  expect(field).toHaveBeenCalledTimes(1)
})

test('a value of the wrong type fails every test and breaks nothing', () => {
  const source: FieldSource = { field: () => 7, entry: () => 'seven' }
  for (const expression of [
    'http.host matches "7"',
    'ip.src in {7.7.7.7}',
    'ssl',
    'any(http.request.headers.names[*] eq "7")',
    'http.request.headers["a"][0] eq "seven"',
    'lower(http.host) eq "7"',
    'len(http.host) eq 1',
  ]) {
    expect(verdict(expression, source)).toBe(false)
  }
})

function verdict(expression: string, source: FieldSource): boolean | undefined {
  const compiled = compileExpression(expression)
  return compiled.ok ? compiled.value.evaluate(source) : undefined
}
