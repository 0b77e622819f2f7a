import { describe, expect, test } from 'vitest'
import { compileProfile, type ReadDocument } from '#engines/openapi'
import { createValidator, type RequestParts } from '#engines/openapi/validate'
import { accepted, responses, withBody, withPaths } from '../documents.ts'
import { readVector } from '../testdata.ts'

const none: RequestParts = {
  variables: [],
  query: '',
  header: () => null,
  cookie: null,
  contentType: null,
  body: { kind: 'none' },
}

function validate(document: ReadDocument, key: string, request: Partial<RequestParts>) {
  const validator = createValidator(compileProfile(document).profile, key)
  if (validator === null) throw new Error(`no ${key}`)
  return validator.validate({ ...none, ...request })
}

function bytesOf(body: string | Uint8Array): RequestParts['body'] {
  return { kind: 'bytes', bytes: typeof body === 'string' ? new TextEncoder().encode(body) : body }
}

/** Posts JSON, unless the media type says otherwise, and tells each violation in one line. */
function post(
  document: ReadDocument,
  key: string,
  { text, contentType = 'application/json' }: { text: string | Uint8Array; contentType?: string },
) {
  const { violations } = validate(document, key, { contentType, body: bytesOf(text) })
  return violations.map(({ location, target, error_class, error_detail }) =>
    [location, target, error_class, error_detail].join(' '),
  )
}

