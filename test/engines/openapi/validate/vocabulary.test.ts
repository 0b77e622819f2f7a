/** Every word that the product has for a violation is said by some request, or is listed with the reason why not. */
import { expect, test } from 'vitest'
import { compileProfile } from '#engines/openapi'
import { createValidator, type RequestParts } from '#engines/openapi/validate'
import { responses, withPaths } from '../documents.ts'

/**
 * Cloudflare, application profiles, fields: `error_class` and `error_detail`. Only `all_of` is missing: what fails in a part of
 * `allOf` is said itself, with its own place.
 */
const WORDS = [
  'missing_required missing_required_property',
  'invalid_type expected:array',
  'invalid_type expected:boolean',
  'invalid_type expected:integer',
  'invalid_type expected:null',
  'invalid_type expected:number',
  'invalid_type expected:object',
  'invalid_type expected:string',
  'invalid_type expected:one_of',
  'invalid_encoding invalid_utf8',
  'invalid_encoding invalid_ascii',
  'invalid_syntax invalid_json',
  'invalid_syntax invalid_form_urlencoded',
  'invalid_media_type invalid_content_type',
  'unsupported_media_type invalid_media_type',
  'unsupported_media_type unsupported_media_type_parameter',
  'duplicate_value invalid_json',
  'duplicate_value invalid_array_item_count',
  'too_many_values invalid_array_item_count',
  'too_many_values invalid_object_property_count',
  'body_size invalid_length',
  'constraint_violation invalid_object_property_count',
  'constraint_violation invalid_array_item_count',
  'constraint_violation not',
  'constraint_violation any_of',
  'constraint_violation one_of',
  'constraint_violation invalid_enum_variant',
  'constraint_violation forbidden_value',
  'constraint_violation number_too_small',
  'constraint_violation number_too_big',
  'constraint_violation number_not_in_range',
  'constraint_violation string_length_not_in_range',
  'constraint_violation different_const_value',
  'constraint_violation multiple_of',
  'constraint_violation pattern_no_match',
  'constraint_violation value_too_deep',
  'constraint_violation format_violation:email',
]

const SCHEMA = {
  type: 'object',
  properties: {
    array: { type: 'array', maxItems: 1, uniqueItems: true },
    boolean: { type: 'boolean' },
    integer: { type: 'integer', minimum: 1, maximum: 9 },
    null: { type: 'null' },
    number: { type: 'number', minimum: 1, multipleOf: 0.5 },
    object: { type: 'object', required: ['a'], maxProperties: 1 },
    string: { type: 'string', minLength: 2, pattern: '^a' },
    two: { type: ['string', 'integer'] },
    most: { maximum: 1 },
    enum: { enum: [1] },
    const: { const: 1 },
    not: { not: { type: 'integer' } },
    any: { anyOf: [{ type: 'string' }, { type: 'null' }] },
    one: { oneOf: [{ type: 'integer' }, { type: 'number' }] },
    email: { type: 'string', format: 'email' },
  },
  additionalProperties: false,
}

const FORM = 'application/x-www-form-urlencoded'
const content = { 'application/json': { schema: SCHEMA }, [FORM]: { schema: SCHEMA } }
const parameters = [{ name: 'p', in: 'query', schema: { type: 'string' } }]

const validator = createValidator(
  compileProfile(
    withPaths({
      '/a': { post: { parameters, requestBody: { required: true, content }, responses } },
    }),
  ).profile,
  'POST /a',
)

function said(
  request: Partial<Omit<RequestParts, 'body'>>,
  body: string | Uint8Array,
): readonly string[] {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const result = validator?.validate({
    variables: [],
    query: '',
    header: () => null,
    cookie: null,
    contentType: 'application/json',
    ...request,
    body: { kind: 'bytes', bytes },
  })
  return (result?.violations ?? []).map(
    ({ error_class, error_detail }) => `${error_class} ${error_detail}`,
  )
}

test('all of them', () => {
  const wrong = Object.fromEntries(
    ['array', 'boolean', 'integer', 'null', 'number', 'object', 'string', 'two'].map((name) => [
      name,
      name === 'boolean' || name === 'two' ? [] : true,
    ]),
  )
  const bodies = [
    wrong,
    { integer: 0, number: 0.75, object: { b: 1, c: 2 }, string: 'b', more: 1, most: 2 },
    { enum: 2, const: 2, not: 1, any: 1, one: 1, email: 'a', array: [1, 1] },
    { number: 0 },
  ].map((body) => said({}, JSON.stringify(body)))
  const tooLarge = validator?.validate({
    variables: [],
    query: '',
    header: () => null,
    cookie: null,
    contentType: 'application/json',
    body: { kind: 'too_large' },
  })
  const all = new Set([
    ...bodies.flat(),
    ...said({}, ''),
    ...said({}, Uint8Array.of(0xff)),
    ...said({ query: 'p=%zz' }, '{}'),
    ...said({ query: 'p=1&p=2' }, '{}'),
    ...said({ query: 'a=1&'.repeat(513) }, '{}'),
    ...said({}, '{'),
    ...said({}, '{"two":1,"two":1}'),
    ...said({}, '['.repeat(200)),
    ...said({ contentType: FORM }, 'a=%zz'),
    ...said({ contentType: FORM }, 'a=1&'.repeat(1001)),
    ...said({ contentType: 'a' }, '{}'),
    ...said({ contentType: 'text/plain' }, '{}'),
    ...said({ contentType: 'application/json; charset=utf-16' }, '{}'),
    ...(tooLarge?.violations ?? []).map((each) => `${each.error_class} ${each.error_detail}`),
  ])
  expect(WORDS.filter((word) => !all.has(word))).toEqual([])
  expect([...all].filter((word) => !WORDS.includes(word))).toEqual([])
})
