import { compileValueExpression } from '#engines/expressions'
import { describe, expect, test } from 'vitest'
import { fieldSource } from '../support.ts'

const PATH = 'http.request.uri.path'

describe('wildcard_replace', () => {
  test.each([
    [
      'https://apps.example.com/calendar/admin?expand=true',
      '"https://*.example.com/*/*", "https://example.com/${1}/${2}/${3}"',
      'https://example.com/apps/calendar/admin?expand=true',
    ],
    [
      'https://example.com/applications/app1',
      '"/applications/*", "/apps/${1}"',
      'https://example.com/applications/app1',
    ],
    ['/calendar', '"/*", "/apps/${1}"', '/apps/calendar'],
    ['/Apps/calendar', '"/apps/*", "/${1}"', '/calendar'],
    ['/Apps/calendar', '"/apps/*", "/${1}", "s"', '/Apps/calendar'],
    ['/apps/calendar/login', '"/apps/*/login", "/${1}/login"', '/calendar/login'],
    ['/a/b/c', '"/*/*", "${2}|${1}|$$"', 'b/c|a|$'],
    ['a*b', 'r"*\\**", "${2}-${1}"', 'b-a'],
    ['same', '"same", "other"', 'other'],
    ['é', '"\\xc3*", "${1}\\xc3"', '\udca9\udcc3'],
    ['é', '"\\xc3*", "\\xc3${1}"', 'é'],
  ])('of %s with (%s) is %s', (text, args, expected) => {
    expect(rewritten(`wildcard_replace(${PATH}, ${args})`, text)).toBe(expected)
  })

  test.each([
    ['"**", "a"', 'invalid_wildcard', 41],
    ['"*", "${2}"', 'invalid_replacement', 46],
    ['"*", "${9}"', 'invalid_replacement', 46],
    ['"*", "a", "i"', 'invalid_arguments', 51],
    [`${PATH}, "a"`, 'invalid_arguments', 41],
    [`"${'*a'.repeat(65)}", "a"`, 'invalid_wildcard', 41],
  ])('with (%s): %s at %i', (args, code, column) => {
    const compiled = compileValueExpression(`wildcard_replace(${PATH}, ${args})`, {
      types: ['Bytes'],
    })
    expect(compiled).toMatchObject({ ok: false, error: { code, column } })
  })
})

describe('regex_replace', () => {
  test.each([
    ['/foo/bar', '"/bar$", "/baz"', '/foo/baz'],
    ['/x', '"^/y$", "/mumble"', '/x'],
    ['/foo', '"^/FOO$", "/x"', '/foo'],
    ['/a/a', '"/a", "/b"', '/b/a'],
    ['/foo/a/path', '"^/foo/([^/]*)/(.*)$", "/bar/${2}/${1}"', '/bar/path/a'],
    ['/b', '"^/b$", "/b$$"', '/b$'],
  ])('of %s with (%s) is %s', (text, args, expected) => {
    expect(rewritten(`regex_replace(${PATH}, ${args})`, text)).toBe(expected)
  })

  test.each([
    ['"(", "a"', 'invalid_pattern', 38],
    ['"a", "${9}"', 'invalid_replacement', 43],
    [`${PATH}, "a"`, 'invalid_arguments', 38],
  ])('with (%s): %s at %i', (args, code, column) => {
    const compiled = compileValueExpression(`regex_replace(${PATH}, ${args})`, { types: ['Bytes'] })
    expect(compiled).toMatchObject({ ok: false, error: { code, column } })
  })
})

describe('removing', () => {
  test.each([
    ['remove_bytes(http.request.uri.query, "=&")', 'a=1&b=2', 'a1b2'],
    [String.raw`remove_bytes(http.request.uri.query, "\xc3")`, 'aé', 'a\udca9'],
    ['remove_query_args(http.request.uri.query, "country")', 'order=asc&country=GB', 'order=asc'],
    [
      'remove_query_args(http.request.uri.query, "search")',
      'order=asc&country=GB',
      'order=asc&country=GB',
    ],
    [
      'remove_query_args(http.request.uri.query, "category")',
      'category=Foo&order=desc&category=Bar',
      'order=desc',
    ],
    ['remove_query_args(http.request.uri.query, "a", "b")', 'a&b=1&c=a=b&', 'c=a=b&'],
  ])('%s of %s is %s', (source, query, expected) => {
    const compiled = compileValueExpression(source, { types: ['Bytes'] })
    const fields = fieldSource({ 'http.request.uri.query': query })
    expect(compiled.ok && compiled.value.evaluate(fields)).toBe(expected)
  })

  test.each([
    'remove_query_args(http.request.uri.path, "a")',
    'remove_query_args(lower(http.request.uri.query), "a")',
    'remove_query_args("a=1", "a")',
    'remove_query_args(http.request.uri.query)',
  ])('%s is refused', (source) => {
    expect(compileValueExpression(source, { types: ['Bytes'] })).toMatchObject({
      ok: false,
      error: { code: 'invalid_arguments' },
    })
  })
})

function rewritten(source: string, path: string): unknown {
  const compiled = compileValueExpression(source, { types: ['Bytes'] })
  return compiled.ok ? compiled.value.evaluate(fieldSource({ [PATH]: path })) : compiled.error
}
