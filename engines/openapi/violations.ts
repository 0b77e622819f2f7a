/**
 * The closed vocabulary of what can be wrong with a request.
 *
 * Promises the words of Cloudflare's schema validation (`error_class`, `error_detail`); the message is
 * ours. Each kind of finding has one row here and nothing else chooses the words.
 */

type ErrorClass =
  | 'missing_required'
  | 'invalid_type'
  | 'invalid_encoding'
  | 'invalid_syntax'
  | 'invalid_media_type'
  | 'unsupported_media_type'
  | 'duplicate_value'
  | 'too_many_values'
  | 'constraint_violation'
  | 'body_size'

type ViolationLocation = 'path' | 'query' | 'header' | 'cookie' | 'body'

export type ResponseLocation = 'response_status' | 'response_header' | 'response_body'

export type Violation<Location extends string = ViolationLocation> = {
  readonly location: Location
  /** Parameter or header name, or in a body `$.items[0].quantity`; `$` is the whole body. */
  readonly target: string
  readonly error_class: ErrorClass
  readonly error_detail: string
  readonly message: string
}

type Words = {
  readonly error_class: ErrorClass
  readonly error_detail: string
  readonly message: string
}

const constraint = 'constraint_violation'

/** Kind of finding to its words; `{}` in detail or message is replaced by the finding's argument. */
const words = {
  status: {
    error_class: constraint,
    error_detail: 'forbidden_value',
    message: 'is not a declared status',
  },
  missing: {
    error_class: 'missing_required',
    error_detail: 'missing_required_property',
    message: 'is required',
  },
  type: { error_class: 'invalid_type', error_detail: 'expected:{}', message: 'must be {}' },
  not_utf8: {
    error_class: 'invalid_encoding',
    error_detail: 'invalid_utf8',
    message: 'is not UTF-8',
  },
  bad_escape: {
    error_class: 'invalid_encoding',
    error_detail: 'invalid_ascii',
    message: 'has a broken percent-encoding',
  },
  bad_json: { error_class: 'invalid_syntax', error_detail: 'invalid_json', message: 'is not JSON' },
  bad_form: {
    error_class: 'invalid_syntax',
    error_detail: 'invalid_form_urlencoded',
    message: 'is not a form of the type it claims',
  },
  duplicate_key: {
    error_class: 'duplicate_value',
    error_detail: 'invalid_json',
    message: 'has two members named {}',
  },
  too_many_keys: {
    error_class: 'too_many_values',
    error_detail: 'invalid_object_property_count',
    message: 'has more than {} members',
  },
  too_deep: {
    error_class: constraint,
    error_detail: 'value_too_deep',
    message: 'is nested too deeply',
  },
  too_large: {
    error_class: 'body_size',
    error_detail: 'invalid_length',
    message: 'is too large to be checked',
  },
  bad_content_type: {
    error_class: 'invalid_media_type',
    error_detail: 'invalid_content_type',
    message: 'has no valid Content-Type',
  },
  media_type: {
    error_class: 'unsupported_media_type',
    error_detail: 'invalid_media_type',
    message: 'has a media type that is not declared',
  },
  media_type_parameter: {
    error_class: 'unsupported_media_type',
    error_detail: 'unsupported_media_type_parameter',
    message: 'must be UTF-8',
  },
  repeated: {
    error_class: 'duplicate_value',
    error_detail: 'invalid_array_item_count',
    message: 'must be given once',
  },
  too_many_parameters: {
    error_class: 'too_many_values',
    error_detail: 'invalid_array_item_count',
    message: 'has more than {} parameters',
  },
  enum: {
    error_class: constraint,
    error_detail: 'invalid_enum_variant',
    message: 'is not one of the allowed values',
  },
  const: {
    error_class: constraint,
    error_detail: 'different_const_value',
    message: 'is not the allowed value',
  },
  format: {
    error_class: constraint,
    error_detail: 'format_violation:{}',
    message: 'is not a valid {}',
  },
  pattern: {
    error_class: constraint,
    error_detail: 'pattern_no_match',
    message: 'does not match the pattern',
  },
  length: {
    error_class: constraint,
    error_detail: 'string_length_not_in_range',
    message: 'is too short or too long',
  },
  too_small: { error_class: constraint, error_detail: 'number_too_small', message: 'is too small' },
  too_big: { error_class: constraint, error_detail: 'number_too_big', message: 'is too big' },
  not_in_range: {
    error_class: constraint,
    error_detail: 'number_not_in_range',
    message: 'is out of range',
  },
  multiple_of: {
    error_class: constraint,
    error_detail: 'multiple_of',
    message: 'is not a multiple of {}',
  },
  item_count: {
    error_class: constraint,
    error_detail: 'invalid_array_item_count',
    message: 'has too few or too many items',
  },
  repeated_item: {
    error_class: 'duplicate_value',
    error_detail: 'invalid_array_item_count',
    message: 'has an item twice',
  },
  property_count: {
    error_class: constraint,
    error_detail: 'invalid_object_property_count',
    message: 'has too few or too many members',
  },
  forbidden: {
    error_class: constraint,
    error_detail: 'forbidden_value',
    message: 'is not allowed',
  },
  not: { error_class: constraint, error_detail: 'not', message: 'matches what is excluded' },
  any_of: {
    error_class: constraint,
    error_detail: 'any_of',
    message: 'matches none of the alternatives',
  },
  one_of: {
    error_class: constraint,
    error_detail: 'one_of',
    message: 'does not match exactly one alternative',
  },
} as const satisfies { readonly [kind: string]: Words }

export type FindingKind = keyof typeof words

/** Puts a finding at a target into words. */
export function violation<Location extends string>(
  kind: FindingKind,
  where: { readonly location: Location; readonly target: string },
  argument = '',
): Violation<Location> {
  const { error_class, error_detail, message } = words[kind]
  return {
    location: where.location,
    target: where.target,
    error_class,
    error_detail: error_detail.replace('{}', () => argument),
    message: `${where.target} ${message.replace('{}', () => argument)}`,
  }
}