describe('the temperature document', () => {
  const document = accepted(readVector('temperature.yaml'))
  const time = '"time":"2026-11-22T10:00:00Z"'
  const body = (text: string | Uint8Array, contentType = 'application/json') =>
    post(document, 'POST /temps', { text, contentType })

  test.each([
    ['a number', `{"temperature":21.5,${time}}`],
    ['a numeric string', `{"temperature":"-3",${time}}`],
    ['lower-case date-time', '{"temperature":1,"time":"2026-11-22t10:00:00.5z"}'],
  ])('passes: %s', (_name, text) => {
    expect(body(text)).toEqual([])
    expect(body(text, 'Application/JSON; charset=UTF-8')).toEqual([])
  })

  test.each([
    [
      'a field too many',
      `{"temperature":1,${time},"x":1}`,
      ['body $.x constraint_violation forbidden_value'],
    ],
    [
      'the wrong type',
      `{"temperature":true,${time}}`,
      ['body $.temperature constraint_violation one_of'],
    ],
    [
      'no number',
      `{"temperature":"warm",${time}}`,
      ['body $.temperature constraint_violation one_of'],
    ],
    [
      'fields missing',
      '{}',
      [
        'body $.temperature missing_required missing_required_property',
        'body $.time missing_required missing_required_property',
      ],
    ],
    [
      'no such day',
      '{"temperature":1,"time":"2026-02-30T10:00:00Z"}',
      ['body $.time constraint_violation format_violation:date-time'],
    ],
    [
      'no offset',
      '{"temperature":1,"time":"2026-02-03T10:00:00"}',
      ['body $.time constraint_violation format_violation:date-time'],
    ],
    [
      'a time that is a number',
      '{"temperature":1,"time":1}',
      ['body $.time invalid_type expected:string'],
    ],
    [
      'everything at once',
      '{"temperature":null,"time":"","__proto__":{}}',
      [
        'body $.temperature constraint_violation one_of',
        'body $.time constraint_violation format_violation:date-time',
        'body $.__proto__ constraint_violation forbidden_value',
      ],
    ],
    ['no object', '[]', ['body $ invalid_type expected:object']],
    ['bad JSON', '{"temperature":1,', ['body $ invalid_syntax invalid_json']],
    [
      'a byte order mark',
      `\uFEFF{"temperature":1,${time}}`,
      ['body $ invalid_syntax invalid_json'],
    ],
    ['bad UTF-8', Uint8Array.of(0x22, 0xc0, 0xae, 0x22), ['body $ invalid_encoding invalid_utf8']],
    [
      'UTF-16',
      Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0x7d, 0),
      ['body $ invalid_encoding invalid_utf8'],
    ],
    [
      'a field twice',
      `{"temperature":1,"temperature":"x",${time}}`,
      ['body $ duplicate_value invalid_json'],
    ],
    [
      'depth 10,000',
      '{"a":'.repeat(10_000) + '1' + '}'.repeat(10_000),
      ['body $ constraint_violation value_too_deep'],
    ],
    [
      'depth 10,000 of arrays, unclosed',
      '['.repeat(10_000),
      ['body $ constraint_violation value_too_deep'],
    ],
    ['1e400', `{"temperature":1e400,${time}}`, ['body $.temperature constraint_violation one_of']],
    ['nothing', '', ['body $ missing_required missing_required_property']],
  ])('refuses: %s', (_name, text, expected) => {
    expect(body(text)).toEqual(expected)
  })

  test.each([
    ['another media type', 'text/plain', 'unsupported_media_type invalid_media_type'],
    [
      'a suffix that is not declared',
      'application/x+json',
      'unsupported_media_type invalid_media_type',
    ],
    ['two media types', 'application/json, text/plain', 'invalid_media_type invalid_content_type'],
    [
      'another charset',
      'application/json; charset=utf-7',
      'unsupported_media_type unsupported_media_type_parameter',
    ],
  ])('refuses: %s', (_name, contentType, expected) => {
    expect(body(`{"temperature":1,${time}}`, contentType)).toEqual([`body $ ${expected}`])
  })

  test('refuses a body too large to be read, and none where one is required', () => {
    const contentType = 'application/json'
    expect(
      validate(document, 'POST /temps', { contentType, body: { kind: 'too_large' } }).violations,
    ).toMatchObject([{ error_class: 'body_size', target: '$' }])
    expect(validate(document, 'POST /temps', {}).violations).toMatchObject([
      { error_class: 'missing_required' },
    ])
  })

  test('reads the limit as an integer', () => {
    expect(getTemps('limit=10')).toEqual({ violations: [], undeclaredQueryParameters: [] })
    expect(getTemps('')).toEqual({ violations: [], undeclaredQueryParameters: [] })
    expect(getTemps('limit=0').violations).toMatchObject([
      { location: 'query', target: 'limit', error_detail: 'number_not_in_range' },
    ])
    expect(getTemps('limit=ten').violations).toMatchObject([
      { error_class: 'invalid_type', error_detail: 'expected:integer' },
    ])
    expect(getTemps('limit=1&limit=2').violations).toMatchObject([
      { error_class: 'duplicate_value' },
    ])
    expect(getTemps('a=1&b%20c=2&__proto__').undeclaredQueryParameters).toEqual([
      'a',
      'b c',
      '__proto__',
    ])
  })

  test('an operation the document does not have has no validator', () => {
    const { profile } = compileProfile(document)
    expect(createValidator(profile, 'PUT /temps')).toBeNull()
    expect(createValidator(profile, 'constructor')).toBeNull()
  })

  test('a profile survives being stored as JSON', () => {
    const { profile } = compileProfile(document)
    const stored = createValidator(JSON.parse(JSON.stringify(profile)), 'POST /temps')
    expect(
      stored?.validate({ ...none, contentType: 'application/json', body: bytesOf('{}') })
        .violations,
    ).toHaveLength(2)
  })
})

