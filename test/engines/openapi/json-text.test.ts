import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJson } from '../../../engines/openapi/json-text.ts'

const limits = { depthMax: 5, keysMax: 5 }

describe('parseJson refuses', () => {
  test.each([
    ['a repeated name', '{"a":1,"a":2}', { reason: 'duplicate_key', index: 7, key: 'a' }],
    [
      'a name repeated by escapes',
      String.raw`{"a":1,"\u0061":2}`,
      { reason: 'duplicate_key', key: 'a' },
    ],
    ['deep inside', '[{"b":{"a":1,"c":{},"a":2}}]', { reason: 'duplicate_key', key: 'a' }],
    [
      '__proto__ twice',
      '{"__proto__":1,"__proto__":2}',
      { reason: 'duplicate_key', key: '__proto__' },
    ],
    ['what is no JSON', '{"a":1,}', { reason: 'invalid_json' }],
    ['nothing', '', { reason: 'invalid_json' }],
    ['a string without end', '{"a', { reason: 'invalid_json' }],
    ['NaN', 'NaN', { reason: 'invalid_json' }],
    ['two values', '{} {}', { reason: 'invalid_json' }],
    ['brackets without end', '['.repeat(1_000_000), { reason: 'too_deep', depthMax: 5 }],
  ])('%s', (_name, text, error) => {
    expect(parseJson(text, limits)).toMatchObject({ ok: false, error })
  })
})

test.each([
  ['equal names in different objects', '[{"a":1},{"a":{"a":1}}]'],
  ['a value equal to a name', '{"a":"a","b":["a","a"]}'],
  ['brackets and quotes inside strings', String.raw`{"a":"[[[[[[{\"a\":\\","b":"\\\""}`],
])('%s are no duplicates', (_name, text) => {
  expect(parseJson(text, limits)).toEqual({ ok: true, value: JSON.parse(text) })
})

test.each([
  ['depth', (n: number) => '['.repeat(n) + ']'.repeat(n), 'too_deep'],
  [
    'keys',
    (n: number) =>
      JSON.stringify(Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, i]))),
    'too_many_keys',
  ],
])('%s: below, at and above the bound', (_name, make, reason) => {
  expect(parseJson(make(4), limits).ok).toBe(true)
  expect(parseJson(make(5), limits).ok).toBe(true)
  expect(parseJson(make(6), limits)).toMatchObject({ error: { reason } })
})

test('it reads every JSON text as JSON.parse does', () => {
  const wide = { depthMax: 1000, keysMax: 100_000 }
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseJson(text, wide)).toEqual({ ok: true, value: JSON.parse(text) })
    }),
  )
})
