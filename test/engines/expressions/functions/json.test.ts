import { EXPRESSION_LIMITS } from '#engines/expressions'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { findInJson } from '../../../../engines/expressions/values/json.ts'
import { fieldSource, verdict } from '../support.ts'

const BODY = JSON.stringify({
  company: 'cloudflare',
  version: 2,
  network: { name: 'n"\\é', ids: [123, -456] },
  list: [{ id: 1 }, { id: 'two' }],
  nothing: null,
})

describe('lookups', () => {
  const string = 'lookup_json_string(http.request.body.raw'
  const integer = 'lookup_json_integer(http.request.body.raw'
  test.each([
    [`${string}, "company") eq "cloudflare"`, BODY, true],
    [String.raw`${string}, "network", "name") eq "n\"\\é"`, BODY, true],
    [`${string}, "list", 1, "id") eq "two"`, BODY, true],
    [`${string}, 1) eq "b"`, ' [ "a" , "b" ] ', true],
    [`${string}, "version") eq "2"`, BODY, false],
    [`${string}, "none") ne ""`, BODY, false],
    [`${string}, "nothing") ne ""`, BODY, false],
    [`${integer}, "version") eq 2`, BODY, true],
    [`${integer}, "network", "ids", 1) eq -456`, BODY, true],
    [`${integer}, 1, "id") eq 7`, '[{"id":6},{"id":7}]', true],
    [`${integer}, 1) eq 42`, '[0, 42.0]', false],
    [`${integer}, 1) eq 400`, '[0, 4e2]', false],
    [`${integer}, 0) ge 0`, '[99999999999999999999]', false],
    [`${integer}, 2) ge 0`, '[1, 2]', false],
    [`${integer}, "a") eq 1`, '{"a": 1', false],
    [`${integer}, "a") eq 2`, '{"a": 1, "a": 2}', true],
    [`${integer}, "a") eq 1`, '{"b": {"a": 1}}', false],
    [`${integer}, 0) eq 1`, '{"0": 1}', false],
    [`${integer}, -1) eq 1`, '[]', 'invalid_arguments'],
    [`${integer}) eq 1`, '[]', 'invalid_arguments'],
    ['lookup_json_string("[]", 0) eq ""', '[]', 'invalid_arguments'],
  ])('%s of %s: %s', (source, body, expected) => {
    expect(verdict(source, fieldSource({ 'http.request.body.raw': body }))).toBe(expected)
  })
})

test('finds what JSON.parse finds, however it is spaced', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.constantFrom(0, 1, '\t'), (value, space) => {
      const text = JSON.stringify({ before: [1, '}'], value, after: { value: 0 } }, null, space)
      const found = findInJson(text, ['value'])
      expect(found === undefined ? found : JSON.parse(found)).toEqual(
        JSON.parse(JSON.stringify(value)),
      )
    }),
  )
})

describe('documents', () => {
  const { jsonCharactersMax } = EXPRESSION_LIMITS
  test.each([
    ['below', jsonCharactersMax - 1, true],
    ['at', jsonCharactersMax, true],
    ['above', jsonCharactersMax + 1, false],
  ])('%s the limit', (_, length, isFound) => {
    const text = `[1,"${'a'.repeat(length - 6)}"]`
    expect(text).toHaveLength(length)
    expect(findInJson(text, [0])).toBe(isFound ? '1' : undefined)
  })

  test('deeply nested ones are walked and not recursed into', () => {
    const text = `[${'['.repeat(100_000)}${']'.repeat(100_000)},7]`
    expect(findInJson(text, [1])).toBe('7')
  })

  test.each([
    ['a long string', `"${'a'.repeat(900_000)}"`],
    ['a string of escapes', `"${String.raw`\\`.repeat(450_000)}"`],
    ['a string of quotes', `"${String.raw`\"`.repeat(450_000)}"`],
    ['a long number', '1'.repeat(900_000)],
  ])('%s is passed over', (_, value) => {
    expect(findInJson(`{${JSON.stringify('a')}:${value},"b":7}`, ['b'])).toBe('7')
  })

  test('bytes that are not UTF-8 are no JSON', () => {
    expect(findInJson('["\udcff"]', [0])).toBeUndefined()
  })
})
