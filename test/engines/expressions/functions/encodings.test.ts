import { createHmac } from 'node:crypto'
import { compileExpression, compileValueExpression } from '#engines/expressions'
import { describe, expect, test } from 'vitest'
import { fieldSource, verdict } from '../support.ts'

/** As the documentation makes it: over the message and the second, in base64. */
const MAC = createHmac('sha256', 'mysecretkey').update('/download/cat.jpg1484063787').digest()
const TOKEN = '/download/cat.jpg?verify=1484063787'

const REQUEST = {
  'http.host': 'MTIzYWJj',
  'http.cookie': '/+8',
  'http.referer': 'hello world',
  'http.user_agent': 'my-token',
  'http.request.uri.path': '/é',
  'http.request.uri': `${TOKEN}-${encodeURIComponent(MAC.toString('base64'))}`,
  'http.request.full_uri': `${TOKEN}-${MAC.toString('base64url')}`,
  'http.request.timestamp.sec': 1_484_063_800,
  'cf.random_seed': 'seed',
}
const SOURCE = fieldSource(REQUEST)

describe('base64 and digests', () => {
  test.each([
    ['decode_base64(http.host) eq "123abc"', true],
    [String.raw`decode_base64(http.cookie) eq "\xff\xef"`, true],
    ['decode_base64(http.referer) ne ""', false],
    ['decode_base64(http.request.uri.path) eq ""', false],
    ['encode_base64(http.referer) eq "aGVsbG8gd29ybGQ"', true],
    ['encode_base64("hello world", "p") eq "aGVsbG8gd29ybGQ="', true],
    [String.raw`encode_base64("\xff\xef", "up") eq "_-8="`, true],
    [String.raw`encode_base64("\xff\xef", "") eq "/+8"`, true],
    ['encode_base64("é") eq "w6k"', true],
    ['encode_base64(sha256("abc"), "p") eq "ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0="', true],
    ['len(sha256(http.user_agent)) eq 32', true],
    ['sha256(http.x_forwarded_for) eq ""', false],
    ['encode_base64(http.host, "x") eq ""', 'invalid_arguments'],
    ['decode_base64("YQ==") eq "a"', 'invalid_arguments'],
  ])('%s: %s', (source, expected) => {
    expect(verdict(source, SOURCE)).toBe(expected)
  })

  test.each([
    ['YQ', 'a'],
    ['YQ==', 'a'],
    ['YQ=', undefined],
    ['Y', undefined],
    ['YQ===', undefined],
    ['=', undefined],
    ['', ''],
    ['YWI=', 'ab'],
    ['YW=I', undefined],
    ['YW I', undefined],
    ['_-8', undefined],
    ['A'.repeat(1_000_000), '\0'.repeat(750_000)],
  ])('%.20s decoded', (text, expected) => {
    const compiled = compileValueExpression('decode_base64(http.host)', { types: ['Bytes'] })
    const value = compiled.ok && compiled.value.evaluate(fieldSource({ 'http.host': text }))
    expect(value === expected).toBe(true)
  })

  test('one seed makes one UUID, of version 4', () => {
    const compiled = compileValueExpression('uuidv4(cf.random_seed)', { types: ['Bytes'] })
    const [first, second, other] = ['seed', 'seed', 'other'].map(
      (seed) => compiled.ok && compiled.value.evaluate(fieldSource({ 'cf.random_seed': seed })),
    )
    expect(first).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
    expect(second).toBe(first)
    expect(other).not.toBe(first)
  })
})

describe('is_timed_hmac_valid_v0', () => {
  const key = '"mysecretkey"'
  const now = 'http.request.timestamp.sec'
  test.each([
    [`${key}, http.request.uri, 100000, ${now}, 8`, true],
    [`${key}, http.request.full_uri, 100000, ${now}, 8, "s"`, true],
    [`${key}, http.request.uri, 13, ${now}, 8`, true],
    [`${key}, http.request.uri, 12, ${now}, 8`, false],
    [`${key}, http.request.uri, 100000, ${now}, 8, "s"`, false],
    [`${key}, http.request.full_uri, 100000, ${now}, 8`, false],
    [`${key}, http.request.uri, 100000, ${now}, 7`, false],
    [`${key}, http.request.uri, 100000, ${now}`, false],
    [`${key}, http.request.uri, 100000, ${now}, 4000`, false],
    [`"other", http.request.uri, 100000, ${now}, 8`, false],
    [`${key}, http.host, 100000, ${now}, 8`, false],
    [`${key}, http.x_forwarded_for, 100000, ${now}, 8`, false],
    [`http.host, http.request.uri, 100000, ${now}, 8`, 'invalid_arguments'],
    [`${key}, http.request.uri, 100000, ${now}, -1`, 'invalid_arguments'],
    [`${key}, http.request.uri, 100000, ${now}, 8, "x"`, 'invalid_arguments'],
    [`${key}, http.request.uri, 100000`, 'invalid_arguments'],
  ])('(%s): %s', (args, expected) => {
    expect(verdict(`is_timed_hmac_valid_v0(${args})`, SOURCE)).toBe(expected)
  })

  test('a subject full of hyphens and digits costs one walk', () => {
    const host = '0123456789-'.repeat(20_000)
    const source = `is_timed_hmac_valid_v0(${key}, http.host, 100, ${now}, 8)`
    const fields = fieldSource({ 'http.host': host, [now]: 1 })
    expect(verdict(source, fields)).toBe(false)
  })
})

describe('verdicts on tokens', () => {
  const uuid = '51231d16-01f1-48e3-93f8-91c99e81288e'
  const other = '51231d16-01f1-48e3-93f8-91c99e81288f'
  const fields = fieldSource({
    'is_jwt_valid()': { [uuid]: false },
    'is_jwt_present()': { [uuid]: true },
  })
  test.each([
    [`is_jwt_present("${uuid}")`, true],
    [`is_jwt_valid("${uuid}")`, false],
    [`not is_jwt_valid("${uuid}")`, true],
    [`is_jwt_present("${other}")`, false],
    ['is_jwt_valid("x")', 'invalid_arguments'],
    ['is_jwt_valid(http.host)', 'invalid_arguments'],
    [`is_jwt_valid()["${uuid}"]`, 'invalid_arguments'],
  ])('%s: %s', (source, expected) => {
    expect(verdict(source, fields)).toBe(expected)
  })

  test('they are read as entries of a field of their own', () => {
    const compiled = compileExpression(`is_jwt_valid("${uuid}")`)
    expect(compiled.ok && compiled.value.uses).toEqual([{ field: 'is_jwt_valid()', key: uuid }])
  })
})
