import { expect, test } from 'vitest'
import {
  findRange,
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

test('the most specific range wins', () => {
  const ranges = ['*/*', 'application/*', 'application/json;v=1']
  expect(findRange('application/json', ranges)).toBe('application/json;v=1')
  expect(findRange('application/xml', ranges)).toBe('application/*')
  expect(findRange('text/plain', ranges)).toBe('*/*')
  expect(findRange('text/plain', ['application/json'])).toBeNull()
})

test('JSON by suffix, and ranges that may hold it', () => {
  expect(isJson('application/problem+json')).toBe(true)
  expect(isJson('application/jsonp')).toBe(false)
})

test.each([
  ['*/*', true],
  ['application/*', true],
  ['application/problem+json', true],
  ['application/x-www-form-urlencoded', true],
  ['multipart/form-data', true],
  ['text/plain', true],
  ['text/*', true],
  ['text/xml', false],
  ['application/xml', false],
  ['application/octet-stream', false],
  ['image/*', false],
])('bodies of %s are looked into: %s', (essence, isLookedInto) => {
  expect(isValidated(essence)).toBe(isLookedInto)
})