describe('the words for each constraint', () => {
  test.each([
    [{ type: ['string', 'null'] }, '1', 'invalid_type expected:one_of'],
    [{ enum: ['a'] }, '1', 'constraint_violation invalid_enum_variant'],
    [{ const: { a: [1] } }, '{"a":[2]}', 'constraint_violation different_const_value'],
    [{ pattern: '^a$' }, '"b"', 'constraint_violation pattern_no_match'],
    [{ minLength: 2 }, '"😀"', 'constraint_violation string_length_not_in_range'],
    [{ minimum: 2 }, '1', 'constraint_violation number_too_small'],
    [{ exclusiveMaximum: 2 }, '2', 'constraint_violation number_too_big'],
    [{ minimum: 1, maximum: 2 }, '3', 'constraint_violation number_not_in_range'],
    [{ multipleOf: 2 }, '3', 'constraint_violation multiple_of'],
    [{ maxItems: 1 }, '[1,2]', 'constraint_violation invalid_array_item_count'],
    [{ contains: { type: 'string' } }, '[1]', 'constraint_violation invalid_array_item_count'],
    [
      { uniqueItems: true },
      '[{"a":1,"b":2},{"b":2,"a":1}]',
      'duplicate_value invalid_array_item_count',
    ],
    [{ maxProperties: 0 }, '{"a":1}', 'constraint_violation invalid_object_property_count'],
    [{ not: {} }, '1', 'constraint_violation not'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, '1', 'constraint_violation any_of'],
    [{ oneOf: [{}, {}] }, '1', 'constraint_violation one_of'],
    [
      { format: 'int32', type: 'integer' },
      '2147483648',
      'constraint_violation format_violation:int32',
    ],
    [false, '1', 'constraint_violation forbidden_value'],
  ])('%j refuses %s', (schema, json, expected) => {
    expect(post(withBody(schema), 'POST /things', { text: json })).toEqual([`body $ ${expected}`])
  })

  test.each([
    [
      'items and members',
      { properties: { items: { items: { properties: { quantity: { type: 'integer' } } } } } },
      '{"items":[{"quantity":"1"}]}',
      '$.items[0].quantity',
    ],
    [
      'odd names',
      { additionalProperties: { type: 'string' } },
      `{"it's odd":1}`,
      String.raw`$['it\'s odd']`,
    ],
  ])('the target names %s', (...[, schema, json, target]) => {
    expect(post(withBody(schema), 'POST /things', { text: json })[0]).toContain(` ${target} `)
  })

  test('targets and reports are bounded', () => {
    const document = withBody({ additionalProperties: false })
    const long = validate(document, 'POST /things', {
      contentType: 'application/json',
      body: bytesOf(`{"${'n'.repeat(10_000)}":1}`),
    })
    expect(long.violations[0]?.target.length).toBeLessThanOrEqual(256)
    const many = JSON.stringify(
      Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`n${index}`, 1])),
    )
    expect(post(document, 'POST /things', { text: many })).toHaveLength(32)
  })

  test('a readOnly property may be sent and may be missing', () => {
    const schema = {
      type: 'object',
      required: ['id'],
      properties: { id: { type: 'string', readOnly: true } },
    }
    expect(post(withBody(schema), 'POST /things', { text: '{}' })).toEqual([])
    expect(post(withBody(schema), 'POST /things', { text: '{"id":"a"}' })).toEqual([])
  })
})

describe('media types of the document', () => {
  const schema = { type: 'object' }
  const document = withPaths({
    '/any': { post: { responses, requestBody: { content: { '*/*': { schema } } } } },
    '/xml': {
      post: {
        responses,
        requestBody: {
          content: { 'application/xml': { schema }, 'application/merge-patch+json': { schema } },
        },
      },
    },
    '/none': { post: { responses } },
  })

  test.each([
    [
      'JSON under */* is validated',
      'POST /any',
      'application/json',
      ['body $ invalid_type expected:object'],
    ],
    [
      'text under */* is read as the schema has it',
      'POST /any',
      'text/plain',
      ['body $ invalid_type expected:object'],
    ],
    [
      'so is what might be JSON behind us',
      'POST /any',
      'application/octet-stream',
      ['body $ invalid_type expected:object'],
    ],
    ['a declared type that is not JSON passes', 'POST /xml', 'application/xml', []],
    [
      'a +json suffix is JSON',
      'POST /xml',
      'application/merge-patch+json',
      ['body $ invalid_type expected:object'],
    ],
    ['an undeclared body is not looked at', 'POST /none', 'application/json', []],
  ])('%s', (...[, key, contentType, expected]) => {
    expect(post(document, key, { text: '[]', contentType })).toEqual(expected)
  })
})

