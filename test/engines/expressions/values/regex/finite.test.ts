import { expect, test } from 'vitest'
import { finiteTest } from '../../../../../engines/expressions/values/regex/finite.ts'
import { parseRegex } from '../../../../../engines/expressions/values/regex/parser.ts'

test.each([
  ['(?:sqlmap|nikto|curl)/[0-9]', true],
  ['(?i)select', true],
  ['^/(auth|login)$', true],
  ['\\bwp-?admin\\b', true],
  ['(?u)^a', true],
  ['', true],
  // Below and at the limit of 128 steps, and above it.
  ['[ab]{127}', true],
  ['[ab]{128}', true],
  ['[ab]{129}', false],
  ['[ab]{63}x|[ab]{63}y', true],
  ['[ab]{64}x|[ab]{63}y', false],
  ['(?:a?){5}b', true],
  ['(?:a?){6}b', true],
  ['(?:a?){7}b', false],
  ['(?:a?){20}b', false],
  ['(?:(?:a?){4}){4}b', false],
  ['(?:){4294967295}', true],
  ['(?:[a&&b]){4294967295}', false],
  ['a+', false],
  ['(?:^)*', false],
  // What holds more than ASCII, or is asked of bytes, JavaScript sees otherwise.
  ['[^a]', false],
  ['é', false],
  ['.', false],
  ['\\B', false],
  ['(?m)^a', false],
  ['(?u)\\ba', false],
  ['(?u)\\p{Lu}{0}', false],
])('%s: %s', (pattern, expected) => {
  const parsed = parseRegex(pattern)
  expect(parsed.ok && finiteTest(parsed.value) !== undefined).toBe(expected)
})
