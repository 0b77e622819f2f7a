import { describe, expect, test } from 'vitest'
import { EXPRESSION_LIMITS } from '#engines/expressions'
import { compileRegex } from '../../../../engines/expressions/values/regex.ts'

describe('Rust meaning', () => {
  test.each([
    ['', 'a', true],
    ['b', 'abc', true],
    ['^b', 'abc', false],
    ['c$', 'abc', true],
    // `$` is the very end, and `.` leaves out the newline only.
    ['c$', 'abc\n', false],
    ['^a.b$', 'a\rb', true],
    ['^a.b$', 'a\u2028b', true],
    ['^a.b$', 'a\nb', false],
    ['(?s)^a.b$', 'a\nb', true],
    ['(?m)^b$', 'a\nb\nc', true],
    ['(?m)^b$', 'a\rb\rc', false],
    [String.raw`\Ab\z`, 'b', true],
    ['(?i)ABC', 'xabcx', true],
    ['a(?i)b|c', 'C', true],
    ['(?:(?i)a)b', 'AB', false],
    ['(?:(?i)a)b', 'Ab', true],
    ['(?i:a)b', 'Ab', true],
    ['(?i)(?-i)a', 'A', false],
    ['(?i)[^a]', 'A', false],
    ['(?i)k', '\u212a', true],
    [String.raw`^\d$`, '\u0663', true],
    [String.raw`^\w$`, 'é', true],
    [String.raw`^\W$`, 'é', false],
    [String.raw`^\s$`, '\ufeff', false],
    [String.raw`^\s$`, '\u0085', true],
    [String.raw`\bé\b`, 'a é b', true],
    [String.raw`\bé\b`, 'aé b', false],
    [String.raw`\Bé`, 'aé', true],
    ['^.$', '😀', true],
    // A byte that is not UTF-8 is matched by nothing.
    ['^.$', '\udcff', false],
    ['[^a]', '\udcff', false],
    ['^[a-c]+$', 'abc', true],
    ['^[]a]+$', ']a', true],
    ['^[a-]+$', '-a', true],
    ['^[^]a]$', 'b', true],
    [String.raw`^[\d\-x]+$`, '1-x', true],
    ['^[[:alpha:]_]+$', 'aZ_', true],
    ['^[[:^digit:]]$', '1', false],
    [String.raw`^\x41\x{42}\u0043\u{44}\U00000045$`, 'ABCDE', true],
    [String.raw`^\t\n\r\f\v\a$`, '\t\n\r\f\v\u0007', true],
    [String.raw`^\.\/\-\"\]$`, './-"]', true],
    [String.raw`^\p{Lu}\p{Greek}\pL\P{L}$`, 'Aαa1', true],
    [String.raw`^\p{^L}$`, '1', true],
    ['^a{2}b{1,}c{0,2}$', 'aabbcc', true],
    ['^a{2}$', 'aaa', false],
    ['^(?P<x>a)(?<y>b)(c)$', 'abc', true],
    ['a|b|', 'z', true],
    ['^a+?b*?c??$', 'aab', true],
    ['(?U)^a+$', 'aa', true],
    ['x.*', 'x', true],
    ['.*x', 'zx', true],
    ['^]}$', ']}', true],
    ['^(?:/[^/]+)+$', '/a/b', true],
  ])('%s on %j: %s', (pattern, subject, expected) => {
    const compiled = compileRegex(pattern)
    expect(compiled.ok ? compiled.value(subject) : compiled.error).toBe(expected)
  })
})

describe('refused', () => {
  test.each([
    ['a(?=b)', 'unsupported_pattern', 1],
    ['(?!a)', 'unsupported_pattern', 0],
    ['(?<=a)b', 'unsupported_pattern', 0],
    ['(?<!a)b', 'unsupported_pattern', 0],
    [String.raw`(a)\1`, 'unsupported_pattern', 3],
    ['(?x)a b', 'unsupported_pattern', 0],
    ['(?-u)a', 'unsupported_pattern', 0],
    ['(?)', 'unsupported_pattern', 0],
    ['[a&&b]', 'unsupported_pattern', 2],
    ['[a[b]]', 'unsupported_pattern', 2],
    [String.raw`\<a`, 'invalid_pattern', 0],
    [String.raw`\b{start}a`, 'unsupported_pattern', 0],
    [String.raw`\p{Nonsense}`, 'unsupported_pattern', 0],
    ['(', 'invalid_pattern', 0],
    ['a)', 'invalid_pattern', 1],
    ['[a', 'invalid_pattern', 0],
    ['[]', 'invalid_pattern', 0],
    ['[b-a]', 'invalid_pattern', 1],
    [String.raw`[\d-a]`, 'invalid_pattern', 1],
    [String.raw`[\b]`, 'invalid_pattern', 1],
    ['*a', 'invalid_pattern', 0],
    ['a|*', 'invalid_pattern', 2],
    ['(?i)*', 'invalid_pattern', 4],
    ['a{', 'invalid_pattern', 1],
    ['a{,2}', 'invalid_pattern', 1],
    ['a{2,1}', 'invalid_pattern', 1],
    [String.raw`\q`, 'invalid_pattern', 0],
    ['\\', 'invalid_pattern', 0],
    [String.raw`\x4`, 'invalid_pattern', 0],
    [String.raw`\x{110000}`, 'invalid_pattern', 0],
    [String.raw`\u{d800}`, 'invalid_pattern', 0],
  ])('%s: %s at %i', (pattern, code, at) => {
    expect(compileRegex(pattern)).toMatchObject({ ok: false, error: { code, at } })
  })
})

describe('limits', () => {
  const { regexCharactersMax, regexDepthMax, regexRepeatMax } = EXPRESSION_LIMITS
  test.each([
    ['characters', regexCharactersMax, (count: number) => 'a'.repeat(count)],
    ['groups', regexDepthMax, (count: number) => '('.repeat(count) + ')'.repeat(count)],
    ['repeats', regexRepeatMax, (count: number) => `a{${count}}`],
    ['upper bound of repeats', regexRepeatMax, (count: number) => `a{1,${count}}b`],
  ])('%s below, at and above', (_, limit, pattern) => {
    expect(compileRegex(pattern(limit - 1)).ok).toBe(true)
    expect(compileRegex(pattern(limit)).ok).toBe(true)
    expect(compileRegex(pattern(limit + 1))).toMatchObject({ error: { code: 'invalid_pattern' } })
  })
})
