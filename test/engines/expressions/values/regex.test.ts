import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { compileRegex, compileRegexReplace } from '../../../../engines/expressions/values/regex.ts'
import { REGEX_LIMITS } from '../../../../engines/expressions/values/regex/limits.ts'

// What a pattern means is in regex/vectors.test.ts; here is what the compiled forms promise beyond that.

describe('the original engine reads bytes until (?u) asks for characters', () => {
  test.each([
    ['^.$', 'é', false],
    ['^..$', 'é', true],
    ['(?u)^.$', 'é', true],
    [String.raw`^\w+$`, 'é', false],
    [String.raw`(?u)^\w+$`, 'é', true],
    ['(?i)É', 'é', false],
    ['(?iu)É', 'é', true],
    // A byte that is not UTF-8 is a lone surrogate in our strings, and a byte like any other to a pattern.
    ['^.$', '\udcff', true],
    [String.raw`^\xff$`, '\udcff', true],
    ['(?u)^.$', '\udcff', false],
    // Characters of the pattern are their bytes, also where a value was put together from halves.
    ['é', '\udcc3\udca9', true],
    ['^é+$', 'éé', true],
    ['^(?:é)+$', 'é', true],
  ])('%s on %j: %s', (pattern, subject, expected) => {
    expect(verdictOf(pattern, subject)).toBe(expected)
  })
})

describe('plain text and anchors take a shortcut with the same meaning', () => {
  test.each([
    ['', 'x', true],
    ['', '', true],
    ['ab', 'xaby', true],
    ['^ab', 'abx', true],
    ['^ab', 'xab', false],
    ['ab$', 'xab', true],
    ['ab$', 'ab\n', false],
    ['^ab$', 'ab', true],
    ['^ab$', 'abb', false],
    [String.raw`\Aa\.b\z`, 'a.b', true],
    ['.*ab.*', 'xaby', true],
    ['(?:x|y)?ab', 'ab', true],
    // The text must be there, and that is not enough.
    ['x[0-9]+needle', 'needle', false],
    ['x[0-9]+needle', 'x1needle', true],
    [String.raw`nee\bdle|needle`, 'needle', true],
  ])('%s on %j: %s', (pattern, subject, expected) => {
    expect(verdictOf(pattern, subject)).toBe(expected)
  })
})

describe('refused at the place', () => {
  test.each([
    ['a(?=b)', 'unsupported_pattern', 1],
    ['(?!a)', 'unsupported_pattern', 0],
    ['(?<=a)b', 'unsupported_pattern', 0],
    ['ab(?<!a)b', 'unsupported_pattern', 2],
    [String.raw`(a)\1`, 'unsupported_pattern', 3],
    [String.raw`(?u)\p{Nonsense}`, 'unsupported_pattern', 4],
    [String.raw`a\pL`, 'invalid_pattern', 1],
    ['[aé]', 'invalid_pattern', 2],
    ['(', 'invalid_pattern', 0],
    ['a(b', 'invalid_pattern', 1],
    ['a)', 'invalid_pattern', 1],
    ['a[b', 'invalid_pattern', 1],
    ['a[b[c]', 'invalid_pattern', 1],
    ['[]', 'invalid_pattern', 0],
    ['x[b-a]', 'invalid_pattern', 2],
    [String.raw`[\d-a]`, 'invalid_pattern', 1],
    [String.raw`[\b]`, 'invalid_pattern', 1],
    ['*a', 'invalid_pattern', 0],
    ['a|*', 'invalid_pattern', 2],
    ['(?i)*', 'invalid_pattern', 4],
    ['ab{', 'invalid_pattern', 2],
    ['a{,2}', 'invalid_pattern', 1],
    ['a{2,1}', 'invalid_pattern', 1],
    ['a{2', 'invalid_pattern', 1],
    ['(?ii)a', 'invalid_pattern', 3],
    ['(?i-)a', 'invalid_pattern', 3],
    ['(?z)a', 'invalid_pattern', 2],
    ['(?', 'invalid_pattern', 0],
    ['(?i', 'invalid_pattern', 0],
    ['(?<x>a)(?<x>b)', 'invalid_pattern', 8],
    ['(?<1>a)', 'invalid_pattern', 1],
    [String.raw`a\q`, 'invalid_pattern', 1],
    ['a\\', 'invalid_pattern', 1],
    [String.raw`\x4`, 'invalid_pattern', 0],
    [String.raw`\x{110000}`, 'invalid_pattern', 0],
    [String.raw`\b{middle}`, 'invalid_pattern', 0],
    ['a\ud800', 'invalid_pattern', 0],
  ])('%s: %s at %i', (pattern, code, at) => {
    expect(compileRegex(pattern)).toMatchObject({ ok: false, error: { code, at } })
    expect(compileRegexReplace(pattern, '')).toMatchObject({ error: { code, at, in: 'pattern' } })
  })
})

