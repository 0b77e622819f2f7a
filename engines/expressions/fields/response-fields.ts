/** Fields of the response: known only after the origin, or the shield itself, has answered. */
import { BOOL, BYTES, INT } from '../types.ts'
import { BYTES_LIST, BYTES_LISTS_BY_NAME, fieldsOf } from './row.ts'

/** https://developers.cloudflare.com/ruleset-engine/rules-language/fields/reference/ (Response) */
export const RESPONSE_FIELDS = [
  ...fieldsOf(BYTES, ['cf.response.error_type', 'http.response.content_type.media_type']),
  ...fieldsOf(INT, ['cf.response.1xxx_code', 'http.response.code']),
  ...fieldsOf(BOOL, ['http.response.headers.truncated']),
  ...fieldsOf(BYTES_LIST, [
    'http.response.headers.names',
    'http.response.headers.values',
    'raw.http.response.headers.names',
    'raw.http.response.headers.values',
  ]),
  ...fieldsOf(BYTES_LISTS_BY_NAME, ['http.response.headers', 'raw.http.response.headers']),
]
