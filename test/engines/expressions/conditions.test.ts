import { compileExpression } from '#engines/expressions'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPRESSION, REQUEST } from './generator.ts'
import { fieldSource } from './support.ts'

const PATH = 'http.request.uri.path'

describe('conditions', () => {
  test.each([
    ['http.host eq "a"', { hosts: ['a'] }],
    ['http.host in {"a" "b" "a"} and ssl', { hosts: ['a', 'b'] }],
    ['http.request.method eq "GET" and http.host eq "a"', { hosts: ['a'], methods: ['GET'] }],
    [
      `starts_with(${PATH}, "/api/") and ${PATH} eq "/api/v1"`,
      { pathPrefixes: ['/api/'], paths: ['/api/v1'] },
    ],
    ['http.host in {"a" "b"} and http.host in {"b" "c"}', { hosts: ['b'] }],
    ['http.host eq "a" or http.host eq "b"', { hosts: ['a', 'b'] }],
    ['(http.host eq "a" and ssl) or (http.host eq "b" and not ssl)', { hosts: ['a', 'b'] }],
    ['http.host in {}', { hosts: [] }],
    [`${PATH} strict wildcard "/api/*/x"`, { pathPrefixes: ['/api/'] }],
    [String.raw`http.request.uri.path strict wildcard r"/a\*"`, { pathPrefixes: ['/a'] }],
  ])('%s', (source, expected) => {
    expect(conditionsOf(source)).toEqual(expected)
  })

  test.each([
    'ssl',
    'http.host ne "a"',
    'not http.host eq "a"',
    'http.host eq "a" or ssl',
    'http.host eq "a" xor ssl',
    'http.host contains "a"',
    'lower(http.host) eq "a"',
    'any(http.request.headers.names[*] eq "a")',
    'starts_with(http.host, "a")',
    `${PATH} wildcard "/api/*"`,
    `${PATH} strict wildcard "*/api"`,
    `not starts_with(${PATH}, "/a")`,
    `starts_with(lower(${PATH}), "/a")`,
    String.raw`starts_with(http.request.uri.path, "\xc3")`,
  ])('%s says nothing', (source) => {
    expect(conditionsOf(source)).toEqual({})
  })
})

test('an expression never holds for a request that its conditions exclude', () => {
  let excluded = 0
  fc.assert(
    fc.property(EXPRESSION, REQUEST, (source, request) => {
      const compiled = compileExpression(source)
      if (!compiled.ok) throw new Error(compiled.error.message)
      const { hosts, methods, paths, pathPrefixes } = compiled.value.conditions
      const path = request[PATH]
      const isPossible =
        isAmong(hosts, request['http.host']) &&
        isAmong(methods, request['http.request.method']) &&
        isAmong(paths, path) &&
        (pathPrefixes?.some((prefix) => typeof path === 'string' && path.startsWith(prefix)) ??
          true)
      if (isPossible) return
      excluded += 1
      expect(compiled.value.evaluate(fieldSource(request))).toBe(false)
    }),
    { numRuns: 2000 },
  )
  expect(excluded).toBeGreaterThan(20)
})

function isAmong(values: readonly string[] | undefined, value: unknown): boolean {
  return values?.some((one) => one === value) ?? true
}

function conditionsOf(source: string): unknown {
  const compiled = compileExpression(source)
  return compiled.ok ? compiled.value.conditions : compiled.error
}
