import { array, assert, integer, property } from 'fast-check'
import { expect, test } from 'vitest'
import { type CodeRange, unite } from '../../../../../engines/expressions/values/regex/ranges.ts'
import { type ByteTrie, utf8Trie } from '../../../../../engines/expressions/values/regex/utf8.ts'

const point = integer({ min: 0, max: 0x10ffff }).filter((at) => at < 0xd800 || at > 0xdfff)
/** Where lengths and leading bytes change. */
const EDGES = [
  0, 0x7f, 0x80, 0x7ff, 0x800, 0xfff, 0x1000, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff,
]

test('the trie takes the UTF-8 of exactly the characters of the set', () => {
  assert(
    property(array(point, { maxLength: 8 }), array(point, { maxLength: 8 }), (bounds, others) => {
      const sorted = [...bounds].sort((left, right) => left - right)
      const ranges = unite(sorted.slice(1).flatMap((last, at) => rangeOf(sorted[at] ?? 0, last)))
      const trie = utf8Trie(ranges)
      for (const candidate of [...EDGES, ...bounds, ...others]) {
        const isIn = ranges.some(({ first, last }) => first <= candidate && candidate <= last)
        const bytes = [...new TextEncoder().encode(String.fromCodePoint(candidate))]
        expect(takes(trie, bytes)).toBe(isIn)
      }
    }),
    { numRuns: 500 },
  )
})

test('what is written in no more bytes than needed: no overlong form, no surrogate', () => {
  const all = utf8Trie([
    { first: 0, last: 0xd7ff },
    { first: 0xe000, last: 0x10ffff },
  ])
  expect(takes(all, [0xc0, 0x80])).toBe(false)
  expect(takes(all, [0xe0, 0x9f, 0xbf])).toBe(false)
  expect(takes(all, [0xed, 0xa0, 0x80])).toBe(false)
  expect(takes(all, [0xf4, 0x90, 0x80, 0x80])).toBe(false)
  expect(takes(all, [0xf4, 0x8f, 0xbf, 0xbf])).toBe(true)
})

/** Every other range of neighbours, so that there are gaps; none across the surrogates. */
function rangeOf(first: number, last: number): readonly CodeRange[] {
  return first % 2 === 0 || (first < 0xd800 && last > 0xdfff) ? [] : [{ first, last }]
}

function takes(trie: ByteTrie, [byte, ...rest]: readonly number[]): boolean {
  if (byte === undefined) return false
  const edge = trie.find(({ first, last }) => first <= byte && byte <= last)
  if (edge === undefined) return false
  return edge.next.length === 0 ? rest.length === 0 : takes(edge.next, rest)
}
