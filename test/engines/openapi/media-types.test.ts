import { describe, expect, test } from 'vitest'
import {
  compileRanges,
  isJson,
  isValidated,
  parseMediaType,
} from '../../../engines/openapi/media-types.ts'

test.each([
  ['application/json', 'application/json', {}],
  [' Application/JSON ; Charset="UTF-8" ', 'application/json', { charset: 'UTF-8' }],
  ['a/b;c=1;d="x\\"y"', 'a/b', { c: '1', d: 'x"y' }],
  ['a/b;', 'a/b', {}],
])('%s', (header, essence, parameters) => {
  const parsed = parseMediaType(header)
  expect(parsed?.essence).toBe(essence)
  expect(Object.fromEntries(parsed?.parameters ?? [])).toEqual(parameters)
})

test.each([
  '',
  'json',
  'a/',
  '/b',
  'a/b/c',
  'a b/c',
  'a/b, c/d',
  'a/b;c',
  'a/b;c="d',
  'a/b;c=1;C=2',
  `a/${'b'.repeat(511)}`,
])('is none: %s', (header) => {
  expect(parseMediaType(header)).toBeNull()
})

test('the longest that is read has 512 characters', () => {
  expect(parseMediaType(`a/${'b'.repeat(509)}`)).not.toBeNull()
  expect(parseMediaType(`a/${'b'.repeat(510)}`)).not.toBeNull()
})

describe('the most specific range wins', () => {
  test.each([
    ['application/json', 'application/json'],
    ['application/json; v=2', 'application/json;v=2'],
    ['application/json; v=3', 'application/json'],
    ['application/problem+json', 'application/*+json'],
    ['application/xml', 'application/*'],
    ['text/plain', '*/*'],
  ])('%s falls under %s', (sent, range) => {
    const ranges = ['*/*', 'application/*', 'application/*+json', 'application/json;v=1']
    const findRange = compileRanges([...ranges, 'application/json', 'application/json;v=2'])
    expect(findRange(mediaType(sent))).toBe(range)
  })

  test('or the only one there is, or none', () => {
    const findRange = compileRanges(['application/json;v=1', 'nonsense'])
    expect(findRange(mediaType('application/json'))).toBe('application/json;v=1')
    expect(findRange(mediaType('text/plain'))).toBeNull()
  })

  const mediaType = (header: string) => {
    const parsed = parseMediaType(header)
    if (parsed === null) throw new Error(`${header} is no media type`)
    return parsed
  }
})

test('JSON by suffix, and ranges that may hold it', () => {
  expect(isJson('application/problem+json')).toBe(true)
  expect(isJson('text/json')).toBe(true)
  expect(isJson('application/jsonp')).toBe(false)
})

test.each([
  ['*/*', true],
  ['application/*', true],
  ['application/problem+json', true],
  ['application/x-www-form-urlencoded', true],
  ['multipart/form-data', true],
  ['text/plain', true],
  ['text/json', true],
  ['text/*', true],
  ['text/xml', false],
  ['application/xml', false],
  ['application/octet-stream', false],
  ['image/*', false],
])('bodies of %s are looked into: %s', (essence, isLookedInto) => {
  expect(isValidated(essence)).toBe(isLookedInto)
})
