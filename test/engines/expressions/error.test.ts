import { compileExpression, renderError } from '#engines/expressions'
import { describe, expect, test } from 'vitest'

test('an error points at the offence in its own line', () => {
  const source = 'ssl and\n  http.hots eq "x"'
  const compiled = compileExpression(source)
  expect(compiled).toEqual({
    ok: false,
    error: {
      code: 'unknown_identifier',
      message: 'unknown identifier',
      line: 2,
      column: 3,
      length: 9,
    },
  })
  if (compiled.ok) return
  expect(renderError(source, compiled.error)).toBe(
    'Filter parsing error (2:3):\n  http.hots eq "x"\n  ^^^^^^^^^ unknown identifier\n',
  )
})

test('an error at the end of the input still has a caret', () => {
  const compiled = compileExpression('http.host')
  expect(!compiled.ok && compiled.error).toMatchObject({ line: 1, column: 10, length: 1 })
})

test('a span over several lines is cut at the end of its first line', () => {
  const compiled = compileExpression('http.host in ["a"\n"b"]')
  expect(!compiled.ok && compiled.error).toMatchObject({ line: 1, column: 14, length: 4 })
})

test('an error in a pattern covers the pattern and says where in it the trouble is', () => {
  const compiled = compileExpression(String.raw`http.host matches "ab(?=c)"`)
  expect(!compiled.ok && compiled.error).toMatchObject({
    code: 'unsupported_pattern',
    column: 20,
    length: 7,
  })
  expect(!compiled.ok && compiled.error.message).toContain('character 3 of the pattern')
})

describe('the first fault of the source is the one that is told', () => {
  test.each([
    ['nope eq 1 and ssl and', 1, 4],
    ['contains "a"', 1, 8],
    ['(http.host) eq "a"', 11, 8],
    ['ssl xor http.host', 18, 1],
    ['http.host eq "a" and (ip.src eq 1.2.3)', 33, 5],
    ['ip.src in {10.0.0.1/8}', 12, 8],
    ['ip.src in {10.0.0.0/99}', 12, 11],
    ['ip.src in {10.0.0.0/x}', 21, 1],
    ['tcp.dstport in {1..0}', 17, 4],
    ['tcp.dstport in {1..08}', 20, 2],
    ['tcp.dstport eq 0xfffffffffffffffff', 18, 17],
    ['len(http.host, 1) eq 1', 16, 7],
    ['starts_with(http.host) or ssl', 22, 8],
    ['lower(ip.src) eq "a"', 7, 6],
    [String.raw`http.host eq "\q"`, 16, 1],
    [String.raw`http.host eq "\x4g"`, 17, 2],
    ['http.host eq "abc', 15, 3],
    ['http.request.headers["a"]["b"] eq "c"', 26, 5],
    ['http.host in $A', 15, 1],
    ['any(ssl)', 5, 3],
    ['ssl and http.request.headers.names[*] eq "a" or ssl', 49, 3],
    ['http.request.headers.names[*] eq "a"', 37, 1],
  ])('%s at %i, %i long', (source, column, length) => {
    const compiled = compileExpression(source)
    expect(!compiled.ok && compiled.error).toMatchObject({ line: 1, column, length })
  })
})
