import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalizePath } from '#engines/paths'

describe('a path has one spelling', () => {
  test.each([
    ['nothing to do', '/a/b.c', '/a/b.c'],
    ['empty', '', '/'],
    ['no leading slash', 'a/b', '/a/b'],
    ['backslashes', '\\a\\b', '/a/b'],
    ['merged slashes', '//a///b', '/a/b'],
    ['backslash and slash merge', '/a\\/b', '/a/b'],
    ['unreserved decoded', '/%61%7E%2d%2E%5f', '/a~-._'],
    ['reserved left as sent', "/:@!$&'()*+,;=[]", "/:@!$&'()*+,;=[]"],
    ['reserved stays encoded, hex upper-cased', '/%3a%40%3f%23', '/%3A%40%3F%23'],
    ['other bytes encoded', '/a b"<>^`{|}é', '/a%20b%22%3C%3E%5E%60%7B%7C%7D%C3%A9'],
    ['dot segments', '/a/./b/../c', '/a/c'],
    ['last dot segment keeps the slash', '/a/b/..', '/a/'],
    ['last single dot', '/a/.', '/a/'],
    ['above the root', '/../../a', '/a'],
    ['names that only begin with a dot', '/.well-known/..a/.b.', '/.well-known/..a/.b.'],
    ['trailing slash is kept', '/a/', '/a/'],
  ])('%s', (_name, raw, normal) => {
    expect(normalizePath(raw)).toBe(normal)
  })
})

describe('what an attacker sends does not change the structure', () => {
  test.each([
    ['encoded dots are dot segments', '/a/%2e%2e/admin', '/admin'],
    ['half encoded dots too', '/a/.%2E/admin', '/admin'],
    ['an encoded slash is no separator', '/a%2Fb', '/a%2Fb'],
    ['dots behind an encoded slash stay', '/a/..%2Fadmin', '/a/..%2Fadmin'],
    ['an encoded backslash is no separator', '/a%5cb', '/a%5Cb'],
    ['double encoding stays double', '/%252e%252e/a', '/%252e%252e/a'],
    ['encoded NUL stays', '/a%00b', '/a%00b'],
    ['a raw control byte is encoded', '/a\u0000\nb', '/a%00%0Ab'],
    ['a broken percent sign is a byte', '/100%/%zz/%2', '/100%25/%25zz/%252'],
    ['a lone surrogate is U+FFFD', '/\ud800', '/%EF%BF%BD'],
    ['overlong and invalid UTF-8 stay encoded', '/%c0%ae%c0%ae/', '/%C0%AE%C0%AE/'],
  ])('%s', (_name, raw, normal) => {
    expect(normalizePath(raw)).toBe(normal)
  })

  test('it never throws, is idempotent and leaves no dot segment or double slash', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '/',
        '\\',
        '.',
        '..',
        '%',
        '%2e',
        '%2E',
        '%2f',
        '%5C',
        '%25',
        '%c3%a9',
        '{',
        ' ',
      ),
      fc.string({ unit: 'binary', maxLength: 4 }),
    )
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const once = normalizePath(pieces.join(''))
        expect(normalizePath(once)).toBe(once)
        expect(once).toMatch(/^\/(?:[\w\-.~:/?#[\]@!$&'()*+,;=]|%[0-9A-F]{2})*$/)
        expect(once).not.toMatch(/\/\/|\/\.{1,2}(?:\/|$)/)
      }),
      { numRuns: 2000 },
    )
  })
})
