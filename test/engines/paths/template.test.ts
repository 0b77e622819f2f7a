import { describe, expect, test } from 'vitest'
import { parseTemplate, pathLimits } from '#engines/paths'

describe('parseTemplate gives every legal form one spelling', () => {
  test.each([
    ['/', '/', []],
    ['/users/{id}', '/users/{var1}', ['id']],
    ['/users/{user id}/pets/{pet}/', '/users/{var1}/pets/{var2}/', ['user id', 'pet']],
    ['/files/{name}.json', '/files/{var1}.json', ['name']],
    ['/{a}-{b}', '/{var1}-{var2}', ['a', 'b']],
    ['/{a}{b}', '/{var1}{var2}', ['a', 'b']],
    ['/{var2}/{var1}', '/{var1}/{var2}', ['var2', 'var1']],
    ['//a\\{x}/%7eb/%2f', '/a/{var1}/~b/%2F', ['x']],
    ['/%7Bx%7D/{+name}', '/%7Bx%7D/{var1}', ['+name']],
    ['/a/../b/{x}', '/b/{var1}', ['x']],
  ])('%s', (written, endpoint, variables) => {
    expect(parseTemplate(written)).toEqual({ ok: true, value: { endpoint, variables } })
  })

  test('a canonical endpoint is its own canonical form', () => {
    expect(parseTemplate('/a/{var1}.{var2}/é')).toMatchObject({
      value: { endpoint: '/a/{var1}.{var2}/%C3%A9' },
    })
    expect(parseTemplate('/a/{var1}.{var2}/%C3%A9')).toMatchObject({
      value: { endpoint: '/a/{var1}.{var2}/%C3%A9' },
    })
  })
})

describe('parseTemplate refuses', () => {
  test.each([
    ['users', { reason: 'no_leading_slash' }],
    ['', { reason: 'no_leading_slash' }],
    ['/{a', { reason: 'unbalanced_brace', index: 1 }],
    ['/a}', { reason: 'unbalanced_brace', index: 2 }],
    ['/{a{b}}', { reason: 'unbalanced_brace', index: 1 }],
    ['/{}', { reason: 'empty_variable', index: 1 }],
    ['/{ }', { reason: 'empty_variable', index: 1 }],
    ['/{a/b}', { reason: 'slash_in_variable', index: 1 }],
    ['/{a}/{a}', { reason: 'duplicate_variable', index: 5, name: 'a' }],
    ['/a?b={c}', { reason: 'query_or_fragment', index: 2 }],
    ['/{a}#b', { reason: 'query_or_fragment', index: 4 }],
    ['/{a}/../b', { reason: 'dot_segment_removes_variable' }],
  ])('%s', (written, error) => {
    expect(parseTemplate(written)).toEqual({ ok: false, error })
  })
})

describe('bounds: below, at and above', () => {
  const { endpointCharsMax, endpointVariablesMax, endpointSegmentsMax } = pathLimits

  test.each([
    ['characters', (n: number) => `/${'a'.repeat(n - 1)}`, endpointCharsMax, 'too_long'],
    [
      'variables',
      (n: number) => `/${range(n, (i) => `{v${i}}`).join('-')}`,
      endpointVariablesMax,
      'too_many_variables',
    ],
    [
      'segments',
      (n: number) => `/${range(n, () => 'a').join('/')}`,
      endpointSegmentsMax,
      'too_many_segments',
    ],
  ])('%s', (...[, make, max, reason]) => {
    expect(parseTemplate(make(max - 1)).ok).toBe(true)
    expect(parseTemplate(make(max)).ok).toBe(true)
    expect(parseTemplate(make(max + 1))).toMatchObject({ ok: false, error: { reason } })
  })
})

function range<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index))
}