describe('limits', () => {
  const { charactersMax, depthMax, repeatMax } = REGEX_LIMITS
  test.each([
    ['characters', charactersMax, (count: number) => 'a'.repeat(count)],
    ['groups', depthMax, (count: number) => '('.repeat(count) + ')'.repeat(count)],
    ['classes', depthMax, (count: number) => `${'['.repeat(count)}a${']'.repeat(count)}`],
    ['repeats of repeats', depthMax, (count: number) => `a${'*'.repeat(count)}`],
    ['count', repeatMax, (count: number) => `(?:){${count}}`],
  ])('%s below, at and above', (_, limit, pattern) => {
    expect(compileRegex(pattern(limit - 1)).ok).toBe(true)
    expect(compileRegex(pattern(limit)).ok).toBe(true)
    expect(compileRegex(pattern(limit + 1))).toMatchObject({ error: { code: 'invalid_pattern' } })
  })

  test.each(['(a{1000}){1000}', '((a{100}){100}){100}', '(?:a*){4294967295}', '(?:a{9}){9999999}'])(
    '%s is refused before it costs anything',
    (pattern) => {
      const start = performance.now()
      const compiled = compileRegex(pattern)
      expect(compiled).toMatchObject({ ok: false, error: { code: 'pattern_too_large', at: 0 } })
      expect(performance.now() - start).toBeLessThan(50)
    },
  )
})

describe('regex_replace', () => {
  test.each([
    ['^/a/(.*)$', '/b/${1}', '/a/x', '/b/x'],
    ['o', '0', 'foo', 'f0o'],
    ['(a)(b)(c)(d)(e)(f)(g)(h)', '${8}${1}', 'abcdefgh', 'ha'],
    ['x', '$$1 costs $', 'x', '$1 costs $'],
    ['(a)|(b)', '[${1}|${2}]', 'b', '[|b]'],
    ['a', '${1}', 'bab', 'bb'],
    ['x', 'y', 'no such', 'no such'],
    ['', '-', 'ab', '-ab'],
    ['$', '-', 'ab', 'ab-'],
    ['(?P<year>[0-9]+)-([0-9]+)', '${2}/${1}', 'on 2024-06', 'on 06/2024'],
    // Leftmost, and then the branch that is written first, not the longest.
    ['sam|samwise', 'X', 'samwise', 'Xwise'],
    ['samwise|sam', 'X', 'samwise', 'X'],
    ['a+?', 'X', 'aaa', 'Xaa'],
    ['(a*)*', '[${1}]', 'aab', '[aa]b'],
    // A part of a character may be replaced: what is left are bytes that are not UTF-8.
    [String.raw`\xc3`, '', 'é', '\udca9'],
    [String.raw`\xa9$`, '', '\udcc3\udca9', '\udcc3'],
    [String.raw`-`, '', '\udcc3-\udca9', 'é'],
  ])('%s → %s on %j: %j', (pattern, replacement, subject, expected) => {
    const compiled = compileRegexReplace(pattern, replacement)
    expect(compiled.ok ? compiled.value(subject) : compiled.error).toBe(expected)
  })

  test.each([
    ['a${0}', 1],
    ['${9}', 0],
    ['ab${x}', 2],
    ['${}', 0],
  ])('%s is refused at %i', (replacement, at) => {
    expect(compileRegexReplace('a', replacement)).toMatchObject({
      error: { code: 'invalid_pattern', at, in: 'replacement' },
    })
  })
})

const DATA = new URL('../../../../../shared/testdata/rules-language/', import.meta.url).pathname
const files = ['expressions.jsonl', 'mutations.jsonl'].map((name) => `${DATA}${name}`)
const hasData = files.every((file) => existsSync(file))
if (!hasData)
  process.stdout.write(
    'patterns of the public rules skipped: the data is not beside the repository\n',
  )

test.skipIf(!hasData)('every pattern of the public rules compiles', () => {
  const patterns = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/ matches \\"((?:[^"\\]|\\\\)*)\\"/g)].map(
      ([, pattern = '']) => pattern.replaceAll('\\\\', '\\'),
    ),
  )
  expect(patterns.length).toBeGreaterThan(40)
  expect(patterns.filter((pattern) => !compileRegex(pattern).ok)).toEqual([])
})

function verdictOf(pattern: string, subject: string): unknown {
  const compiled = compileRegex(pattern)
  return compiled.ok ? compiled.value(subject) : compiled.error
}
