/** A token is read from where the configuration says, and only one is. */
import { describe, expect, test } from 'vitest'
import { fieldIndex, type FieldSource, type Value } from '#engines/expressions'
import { compileTokenSource, readToken } from '#engines/tokens'

const HEADER = 'http.request.headers["authorization"][0]'
const COOKIE = 'http.request.cookies["session"][0]'

function request(headers: readonly string[], cookies: readonly string[] = []): FieldSource {
  const maps = new Map<number, ReadonlyMap<string, Value>>([
    [fieldIndex('http.request.headers'), new Map([['authorization', headers]])],
    [fieldIndex('http.request.cookies'), new Map([['session', cookies]])],
  ])
  return { field: (index) => maps.get(index), entry: (index, key) => maps.get(index)?.get(key) }
}

function read(expressions: readonly string[], fields: FieldSource): string | null {
  const sources = expressions.map((expression) => {
    const compiled = compileTokenSource(expression)
    if (!compiled.ok) throw new Error(compiled.error)
    return compiled.value
  })
  return readToken(sources, fields)
}

test.each([
  ['a.b.c', 'a.b.c'],
  ['Bearer a.b.c', 'a.b.c'],
  ['bearer a.b.c', 'a.b.c'],
  ['BEARER   a.b.c', 'a.b.c'],
  ['Bearera.b.c', 'Bearera.b.c'],
  ['Bearer', 'Bearer'],
  ['Bearer ', null],
  ['', null],
  ['Bearer Bearer a', 'Bearer a'],
])('%j is the token %j', (value, token) => {
  expect(read([HEADER], request([value]))).toBe(token)
  expect(read([COOKIE], request([], [value]))).toBe(token)
})

test('the first source that has something counts', () => {
  const sources = [HEADER, COOKIE]
  expect(read(sources, request(['Bearer h'], ['c']))).toBe('h')
  expect(read(sources, request(['Bearer '], ['c']))).toBe('c')
  expect(read(sources, request([], []))).toBeNull()
})

test.each([
  [['a.b.c', 'a.b.d'], 'a.b.c, a.b.d'],
  [['', 'a.b.c'], ', a.b.c'],
  [['a.b.c', 'a.b.c'], 'a.b.c'],
])('a cookie that is sent as %j is the token %j', (values, token) => {
  expect(read([COOKIE, HEADER], request(['h'], values))).toBe(token)
})

describe('expressions that are no source', () => {
  test.each([
    ['http.host eq "a"', 'line 1, column 10'],
    ['http.request.headers', 'line 1, column 1'],
    ['ssl', 'line 1, column 1'],
    ['http.response.headers["x"][0]', 'http.response'],
    ['http.request.jwt.claims.sub["51231d16-01f1-48e3-93f8-91c99e81288e"][0]', 'not known before'],
    ['', 'line 1'],
  ])('%s', (expression, words) => {
    const compiled = compileTokenSource(expression)
    expect(compiled).toEqual({ ok: false, error: expect.stringContaining(words) })
  })

  test('what a source reads is known', () => {
    const compiled = compileTokenSource(HEADER)
    expect(compiled.ok && compiled.value.uses).toEqual([
      { field: 'http.request.headers', key: 'authorization' },
    ])
  })
})
