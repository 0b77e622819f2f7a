import {
  array,
  assert,
  type Arbitrary,
  constantFrom,
  oneof,
  property,
  string,
  tuple,
} from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  compileRegex,
  compileRegexReplace,
} from '../../../../../engines/expressions/values/regex.ts'
import { buildNfa } from '../../../../../engines/expressions/values/regex/nfa.ts'
import { parseRegex } from '../../../../../engines/expressions/values/regex/parser.ts'
import { createSearch } from '../../../../../engines/expressions/values/regex/search.ts'

/** Hostile to backtracking; from the literature, from RE2's and Rust's own collections, and the old cases of this engine. */
const HOSTILE = [
  '^(a+)+$',
  '^(a*)*b',
  '^(a|a)*b',
  '^(a|ab)*c',
  '(x+x+)+y',
  '(.*)(.*)(.*)(.*)(.*)[^a]$',
  '^(\\w+\\s?)*$',
  'x([a-z]+)*@',
  '^(.*,)*x',
  '^((a{1,20})b?){1,20}c',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(?iu)^(k|\\x{212a})*x',
  'a.*b.*c',
  '^.*a.*b.*c.*d.*e$',
  'x[a-z]*[a-z]*[a-z]*y',
  '(a*b?){3}c',
  '(?:a?){100}a{100}b',
  '(a{1,30}){1,30}c',
  '((((((a*)*)*)*)*)*)*c',
  '(?:(?:a{0,9}){0,9}){0,9}c',
  '(?:.*.*.*=.*)*;',
  '(?:a|aa|aaa|aaaa)*[^ab]',
  '[ab]*a[ab]{20}c',
  '(?u)(\\w+\\W?)*\\b$',
  '(?m)^(.*a){10}$',
  '[^\\n]{99999}',
  '(?s).{2000,}\\z',
]
const MEGABYTE = 1_000_000
const TIMEOUT_MS = 30_000

describe('a hostile pattern on a hostile subject of a megabyte', () => {
  // No text of the pattern is missing in the subjects, so that no shortcut ends the search before it begins.
  const subjects = ['a', 'ab', 'x,', 'é', '😀a', '\udcff'].map(
    (unit) => `xyabc=@;${unit.repeat(MEGABYTE / 2 / unit.length)}`,
  )
  test.each(HOSTILE)(
    '%s',
    (pattern) => {
      const parsed = parseRegex(pattern)
      if (!parsed.ok) throw new Error(parsed.error.message)
      const search = createSearch(buildNfa(parsed.value))
      const start = performance.now()
      for (const subject of subjects) search(subject)
      // Half a megabyte six times: what is quadratic would take hours.
      expect(performance.now() - start).toBeLessThan(TIMEOUT_MS)
    },
    TIMEOUT_MS,
  )
})

test.each(HOSTILE)('replacing with %s is linear too', (pattern) => {
  const compiled = compileRegexReplace(`(${pattern})`, '${1}')
  const subject = 'ab'.repeat(500)
  const start = performance.now()
  expect(compiled.ok && compiled.value(subject)).toBe(subject)
  expect(performance.now() - start).toBeLessThan(10_000)
})

describe('agrees with JavaScript where both mean the same', () => {
  // No repeat inside a repeat, on which JavaScript may never end, and none of what can be empty, where it means another thing.
  const set = constantFrom('a', 'b', 'c', '[ab]', '[^a]', '.', '\\w', '\\d', '-')
  const look = constantFrom('\\b', '\\B', '^', '$')
  const joined = (item: Arbitrary<string>, separator: string, max: number) =>
    array(item, { minLength: 1, maxLength: max }).map((items) => items.join(separator))
  const group = joined(joined(set, '', 3), '|', 3).map((inner) => `(${inner})`)
  const count = constantFrom('', '', '', '*', '+', '?', '*?', '??', '{2}', '{1,3}', '{2,}?')
  const repeated = tuple(oneof(set, group), count).map(([item, counts]) => item + counts)
  const sequence = joined(oneof({ weight: 4, arbitrary: repeated }, look), '', 5)
  const choice = joined(sequence, '|', 3)
  const pattern = joined(
    oneof(
      choice,
      choice.map((inner) => `(?:${inner})`),
    ),
    '',
    2,
  )
  const subject = string({ unit: constantFrom('a', 'b', 'c', '-', '1', '\n'), maxLength: 12 })

  test('whether there is a match', () => {
    assert(
      property(pattern, subject, (source, value) => {
        const compiled = compileRegex(source)
        expect(compiled.ok && compiled.value(value)).toBe(javaScript(source).test(value))
      }),
      { numRuns: 2000 },
    )
  })

  test('where the first match is', () => {
    assert(
      property(pattern, subject, (source, value) => {
        const compiled = compileRegexReplace(source, '<>')
        expect(compiled.ok && compiled.value(value)).toBe(value.replace(javaScript(source), '<>'))
      }),
      { numRuns: 1000 },
    )
  })

  /** Of the line terminators JavaScript knows only the newline is in the subjects. */
  function javaScript(source: string): RegExp {
    return new RegExp(source, 'v')
  }
})

test.each(['[ab]{5}', '[ab]{3,}', 'a{2,4}', '[^c]{6}'])('the run %s is found', (pattern) => {
  const parsed = parseRegex(pattern)
  if (!parsed.ok) throw new Error(parsed.error.message)
  const search = createSearch(buildNfa(parsed.value))
  const shape = new RegExp(pattern)
  assert(
    property(string({ unit: constantFrom('a', 'b', 'b', 'c'), maxLength: 30 }), (value) => {
      expect(search(value)).toBe(shape.test(value))
    }),
  )
})

test('what was learnt from one value, and forgotten, changes nothing for the next', () => {
  // Every subject leads to states that none before did, until the memory is full many times over.
  const compiled = compileRegex('[ab]*a[ab]{14}c')
  const seen = (value: string) => /a[ab]{14}c/.test(value)
  assert(
    property(string({ unit: constantFrom('a', 'b', 'b', 'c'), maxLength: 400 }), (value) => {
      expect(compiled.ok && compiled.value(value)).toBe(seen(value))
    }),
    { numRuns: 1000 },
  )
})
