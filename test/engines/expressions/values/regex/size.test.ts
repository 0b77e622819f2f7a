import { expect, test } from 'vitest'
import { parseRegex } from '../../../../../engines/expressions/values/regex/parser.ts'
import { automatonBytes } from '../../../../../engines/expressions/values/regex/size.ts'

/** The largest count that Rust's compiler takes with 10 MiB, measured; and how far ours may be from it. */
test.each([
  { item: 'a', rust: 327_675 },
  { item: '(?:ab)', rust: 163_837 },
  { item: '.', rust: 131_070 },
  { item: '[ace]', rust: 119_154 },
  { item: '(?:a*)', rust: 145_633 },
  { item: '(?:a\\b)', rust: 163_837 },
  { item: 'é', rust: 163_837 },
])('$item{n} is as large as for Rust', ({ item, rust }) => {
  const ours = (10 * 1024 * 1024) / (bytesOf(`${item}{1000}`) / 1000)
  expect(ours / rust).toBeGreaterThan(0.99)
  expect(ours / rust).toBeLessThan(1.01)
})

test.each([
  ['(?:){4294967295}', '(?:)'],
  ['(?:^|$){7}', '(?:^|$)'],
  ['(?:(){9}){9}', '()'],
  ['a{0}', '(?:)'],
])('%s is no larger than %s', (pattern, same) => {
  expect(bytesOf(pattern)).toBe(bytesOf(same))
})

function bytesOf(pattern: string): number {
  const parsed = parseRegex(pattern)
  if (!parsed.ok) throw new Error(parsed.error.message)
  return automatonBytes(parsed.value)
}
