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

test('a response that several statuses and operations share stands once', () => {
  const { operations, responses } = compileResponses(document).profile
  expect(operations['GET /a']).toEqual({ 200: 0, '4XX': 1, default: 1 })
  expect(operations['PUT /a']).toEqual({ default: 1 })
  expect(responses).toHaveLength(3)
})

test('headers are compiled, and of bodies JSON alone', () => {
  const { profile, warnings } = compileResponses(document)
  expect(profile.responses[0]).toEqual({ headers: [], content: null })
  expect(profile.responses[2]).toMatchObject({
    headers: [{ in: 'header', name: 'Location', required: true, schema: { type: 'string' } }],
    content: { 'application/xml': null, 'text/plain': null },
  })
  expect(warnings).toEqual([])
})

test('it survives being stored as JSON', () => {
  const { profile } = compileResponses(document)
  expect(JSON.parse(JSON.stringify(profile))).toEqual(profile)
})
