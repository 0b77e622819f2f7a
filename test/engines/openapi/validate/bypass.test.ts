/**
 * What attackers try so that a body is not looked into: none of it works. Each row sends one body that breaks the schema of
 * an operation which takes JSON, in a way that some gateways let pass unvalidated.
 */
import { describe, expect, test } from 'vitest'
import { compileProfile } from '#engines/openapi'
import { createValidator, type RequestParts } from '#engines/openapi/validate'
import { responses, withPaths } from '../documents.ts'

const SCHEMA = {
  type: 'object',
  required: ['temperature'],
  additionalProperties: false,
  properties: { temperature: { type: 'number' } },
}

function operation(content: object) {
  return { post: { requestBody: { required: true, content }, responses } }
}

const { profile } = compileProfile(
  withPaths({
    '/json': operation({ 'application/json': { schema: SCHEMA } }),
    '/any': operation({ '*/*': { schema: SCHEMA } }),
    '/application': operation({ 'application/*': { schema: SCHEMA } }),
  }),
)

const EVIL = '{"temperature":1,"admin":true}'

function isRefused(key: string, contentType: string | null, body: string | Uint8Array): boolean {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const request: RequestParts = {
    variables: [],
    query: '',
    header: () => null,
    cookie: null,
    contentType,
    body: { kind: 'bytes', bytes },
  }
  const violations = createValidator(profile, key)?.validate(request).violations ?? []
  return violations.length > 0
}

/** How a header that came twice reaches a Worker. */
const twice = (first: string, second: string): string => `${first}, ${second}`

const utf16 = (text: string): Uint8Array =>
  Uint8Array.from(text.split('').flatMap((unit) => [unit.charCodeAt(0), 0]))

describe.each(['POST /json', 'POST /any', 'POST /application'])('%s', (key) => {
  test.each<readonly [name: string, contentType: string | null, body: string | Uint8Array]>([
    ['as it should be', 'application/json', EVIL],
    ['no Content-Type', null, EVIL],
    ['an empty one', '', EVIL],
    ['one twice', twice('application/json', 'application/json'), EVIL],
    ['another one first', twice('text/plain', 'application/json'), EVIL],
    ['another one second', twice('application/json', 'text/plain'), EVIL],
    ['upper case', 'APPLICATION/JSON', EVIL],
    ['white space', '  application/json  ', EVIL],
    ['white space inside', 'application / json', EVIL],
    ['a suffix', 'application/vnd.api+json', EVIL],
    ['a suffix behind a suffix', 'application/json+xml', EVIL],
    ['text', 'text/plain', EVIL],
    ['JSON as text', 'text/json', EVIL],
    ['JavaScript', 'application/javascript', EVIL],
    ['JSON lines', 'application/x-ndjson', EVIL],
    ['bytes', 'application/octet-stream', EVIL],
    ['XML', 'application/xml', EVIL],
    ['a made-up type', 'a/b', EVIL],
    ['a form', 'application/x-www-form-urlencoded', 'temperature=1&admin=true'],
    ['JSON that claims to be a form', 'application/x-www-form-urlencoded', EVIL],
    ['JSON that claims to be multipart', 'multipart/form-data; boundary=b', EVIL],
    [
      'multipart',
      'multipart/form-data; boundary=b',
      '--b\r\nContent-Disposition: form-data; name="admin"\r\n\r\n1\r\n--b--\r\n',
    ],
    ['a parameter', 'application/json; version=1', EVIL],
    ['a parameter twice', 'application/json; charset=utf-8; charset=utf-16', EVIL],
    ['UTF-16', 'application/json; charset=utf-16', utf16(EVIL)],
    ['UTF-16 that does not say so', 'application/json', utf16(EVIL)],
    ['UTF-7', 'application/json; charset=utf-7', EVIL],
    ['a quoted charset', 'application/json; charset="utf-8"', EVIL],
    ['a broken parameter', 'application/json; charset', EVIL],
    ['a semicolon and nothing', 'application/json;', EVIL],
    ['a NUL behind the type', 'application/json\u0000', EVIL],
    ['a byte order mark', 'application/json', `\ufeff${EVIL}`],
    ['a member twice', 'application/json', '{"temperature":1,"temperature":"x"}'],
    ['a member twice, escaped', 'application/json', '{"temperature":1,"t\\u0065mperature":"x"}'],
    ['a comment', 'application/json', `/**/${EVIL}`],
    ['two values', 'application/json', `{"temperature":1}${EVIL}`],
    ['a name of prototypes', 'application/json', '{"temperature":1,"__proto__":{"admin":true}}'],
    ['too deep', 'application/json', `${'{"temperature":'.repeat(101)}1${'}'.repeat(101)}`],
    ['nothing but white space', 'application/json', ' '],
  ])('%s is refused', (_name, contentType, body) => {
    expect(isRefused(key, contentType, body)).toBe(true)
  })

  test('what conforms is not', () => {
    expect(isRefused(key, 'application/json', '{"temperature":1}')).toBe(false)
  })
})
