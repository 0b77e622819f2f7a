import { describe, expect, test } from 'vitest'
import { compileProfile } from '#engines/openapi'
import { createValidator, type RequestParts } from '#engines/openapi/validate'
import { responses, withPaths } from '../documents.ts'

const NO_PARTS: Omit<RequestParts, 'body' | 'contentType'> = {
  variables: [],
  query: '',
  header: () => null,
  cookie: null,
}

const READING = {
  type: 'object',
  required: ['sensor', 'value'],
  additionalProperties: false,
  properties: {
    sensor: { type: 'string', minLength: 1 },
    value: { type: 'number', maximum: 100 },
    tags: { type: 'array', items: { type: 'string' }, maxItems: 2 },
    ids: { type: 'array', items: { type: 'integer' } },
    place: { type: 'object', required: ['room'], properties: { room: { type: 'integer' } } },
    photo: { type: 'string', format: 'binary' },
  },
}

const ENCODING = {
  ids: { style: 'form', explode: false },
  photo: { contentType: 'image/png, image/jpeg' },
}

const FORM = 'application/x-www-form-urlencoded'

const validator = createValidator(
  compileProfile(
    withPaths({
      '/readings': {
        post: {
          requestBody: {
            required: true,
            content: {
              [FORM]: { schema: READING, encoding: ENCODING },
              'multipart/form-data': { schema: READING, encoding: ENCODING },
              'text/plain': { schema: { type: 'integer', minimum: 1 } },
            },
          },
          responses,
        },
      },
    }),
  ).profile,
  'POST /readings',
)

function post(text: string | Uint8Array, contentType: string): readonly string[] {
  const bytes = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const request = { ...NO_PARTS, contentType, body: { kind: 'bytes', bytes } } as const
  const violations = validator?.validate(request).violations ?? []
  return violations.map(({ target, error_class, error_detail }) =>
    [target, error_class, error_detail].join(' '),
  )
}

describe('a URL-encoded form', () => {
  test.each([
    'sensor=a&value=21.5',
    'value=-1&sensor=a+b%20c',
    'sensor=a&value=1&tags=x&tags=y',
    'sensor=a&value=1&tags[]=x&tags[]=y',
    'sensor=a&value=1&tags[1]=x&tags[0]=y',
    'sensor=a&value=1&ids=1,2,3',
    'sensor=a&value=1&place=%7B%22room%22%3A7%7D',
    'sensor=a&value=1&place[room]=7',
    'sensor=12&value=1',
  ])('%s conforms', (text) => {
    expect(post(text, FORM)).toEqual([])
    expect(post(text, `${FORM}; charset=UTF-8`)).toEqual([])
  })

  test.each([
    ['value=1', '$.sensor missing_required missing_required_property'],
    ['sensor=a&value=hot', '$.value invalid_type expected:number'],
    ['sensor=a&value=101', '$.value constraint_violation number_too_big'],
    ['sensor=a&value=1&value=2', '$.value duplicate_value invalid_array_item_count'],
    ['sensor=a&value=1&%76alue=2', '$.value duplicate_value invalid_array_item_count'],
    ['sensor=a&value=1&more=1', '$.more constraint_violation forbidden_value'],
    [
      'sensor=a&value=1&tags=x&tags=y&tags=z',
      '$.tags constraint_violation invalid_array_item_count',
    ],
    [
      'sensor=a&value=1&tags[]=x&tags[]=y&tags[]=z',
      '$.tags constraint_violation invalid_array_item_count',
    ],
    [
      'sensor=a&value=1&place[room]=1&place[room]=2',
      "$['place[room]'] duplicate_value invalid_array_item_count",
    ],
    ['sensor=a&value=1&ids=1,x', '$.ids[1] invalid_type expected:integer'],
    ['sensor=a&value=1&place[room]=x', '$.place.room invalid_type expected:integer'],
    ['sensor=a&value=1&place=%7B', '$.place invalid_syntax invalid_json'],
    ['sensor=%zz&value=1', '$.sensor invalid_syntax invalid_form_urlencoded'],
    ['sensor=%ff&value=1', '$.sensor invalid_encoding invalid_utf8'],
  ])('%s does not', (text, expected) => {
    expect(post(text, FORM)).toContain(expected)
  })

  test.each([
    [999, false],
    [1000, false],
    [1001, true],
  ])('%i members', (count, isRefused) => {
    const text = Array.from({ length: count }, (_, index) => `m${index}=1`).join('&')
    const refused = '$ too_many_values invalid_object_property_count'
    expect(post(text, FORM).includes(refused)).toBe(isRefused)
  })

  test('a charset that is not UTF-8 is refused', () => {
    expect(post('sensor=a&value=1', `${FORM}; charset=utf-7`)).toEqual([
      '$ unsupported_media_type unsupported_media_type_parameter',
    ])
  })
})

type FormPart = readonly [name: string, content: string, more?: string]

function multipart(...parts: readonly FormPart[]): string {
  const written = parts.map(
    ([name, content, more = '']) =>
      `--b\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${content}\r\n`,
  )
  return `${written.join('')}--b--\r\n`
}

