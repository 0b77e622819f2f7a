import { describe, expect, test } from 'vitest'
import { compileProfile, type ReadDocument } from '#engines/openapi'
import { createValidator } from '#engines/openapi/validate'
import { responses, withPaths } from '../documents.ts'

function violationsOf(document: ReadDocument, query: string) {
  const result = createValidator(compileProfile(document).profile, 'GET /a')?.validate({
    variables: [],
    query,
    header: () => null,
    cookie: null,
    contentType: null,
    body: { kind: 'none' },
  })
  return result?.violations ?? []
}

describe('an object parameter without members leaves no trace', () => {
  const document = (schema: object, style: string) =>
    withPaths({
      '/a': {
        get: {
          parameters: [{ name: 'p', in: 'query', required: true, style, explode: true, schema }],
          responses,
        },
      },
    })
  const open = { type: 'object', properties: { a: { type: 'integer' } } }
  const needy = { ...open, required: ['a'] }
  const missing = ['missing_required_property']

  test.each([
    ['form', open, '', []],
    ['form', needy, '', missing],
    ['form', { type: 'array', items: {} }, '', missing],
    ['form', open, 'a=x', ['expected:integer']],
    ['deepObject', open, '', []],
    ['deepObject', needy, '', missing],
    ['deepObject', needy, 'p[a]=1', []],
  ])('%s %j ?%s', (style, schema, query, expected) => {
    const violations = violationsOf(document(schema, style), query)
    expect(violations.map(({ error_detail }) => error_detail)).toEqual(expected)
  })
})

describe('a query of as many parameters as the document declares is not too long', () => {
  const names = Array.from({ length: 600 }, (_, index) => `p${index}`)
  const parameters = names.map((name) => ({ name, in: 'query', schema: { type: 'integer' } }))
  const document = withPaths({ '/a': { get: { parameters, responses } } })
  test.each([
    ['all of them', 600, []],
    ['twice as many', 1200, []],
    ['more', 1201, ['query too_many_values']],
  ])('%s', (_name, count, expected) => {
    const query = Array.from({ length: count }, (_, index) => `p${index}=1`).join('&')
    const violations = violationsOf(document, query)
    expect(violations.map(({ target, error_class }) => `${target} ${error_class}`)).toEqual(
      expected,
    )
  })
})