describe('parameters', () => {
  const integers = { type: 'array', items: { type: 'integer' }, maxItems: 3 }
  const document = withPaths(
    {
      '/p/{id}/{list}': {
        get: {
          responses,
          parameters: [
            { name: 'list', in: 'path', required: true, schema: integers },
            { name: 'id', in: 'path', required: true, schema: { $ref: '#/components/schemas/Id' } },
            { name: 'many', in: 'query', schema: integers },
            { name: 'commas', in: 'query', explode: false, schema: integers },
            { name: 'flag', in: 'query', schema: { type: 'boolean' } },
            { name: 'either', in: 'query', schema: { type: ['number', 'string'], maxLength: 3 } },
            { name: 'X-List', in: 'header', required: true, schema: integers },
            { name: 'session', in: 'cookie', schema: { type: 'string', minLength: 2 } },
          ],
        },
      },
    },
    { schemas: { Id: { type: 'integer', format: 'int32' } } },
  )
  const fine = {
    variables: ['1', '1,2'],
    header: (name: string) => (name === 'X-List' ? '1, 2' : null),
  }

  test.each([
    ['all defaults', {}, []],
    ['repeated and comma-separated arrays', { query: 'many=1&many=2&commas=1,2' }, []],
    ['booleans, numbers or text', { query: 'flag=true&either=1000&either2=x' }, []],
    ['text of a union', { query: 'either=abc' }, []],
    [
      'text too long for its branch',
      { query: 'either=abcd' },
      ['query either string_length_not_in_range'],
    ],
    ['plus and percent', { query: 'either=%61+b' }, []],
    ['an item of the wrong type', { query: 'many=1&many=x' }, ['query many expected:integer']],
    ['too many items', { query: 'commas=1,2,3,4' }, ['query commas invalid_array_item_count']],
    [
      'commas given twice',
      { query: 'commas=1&commas=2' },
      ['query commas invalid_array_item_count'],
    ],
    ['1 is no boolean', { query: 'flag=1' }, ['query flag expected:boolean']],
    ['broken escapes', { query: 'flag=%zz' }, ['query flag invalid_ascii']],
    ['escapes that are not UTF-8', { query: 'flag=%ff' }, ['query flag invalid_utf8']],
    [
      'path values by name, not by place',
      { variables: ['x', '1,x'] },
      ['path list expected:integer', 'path id expected:integer'],
    ],
    [
      'a path value out of its format',
      { variables: ['2147483648', '1'] },
      ['path id format_violation:int32'],
    ],
    [
      'hexadecimal and padded numbers are text',
      { variables: ['0x1', ' 1'] },
      ['path list expected:integer', 'path id expected:integer'],
    ],
    ['a missing header', { header: () => null }, ['header X-List missing_required_property']],
    ['a cookie', { cookie: 'a=b; session=ab' }, []],
    ['a quoted, encoded cookie', { cookie: 'session="%61b"' }, []],
    ['a cookie too short', { cookie: 'session=a' }, ['cookie session string_length_not_in_range']],
    [
      'a cookie twice',
      { cookie: 'session=ab;session=cd' },
      ['cookie session invalid_array_item_count'],
    ],
  ])('%s', (_name, request, expected) => {
    const { violations } = validate(document, 'GET /p/{id}/{list}', { ...fine, ...request })
    expect(
      violations.map((each) => `${each.location} ${each.target} ${each.error_detail}`),
    ).toEqual(expected)
  })

  const send = (count: number) =>
    validate(document, 'GET /p/{id}/{list}', { ...fine, query: queryOf(count) }).violations

  test('query parameters are read up to a bound', () => {
    expect(send(511)).toEqual([])
    expect(send(512)).toEqual([])
    expect(send(513)).toMatchObject([{ error_class: 'too_many_values' }])
  })
})

function queryOf(count: number): string {
  return Array.from({ length: count }, (_, index) => `q${index}=1`).join('&')
}

function getTemps(query: string) {
  return validate(accepted(readVector('temperature.yaml')), 'GET /temps', { query })
}
