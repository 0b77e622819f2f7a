import { expect, test } from 'vitest'
import { compileResponses } from '#engines/openapi'
import { withPaths } from './documents.ts'

const refused = {
  description: 'No',
  content: { 'application/json': { schema: { type: 'object' } } },
}

/** Any pointer may lead to a response. */
const REFUSED = '#/paths/~1a/get/responses/4xx'

const document = withPaths({
  '/a': {
    get: { responses: { 200: { description: 'Yes' }, '4xx': refused, default: { $ref: REFUSED } } },
    put: { responses: { default: { $ref: REFUSED } } },
    post: {
      responses: {
        201: {
          description: 'Made',
          headers: { Location: { required: true, schema: { type: 'string' } } },
          content: { 'application/xml': {}, 'text/plain': { schema: { type: 'string' } } },
        },
      },
    },
  },
})

test('a response is compiled once, whoever shares it', () => {
  const { operations } = compileResponses(document).profile
  const shared = operations['GET /a']?.['4XX']
  expect(Object.keys(operations['GET /a'] ?? {})).toEqual(['200', '4XX', 'default'])
  expect(shared).toBeDefined()
  expect(operations['GET /a']?.['default']).toBe(shared)
  expect(operations['PUT /a']?.['default']).toBe(shared)
})

test('headers are compiled, and of bodies JSON alone', () => {
  const { profile, warnings } = compileResponses(document)
  expect(profile.operations['GET /a']?.['200']).toEqual({ headers: [], content: null })
  expect(profile.operations['POST /a']?.['201']).toMatchObject({
    headers: [{ in: 'header', name: 'Location', required: true, schema: { type: 'string' } }],
    content: { 'application/xml': null, 'text/plain': null },
  })
  expect(warnings).toEqual([])
})

test('it survives being stored as JSON', () => {
  const { profile } = compileResponses(document)
  expect(JSON.parse(JSON.stringify(profile))).toEqual(profile)
})
