import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPRESSION_LIMITS } from '#engines/expressions'
import { compileWildcard } from '../../../../engines/expressions/values/wildcard.ts'

const LOOSE = { isStrict: false }
const STRICT = { isStrict: true }

test.each([
  ['', '', true],
  ['', 'a', false],
  ['*', '', true],
  ['abc', 'ABC', true],
  ['a*c', 'abbc', true],
  ['a*c', 'abcd', false],
  ['*b*', 'abc', true],
  ['ab*ba', 'aba', false],
  ['*a*a*', 'a', false],
  ['*aab', 'aaaab', true],
  ['?', 'a', false],
  [String.raw`\*`, '*', true],
  [String.raw`\*`, 'a', false],
  [String.raw`a\\*`, String.raw`a\b`, true],
  ['*É', 'é', false],
])('%s matches %j: %s', (pattern, text, expected) => {
  const compiled = compileWildcard(pattern, LOOSE)
  expect(compiled.ok && compiled.value(text)).toBe(expected)
})

test('strict patterns look at case', () => {
  const compiled = compileWildcard('A*', STRICT)
  expect(compiled.ok && compiled.value('ab')).toBe(false)
  expect(compiled.ok && compiled.value('Ab')).toBe(true)
})

test.each(['**', 'a**b', String.raw`\a`, 'a\\', String.raw`\?`])('%s is refused', (pattern) => {
  expect(compileWildcard(pattern, LOOSE).ok).toBe(false)
})

describe('stars', () => {
  const { wildcardStarsMax } = EXPRESSION_LIMITS
  test.each([
    ['below', wildcardStarsMax - 1, true],
    ['at', wildcardStarsMax, true],
    ['above', wildcardStarsMax + 1, false],
  ])('%s the limit', (_, stars, expected) => {
    expect(compileWildcard('*a'.repeat(stars), LOOSE).ok).toBe(expected)
  })
})

test('agrees with a regular expression that means the same', () => {
  const pattern = fc.stringMatching(/^[ab]{0,3}(?:\*[ab]{1,2}){0,3}\*?$/)
  fc.assert(
    fc.property(pattern, fc.stringMatching(/^[ab]{0,8}$/), (source, text) => {
      const compiled = compileWildcard(source, STRICT)
      const regex = new RegExp(`^${source.replaceAll('*', '.*')}$`)
      expect(compiled.ok && compiled.value(text)).toBe(regex.test(text))
    }),
  )
})
