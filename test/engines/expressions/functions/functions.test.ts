import { compileExpression, EXPRESSION_LIMITS } from '#engines/expressions'
import { describe, expect, test } from 'vitest'
import { fieldSource } from '../support.ts'

const REQUEST = {
  'http.host': 'ÄbC.Example',
  'http.request.uri.path': '/a/bé',
  'http.request.uri.query': 'a+b%20c%2Bd%zz%2520%u00e9',
  'tcp.dstport': 443,
  ssl: true,
  'ip.src': '10.0.0.1',
  'ip.dst': '2001:db8:0:0:1:0:0:1',
  'http.request.headers': { accept: ['a', 'b'] },
  'http.request.headers.names': ['accept', 'host'],
  'http.request.headers.values': ['x'],
}

describe('functions', () => {
  test.each([
    ['lower(http.host) eq "Äbc.example"', true],
    ['upper(http.host) eq "ÄBC.EXAMPLE"', true],
    ['len(http.host) eq 12', true],
    ['len(http.request.uri.path) eq 6', true],
    ['len(http.request.headers.names) eq 2', true],
    ['starts_with(http.request.uri.path, "/a")', true],
    ['starts_with(http.request.uri.path, "a")', false],
    ['ends_with(http.request.uri.path, "é")', true],
    [String.raw`ends_with(http.request.uri.path, "\xa9")`, true],
    ['ends_with(http.request.uri.path, "/a")', false],
    ['concat(http.host, "-", http.request.uri.path) eq "ÄbC.Example-/a/bé"', true],
    ['len(concat(http.request.headers.names, http.request.headers.values)) eq 3', true],
    ['substring(http.request.uri.path, 1, 2) eq "a"', true],
    ['substring(http.request.uri.path, -2) eq "é"', true],
    [String.raw`substring(http.request.uri.path, 0, -1) eq "/a/b\xc3"`, true],
    ['substring(http.request.uri.path, 99) eq ""', true],
    ['to_string(tcp.dstport) eq "443"', true],
    ['to_string(ssl) eq "true"', true],
    ['to_string(ip.src) eq "10.0.0.1"', true],
    ['to_string(ip.dst) eq "2001:db8::1:0:0:1"', true],
    ['url_decode(http.request.uri.query) eq "a b c+d%zz%20%u00e9"', true],
    ['url_decode(http.request.uri.query, "r") eq "a b c d%zz %u00e9"', true],
    ['url_decode(http.request.uri.query, "u") eq "a b c+d%zz%20é"', true],
    ['url_decode(http.request.uri.query, "ur") eq "a b c d%zz é"', true],
    ['has_key(http.request.headers, "accept")', true],
    ['has_key(http.request.headers, "Accept")', false],
    ['has_value(http.request.headers.names, "host")', true],
    ['has_value(http.request.headers.names, http.host)', false],
    ['join(http.request.headers.names, ",") eq "accept,host"', true],
    ['join(http.request.headers["accept"], "") eq "ab"', true],
  ])('%s is %s', (source, expected) => {
    const compiled = compileExpression(source)
    expect(compiled.ok && compiled.value.evaluate(fieldSource(REQUEST))).toBe(expected)
  })
})

describe('rounds of url_decode', () => {
  const { urlDecodeRoundsMax } = EXPRESSION_LIMITS
  test.each([
    ['below', urlDecodeRoundsMax - 1, 'A'],
    ['at', urlDecodeRoundsMax, 'A'],
    ['above', urlDecodeRoundsMax + 1, '%41'],
  ])('%s the limit', (_, rounds, expected) => {
    const compiled = compileExpression(`url_decode(http.host, "r") eq "${expected}"`)
    const host = `%${'25'.repeat(rounds - 1)}41`
    expect(compiled.ok && compiled.value.evaluate(fieldSource({ 'http.host': host }))).toBe(true)
  })
})
