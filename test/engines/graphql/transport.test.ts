/** A document counts wherever a server would find it, and one in two places counts as none. */
import { describe, expect, test } from 'vitest'
import { describeRequest } from './support.ts'

const QUERY = 'query A($v:Int){a b} query B{c}'
const JSON_BODY = JSON.stringify({ query: QUERY, operationName: 'B' })
const inUrl = (members: { readonly [name: string]: string }) =>
  new URLSearchParams(members).toString()

describe('carriers', () => {
  test.each([
    ['POST JSON', { body: JSON_BODY }],
    [
      'parameters of the media type',
      { body: JSON_BODY, contentType: 'Application/JSON; charset=utf-8' },
    ],
    ['a media type that is JSON', { body: JSON_BODY, contentType: 'application/graphql+json' }],
    [
      'the part `operations` of a multipart request',
      { body: JSON_BODY, contentType: 'multipart/form-data; boundary=x' },
    ],
    ['a byte order mark', { body: `\ufeff${JSON_BODY}` }],
    [
      'a raw document, named in the URL',
      { body: QUERY, contentType: 'application/graphql', query: 'operationName=B' },
    ],
    [
      'GET',
      { method: 'GET', query: inUrl({ query: QUERY, operationName: 'B', variables: '{"v":1}' }) },
    ],
    ['the URL of a POST without a body', { query: inUrl({ query: QUERY, operationName: 'B' }) }],
    [
      'a form',
      {
        body: inUrl({ query: QUERY, operationName: 'B' }),
        contentType: 'application/x-www-form-urlencoded',
      },
    ],
  ])('%s', (_name, request) => {
    expect(describeRequest(request)).toMatchObject({
      parsed_successfully: true,
      query_size: 1,
      operation_name: 'B',
    })
  })

  test('a raw document that nobody names an operation of', () => {
    const request = { body: ` ${QUERY}\n`, contentType: 'application/graphql' }
    expect(describeRequest(request)).toMatchObject({ query_size: 2, operation_name: 'A' })
  })

  test('names in the URL and in JSON: the largest operation counts', () => {
    expect(describeRequest({ body: JSON_BODY, query: 'operationName=B' })).toMatchObject({
      operation_name: 'A',
    })
  })
})

test.each([
  ['unsupported_method', { method: 'PUT', body: JSON_BODY }],
  ['body_missing', {}],
  ['body_missing', { body: '' }],
  ['unsupported_content_type', { body: JSON_BODY, contentType: 'text/plain' }],
  ['unsupported_content_type', { body: JSON_BODY, contentType: null }],
  ['ambiguous_query', { body: JSON_BODY, query: 'query={a}' }],
  ['ambiguous_query', { body: JSON_BODY, query: 'extensions={}' }],
  ['query_missing', { method: 'GET' }],
  ['query_missing', { method: 'GET', query: 'a=b' }],
  ['duplicate_member', { method: 'GET', query: 'query={a}&query={b}' }],
  ['duplicate_member', { method: 'GET', query: 'query={a}&variables={}&variables={}' }],
  ['invalid_json', { method: 'GET', query: 'query={a}&variables={' }],
  ['unexpected_end', { method: 'GET', query: 'query={a' }],
  ['empty_document', { method: 'GET', query: 'query=' }],
  ['body_too_large', { method: 'GET', query: `query={${'a '.repeat(200_000)}}` }],
  ['unexpected_character', { body: '{a}\u0000', contentType: 'application/graphql' }],
])('%s: %j', (reason, request) => {
  expect(describeRequest(request)).toMatchObject({
    parsed_successfully: false,
    reason,
    query_size: 0,
    operations: [],
  })
})
