import { expect, test } from 'vitest'
import { compileProfile, warningNumber } from '#engines/openapi'
import { responses, withPaths } from './documents.ts'

test('each warning has a number of its own, which is wire', () => {
  const codes = [
    'unknown_member',
    'invalid_member',
    'media_type_not_validated',
    'format_unknown',
    'keyword_unsupported',
  ] as const
  expect(codes.map(warningNumber)).toEqual([2001, 2002, 2015, 2017, 2018])
})

test('what a document is warned of has one', () => {
  const content = { 'application/xml': {} }
  const { warnings } = compileProfile(
    withPaths({ '/a': { post: { requestBody: { content }, responses } } }),
  )
  expect(warnings.map(({ code }) => warningNumber(code))).toEqual([2015])
})
