import { describe, expect, test } from 'vitest'
import { compileResponses } from '#engines/openapi'
import { createResponseValidator, type ResponseParts } from '#engines/openapi/validate'
import { withPaths } from '../documents.ts'

const THING = {
  type: 'object',
  required: ['id', 'name', 'secret'],
  properties: {
    id: { type: 'integer', readOnly: true },
    name: { type: 'string' },
    secret: { type: 'string', writeOnly: true },
  },
}

const json = (schema: object) => ({ 'application/json': { schema } })

const { profile } = compileResponses(
  withPaths({
    '/things': {
      get: {
        responses: {
          200: {
            description: 'All',
            headers: {
              'X-Total': { required: true, schema: { type: 'integer' } },
              'X-Tags': { schema: { type: 'array', items: { type: 'string' }, maxItems: 2 } },
              'Content-Type': { required: true, schema: { enum: ['nonsense'] } },
            },
            content: json({ type: 'array', items: THING }),
          },
          204: { description: 'None', content: json(THING) },
          '4XX': { description: 'Refused', content: { 'application/*': { schema: THING } } },
          404: { description: 'Gone', content: { 'application/xml': { schema: THING } } },
        },
      },
      put: { responses: { default: { description: 'Any', content: json(THING) } } },
      post: { responses: { 200: { description: 'Not described further' } } },
      delete: { responses: { 'x-note': 'nothing said' } },
    },
  }),
)

const NOTHING: ResponseParts = {
  status: 200,
  header: () => null,
  contentType: null,
  body: { kind: 'none' },
}

function bytes(text: string): ResponseParts['body'] {
  return { kind: 'bytes', bytes: new TextEncoder().encode(text) }
}

type Given = {
  readonly status: number
  readonly text?: string
  readonly contentType?: string
  readonly headers?: Readonly<Record<string, string>>
}

function found(key: string, { status, text, contentType, headers = {} }: Given): readonly string[] {
  const violations = createResponseValidator(profile, key)?.validate({
    status,
    header: (name) => headers[name.toLowerCase()] ?? null,
    contentType: contentType ?? 'application/json',
    body: text === undefined ? { kind: 'none' } : bytes(text),
  })
  return (violations ?? []).map(({ location, target, error_detail }) =>
    [location, target, error_detail].join(' '),
  )
}

describe('a response that is described by its status', () => {
  const total = { 'x-total': '1' }

  test.each<readonly [string, Given, readonly string[]]>([
    ['conforms', { status: 200, headers: total, text: '[{"id":1,"name":"a"}]' }, []],
    [
      'lacks a header',
      { status: 200, text: '[]' },
      ['response_header X-Total missing_required_property'],
    ],
    [
      'has headers that do not conform',
      { status: 200, headers: { 'x-total': 'many', 'x-tags': 'a,b,c' }, text: '[]' },
      [
        'response_header X-Total expected:integer',
        'response_header X-Tags invalid_array_item_count',
      ],
    ],
    [
      'has a body that does not conform',
      { status: 200, headers: total, text: '[{"id":"x"}]' },
      [
        'response_body $[0].name missing_required_property',
        'response_body $[0].id expected:integer',
      ],
    ],
    [
      'lacks its body',
      { status: 200, headers: total, text: '' },
      ['response_body $ missing_required_property'],
    ],
    ['may have none, or nobody read it', { status: 200, headers: total }, []],
    [
      'is of another type',
      { status: 200, headers: total, text: 'a', contentType: 'text/plain' },
      ['response_body $ invalid_media_type'],
    ],
    [
      'has a member twice',
      { status: 200, headers: total, text: '[{"id":1,"id":2}]' },
      ['response_body $ invalid_json'],
    ],
    ['never has a body', { status: 204, text: '' }, []],
    [
      'is XML, which is judged by its type',
      { status: 404, text: '<a/>', contentType: 'application/xml' },
      [],
    ],
    [
      'is of a class of statuses',
      { status: 410, text: '{}', contentType: 'application/problem+json' },
      [
        'response_body $.id missing_required_property',
        'response_body $.name missing_required_property',
      ],
    ],
  ])('%s', (_name, given, expected) => {
    expect([...found('GET /things', given)].toSorted()).toEqual([...expected].toSorted())
  })
})

test('a status that is not described is named', () => {
  expect(found('GET /things', { status: 500, text: '{}' })).toEqual([
    'response_status 500 forbidden_value',
  ])
  expect(
    createResponseValidator(profile, 'GET /things')?.validate({ ...NOTHING, status: 301 }),
  ).toEqual([
    {
      location: 'response_status',
      target: '301',
      error_class: 'constraint_violation',
      error_detail: 'forbidden_value',
      message: '301 is not a declared status',
    },
  ])
})

test('default describes all the others', () => {
  expect(found('PUT /things', { status: 503, text: '{"id":1,"name":1}' })).toEqual([
    'response_body $.name expected:string',
  ])
})

test('where nothing is said, nothing is found', () => {
  expect(found('POST /things', { status: 200, text: 'a', contentType: 'text/plain' })).toEqual([])
  expect(createResponseValidator(profile, 'DELETE /things')).toBeNull()
  expect(createResponseValidator(profile, 'PATCH /things')).toBeNull()
})

test('whether a body needs to be read', () => {
  const validator = createResponseValidator(profile, 'GET /things')
  const statuses = [200, 204, 304, 404, 410, 500]
  expect(statuses.filter((status) => validator?.readsBody(status))).toEqual([200, 410])
})

test('findings are bounded', () => {
  const text = JSON.stringify(Array.from({ length: 50 }, () => ({})))
  expect(found('GET /things', { status: 200, text })).toHaveLength(32)
})
