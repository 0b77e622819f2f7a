import { describe, expect, test } from 'vitest'
import { compileRegex } from '../../../../../engines/expressions/values/regex.ts'

/** Long enough that exponential work never ends and cubic work is felt; the slowest accepted pattern is quadratic. */
const SUBJECTS = ['a', 'ab', 'a,', '/a', 'a ', '-1'].map((unit) => `${unit.repeat(4000)}!`)

describe('refused as unsafe', () => {
  test.each([
    '^(a+)+$',
    '^(a*)*b',
    '^(a|a)*b',
    '^(a|ab)*c',
    '(a?){20}b',
    '^(?:a+){1,20}b',
    '^(\\w+\\s?)*$',
    'x([a-z]+)*@',
    '^(.*,)*x',
    '^((a{1,20})b?){1,20}c',
    '^(([a-z])+.)+[A-Z]([a-z])+$',
    '(?i)^(k|\\x{212a})*x',
    'a.*b.*c',
    '^.*a.*b.*c$',
    'x[a-z]*[a-z]*[a-z]*y',
    '(a*b?){3}c',
  ])('%s', (pattern) => {
    expect(compileRegex(pattern)).toMatchObject({ ok: false, error: { code: 'unsafe_pattern' } })
  })
})

describe('accepted and fast', () => {
  test.each([
    '^.*/wp-login.php$',
    '.*xmlrpc.php',
    '^/images/[^/]+/[^/]+/[^/]+$',
    '^/posts/[0-9]+-[0-9]+-[0-9]+-.*',
    '(www|api)\\.example\\.org',
    '/(auth|login|logut).*',
    '^(?:/[a-z]+)+$',
    '^([a-z]+,)*$',
    '(?:a,|b;)+$',
    '.*a.*b.*',
    '^.*a.*b$',
    'a.*b',
    '^(?:[0-9]{1,3}\\.){3}[0-9]{1,3}$',
    '[a-z]+$',
    '^[\\w.+-]+@[\\w-]+\\.[a-z]{2,9}$',
    '(?i)(?:union|select).*from',
    'a{2,8}b{2,8}c',
    // Repeats at the ends are cut down to what a search needs, whatever is in them.
    '(a+)+$',
    '(a|a)*b',
    '(.*,)*x',
    '(a*)*',
  ])('%s', (pattern) => {
    const compiled = compileRegex(pattern)
    expect(compiled.ok).toBe(true)
    const start = performance.now()
    for (const subject of SUBJECTS) if (compiled.ok) compiled.value(subject)
    expect(performance.now() - start).toBeLessThan(2000)
  })
})