describe('a multipart form', () => {
  const type = 'multipart/form-data; boundary=b'
  const sensor: FormPart = ['sensor', 'a']
  const value: FormPart = ['value', '1']
  const png = '; filename="p.png"\r\nContent-Type: image/png'
  const json = '; filename="blob"\r\nContent-Type: application/json'

  test.each<readonly [string, readonly FormPart[]]>([
    ['texts', [sensor, value]],
    ['a list', [sensor, value, ['tags', 'x'], ['tags', 'y']]],
    ['an object as JSON', [sensor, value, ['place', '{"room":7}']]],
    ['a file, whatever is in it', [sensor, value, ['photo', '\u0000\r\n--x', png]]],
    ['an object as a file, as browsers send it', [sensor, value, ['place', '{"room":7}', json]]],
  ])('%s conforms', (_name, parts) => {
    expect(post(multipart(...parts), type)).toEqual([])
  })

  test.each<readonly [string, readonly FormPart[], string]>([
    ['a part missing', [sensor], '$.value missing_required missing_required_property'],
    ['a wrong type', [sensor, ['value', 'hot']], '$.value invalid_type expected:number'],
    ['a part twice', [sensor, value, value], '$.value duplicate_value invalid_array_item_count'],
    [
      'a file of another type',
      [sensor, value, ['photo', 'x', '; filename="p.svg"\r\nContent-Type: image/svg+xml']],
      '$.photo unsupported_media_type invalid_media_type',
    ],
    ['bad JSON', [sensor, value, ['place', '{']], '$.place invalid_syntax invalid_json'],
    [
      'an object that calls itself a file',
      [sensor, value, ['place', '{"room":"x"}', json]],
      '$.place.room invalid_type expected:integer',
    ],
    [
      'a number that calls itself a file',
      [sensor, ['value', '101', png]],
      '$.value constraint_violation number_too_big',
    ],
  ])('%s does not', (_name, parts, expected) => {
    expect(post(multipart(...parts), type)).toContain(expected)
  })

  test('with bytes that are not UTF-8 conforms in a file alone', () => {
    const [before = '', after = ''] = multipart(sensor, value, ['photo', '%', png]).split('%')
    const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
    expect(post(Uint8Array.of(...bytes(before), 0xff, ...bytes(after)), type)).toEqual([])
    const [start = '', end = ''] = multipart(value, ['sensor', '%']).split('%')
    expect(post(Uint8Array.of(...bytes(start), 0xff, ...bytes(end)), type)).toEqual([
      '$.sensor invalid_encoding invalid_utf8',
    ])
  })

  test('of another boundary than it says, or none, does not', () => {
    const broken = ['$ invalid_syntax invalid_form_urlencoded']
    expect(post(multipart(sensor, value), 'multipart/form-data; boundary=c')).toEqual(broken)
    expect(post(multipart(sensor, value), 'multipart/form-data')).toEqual(broken)
  })
})

test.each([
  ['7', []],
  ['0', ['$ constraint_violation number_too_small']],
  ['seven', ['$ invalid_type expected:integer']],
  [new Uint8Array([0xff]), ['$ invalid_encoding invalid_utf8']],
])('the text %s', (text, expected) => {
  expect(post(text, 'text/plain')).toEqual(expected)
})

describe('bodies that are not as their type has it', () => {
  const list = { type: 'array', items: { type: 'string' } }
  const object = { type: 'object', properties: { a: { type: 'integer' } } }
  const content = {
    [FORM]: { schema: object },
    'multipart/form-data': { schema: list },
    'text/csv': { schema: list },
    'text/html': { schema: object },
    'text/json': { schema: object },
  }
  const compiled = compileProfile(
    withPaths({
      '/a': { post: { requestBody: { required: true, content }, responses } },
      '/xml': {
        post: { requestBody: { content: { 'application/xml': { schema: object } } }, responses },
      },
      '/b': { post: { requestBody: { required: true, content: { '': {} } }, responses } },
    }),
  )
  const findings = (key: string, contentType: string | null, text: string) =>
    createValidator(compiled.profile, key)
      ?.validate({
        ...NO_PARTS,
        contentType,
        body: { kind: 'bytes', bytes: new TextEncoder().encode(text) },
      })
      .violations.map(({ target, error_detail }) => `${target} ${error_detail}`)

  test.each([
    ['a form without members is empty', FORM, '', []],
    ['anything else empty is missing', 'text/json', '', ['$ missing_required_property']],
    ['a list has no form', 'multipart/form-data; boundary=b', 'a', []],
    ['nor is CSV written as JSON', 'text/csv', 'a,b', []],
    ['an object as text is JSON', 'text/html', '{"a":1}', []],
    ['and must be', 'text/html', '<a>', ['$ invalid_json']],
    ['JSON by its older name', 'text/json', '{"a":"x"}', ['$.a expected:integer']],
    ['what has no type is JSON', null, '{"a":1}', []],
    ['and must be as well', null, 'a=1', ['$ invalid_json']],
    ['so is what has an empty one', ' ', '{"a":"x"}', ['$.a expected:integer']],
  ])('%s', (_name, contentType, text, expected) => {
    expect(findings('POST /a', contentType, text)).toEqual(expected)
  })

  test('where no JSON is taken, what has no type is refused', () => {
    expect(findings('POST /xml', null, '{"a":1}')).toEqual(['$ invalid_content_type'])
    expect(findings('POST /xml', 'application/xml', '<a>x</a>')).toEqual([])
  })

  test('a content that names no media type says nothing', () => {
    expect(findings('POST /b', null, 'a')).toEqual([])
    expect(findings('POST /b', null, '')).toEqual(['$ missing_required_property'])
  })

  test('what is not looked into is a warning', () => {
    const found = compiled.warnings.map(({ code, message }) => `${code} ${message.split(': ')[1]}`)
    expect(found).toEqual([
      'media_type_not_validated multipart/form-data',
      'media_type_not_validated text/csv',
      'media_type_not_validated application/xml',
      'invalid_member undefined',
    ])
  })
})
