import { describe, expect, test } from 'vitest'
import { compileProfile } from '#engines/openapi'
import { responses, withBody, withPaths } from './documents.ts'

function converted(schema: unknown, openapi: string, components: object = {}) {
  const { profile, warnings } = compileProfile(withBody(schema, components, openapi))
  const schemas = profile.schemas
  return {
    schema: profile.operations['POST /things']?.body?.content['application/json']?.schema,
    schemas,
    warnings,
  }
}

describe('OpenAPI 3.0 schemas become JSON Schema 2020-12', () => {
  test.each([
    ['nullable beside type', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      'nullable beside allOf',
      { nullable: true, allOf: [{ type: 'string' }] },
      { if: { type: 'null' }, else: { allOf: [{ type: 'string' }] } },
    ],
    ['exclusiveMinimum: true', { minimum: 1, exclusiveMinimum: true }, { exclusiveMinimum: 1 }],
    ['exclusiveMaximum: false', { maximum: 1, exclusiveMaximum: false }, { maximum: 1 }],
    [
      'what only describes',
      {
        type: 'string',
        description: 'd',
        example: 'e',
        default: 'f',
        deprecated: true,
        xml: {},
        'x-a': 1,
      },
      { type: 'string' },
    ],
    [
      'readOnly is not required',
      { required: ['id', 'name'], properties: { id: { type: 'string', readOnly: true } } },
      { required: ['name'], properties: { id: { type: 'string' } } },
    ],
  ])('%s', (_name, schema, expected) => {
    expect(converted(schema, '3.0.3').schema).toEqual(expected)
  })

  test('nothing stands beside a $ref', () => {
    const components = { schemas: { A: { type: 'string' } } }
    expect(
      converted({ $ref: '#/components/schemas/A', maxLength: 1 }, '3.0.3', components).schema,
    ).toEqual({ $ref: '#/$defs/A' })
  })
})

describe('references', () => {
  test('every schema that is referred to stands once, under its name or a free one', () => {
    const components = {
      schemas: {
        A: {
          properties: {
            b: { $ref: '#/components/schemas/b%20%7E1~1' },
            self: { $ref: '#/components/schemas/A' },
          },
        },
        'b ~1/': { type: 'string' },
        unused: {},
      },
    }
    const escaped = JSON.parse(JSON.stringify(components).replace('b%20%7E1~1', 'b%20~01~1'))
    const { schema, schemas } = converted({ $ref: '#/components/schemas/A' }, '3.1.0', escaped)
    expect(schema).toEqual({ $ref: '#/$defs/A' })
    expect(schemas).toEqual({
      A: { properties: { b: { $ref: '#/$defs/schema.1' }, self: { $ref: '#/$defs/A' } } },
      'schema.1': { type: 'string' },
    })
  })

  test('a pointer into a path is one as well', () => {
    const { schemas } = converted(
      {
        type: 'object',
        properties: {
          a: { type: 'string' },
          b: {
            $ref: '#/paths/~1things/post/requestBody/content/application~1json/schema/properties/a',
          },
        },
      },
      '3.1.0',
    )
    expect(schemas).toEqual({ 'schema.0': { type: 'string' } })
  })
})

describe('what cannot be meant as it is written', () => {
  test.each([
    [
      'an enum that no value of the type is in',
      { type: 'string', nullable: true, enum: [3, null] },
      { allOf: [{ anyOf: [{ type: ['string', 'null'] }, { enum: [3, null] }] }] },
      ['enum_contradicts_type'],
    ],
    [
      'a nullable enum without null',
      { type: 'string', nullable: true, enum: ['a'] },
      { type: ['string', 'null'], enum: ['a', null] },
      [],
    ],
    ['one value of the type will do', { type: 'string', enum: ['a', 1] }, null, []],
  ])('%s', (_name, schema, expected, codes) => {
    const { schema: compiled, warnings } = converted(schema, '3.0.3')
    expect(compiled).toEqual(expected ?? schema)
    expect(warnings.map(({ code }) => code)).toEqual(codes)
  })
})

describe('what cannot be enforced is said', () => {
  test.each([
    ['pattern_unsupported', { pattern: '(' }],
    ['format_unknown', { format: 'colour' }],
    ['keyword_unsupported', { $recursiveRef: '#' }],
    ['unresolved_reference', { $dynamicRef: '#a' }],
    ['unresolved_reference', { $ref: '#/components/schemas/none' }],
    ['invalid_member', { minLength: '3' }],
    ['invalid_member', { properties: [] }],
  ])('%s', (code, schema) => {
    const { schema: compiled, warnings } = converted(schema, '3.1.0')
    expect(compiled).toEqual({})
    expect(warnings.map((warning) => warning.code)).toEqual([code])
  })

  test('a parameter whose content is not JSON is there or not, and that is all', () => {
    const parameters = [{ name: 'a', in: 'query', required: true, content: { 'text/csv': {} } }]
    const { profile, warnings } = compileProfile(
      withPaths({ '/a': { get: { parameters, responses } } }),
    )
    expect(profile.operations['GET /a']?.parameters).toMatchObject([
      { name: 'a', required: true, schema: null },
    ])
    expect(warnings.map((warning) => warning.code)).toEqual(['parameter_content_unsupported'])
  })
})

test("an operation's parameter replaces the path's of the same name and place", () => {
  const document = withPaths({
    '/{a}/{b}': {
      parameters: [
        { name: 'a', in: 'path', required: true, schema: { type: 'string' } },
        { name: 'X-Id', in: 'header', schema: { type: 'string' } },
        { name: 'Authorization', in: 'header', schema: { type: 'string' } },
      ],
      get: {
        responses,
        parameters: [{ name: 'x-id', in: 'header', required: true, schema: { type: 'integer' } }],
      },
    },
  })
  expect(compileProfile(document).profile.operations['GET /{a}/{b}']).toEqual({
    path_variables: ['a', 'b'],
    parameters: [
      { in: 'path', name: 'a', required: true, explode: false, schema: { type: 'string' } },
      { in: 'header', name: 'x-id', required: true, explode: false, schema: { type: 'integer' } },
    ],
    body: null,
  })
})
