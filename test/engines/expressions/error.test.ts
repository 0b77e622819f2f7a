import { compileExpression, renderError } from '#engines/expressions'
import { expect, test } from 'vitest'

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

test('a place in a pattern is a place in the source', () => {
  const compiled = compileExpression(String.raw`http.host matches "ab(?=c)"`)
  expect(!compiled.ok && compiled.error).toMatchObject({
    code: 'unsupported_pattern',
    column: 22,
    length: 3,
  })
})
