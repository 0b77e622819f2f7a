import { compileExpression, compileValueExpression, isPhaseName } from '#engines/expressions'
import { describe, expect, test } from 'vitest'

const UUID = '51231d16-01f1-48e3-93f8-91c99e81288e'
const CUSTOM = 'http_request_firewall_custom'

describe('a phase has its fields and functions', () => {
  test.each([
    [CUSTOM, 'http.host eq "a"', null],
    [CUSTOM, 'ssl and http.response.code eq 200', 9],
    ['http_ratelimit', 'http.response.code eq 200', 1],
    ['http_ratelimit_counting', 'http.response.code eq 200', null],
    ['http_response_headers_transform', 'http.response.code eq 200', null],
    [CUSTOM, `not is_jwt_valid("${UUID}")`, null],
    ['http_ratelimit', `is_jwt_present("${UUID}")`, null],
    ['http_ratelimit_counting', `is_jwt_present("${UUID}")`, null],
    ['http_request_transform', `not is_jwt_valid("${UUID}")`, 5],
    ['http_response_headers_transform', `not is_jwt_valid("${UUID}")`, 5],
    ['token_validation', `is_jwt_valid("${UUID}") or not is_jwt_present("${UUID}")`, null],
    [CUSTOM, 'uuidv4(cf.random_seed) eq "a"', 1],
    ['http_request_transform', 'regex_replace(http.host, "a", "b") eq "a"', 1],
    [CUSTOM, 'cidr(ip.src, 24, 64) eq 10.0.0.0', null],
  ] as const)('%s: %s is refused at column %s', (phase, source, column) => {
    const compiled = compileExpression(source, { phase })
    expect(compiled.ok ? null : compiled.error.column).toBe(column)
    if (!compiled.ok) expect(compiled.error.code).toBe('wrong_phase')
  })

  test('without a phase everything is available', () => {
    expect(compileExpression(`http.response.code eq 200 or is_jwt_valid("${UUID}")`).ok).toBe(true)
  })

  test('names of phases from outside', () => {
    expect([
      isPhaseName(CUSTOM),
      isPhaseName('http_request_sanitize'),
      isPhaseName('toString'),
    ]).toEqual([true, false, false])
  })
})

describe('value expressions', () => {
  test.each([
    ['http.request.headers["authorization"][0]', 'Bytes'],
    [' concat(http.host, "/") ', 'Bytes'],
    ['tcp.dstport', 'Int'],
    ['split(http.host, ".", 2)', 'Array<Bytes>'],
    ['lower(http.request.headers.names[*])', 'Array<Bytes>'],
  ] as const)('%s is a value of type %s', (source, type) => {
    const compiled = compileValueExpression(source, { types: ['Bytes', 'Int', 'Array<Bytes>'] })
    expect(compiled.ok && compiled.value.type).toBe(type)
  })

  test.each([
    ['ssl', 'type_mismatch', 1],
    ['http.request.headers', 'type_mismatch', 1],
    ['http.request.headers.names[*]', 'type_mismatch', 1],
    ['http.host eq "a"', 'unexpected_input', 10],
    ['"literal"', 'expected_token', 1],
    ['', 'expected_token', 1],
  ])('%j: %s at %i', (source, code, column) => {
    const compiled = compileValueExpression(source, { types: ['Bytes', 'Int'] })
    expect(compiled).toMatchObject({ ok: false, error: { code, column } })
  })

  test('a rewriting function is used once and not inside another one', () => {
    const types = ['Bytes'] as const
    const phase = 'http_request_transform'
    const once = 'regex_replace(http.host, "^a", "b")'
    expect(compileValueExpression(once, { types, phase }).ok).toBe(true)
    expect(compileValueExpression(`concat(${once}, ${once})`, { types, phase })).toMatchObject({
      ok: false,
      error: { code: 'invalid_arguments', column: 45 },
    })
    const nested = 'wildcard_replace(regex_replace(http.host, "a", "b"), "*", "${1}")'
    expect(compileValueExpression(nested, { types, phase })).toMatchObject({
      ok: false,
      error: { code: 'invalid_arguments', column: 18 },
    })
  })
})
