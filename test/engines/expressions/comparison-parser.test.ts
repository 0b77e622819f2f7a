import { compileExpression } from '#engines/expressions'
import { describe, expect, test } from 'vitest'

const NAMES = 'http.request.headers.names'

describe('types: accepted', () => {
  test.each([
    'ssl',
    'not cf.tls_client_auth.cert_verified',
    'http.host lt "m"',
    'ip.src lt 10.0.0.0',
    'tcp.dstport & 1',
    `any(${NAMES}[*] eq "a")`,
    `any(not ${NAMES}[*] eq "a")`,
    `all((${NAMES}[*] eq "a") or (${NAMES}[*] eq "b"))`,
    `any(starts_with(${NAMES}[*], "a"))`,
    `any(lower(${NAMES}[*])[*] contains "a")`,
    `len(${NAMES}) gt 3`,
    `lower(${NAMES}[*])[0] eq "a"`,
    'any(http.request.headers["a"][*] eq "b")',
    'any(http.request.headers[*][*] eq "b")',
    'any(http.request.body.multipart.filenames[*][0] in {"a"})',
    'concat(http.host, "/", http.request.uri.path) eq "a/b"',
    'len(lower(http.host)) gt 1 or any(cf.bot_management.detection_ids[*] in {1..5})',
  ])('%s', (source) => {
    expect(compileExpression(source)).toMatchObject({ ok: true })
  })
})

describe('types: refused', () => {
  test.each([
    ['http.host', 'expected_token'],
    [NAMES, 'expected_token'],
    ['nothing.such eq 1', 'unknown_identifier'],
    ['nothing(http.host) eq 1', 'unknown_identifier'],
    ['lower eq "a"', 'expected_token'],
    ['ssl eq 1', 'unexpected_input'],
    ['ip.src eq "10.0.0.1"', 'invalid_ip'],
    ['ip.src in {"10.0.0.1"}', 'invalid_ip'],
    ['ip.src contains "a"', 'unsupported_operator'],
    ['ip.src eq 10.0.0.0/8', 'invalid_ip'],
    ['ip.src in {10.0.0.1/8}', 'invalid_ip'],
    ['ip.src in {10.0.0.9..10.0.0.1}', 'invalid_range'],
    ['tcp.dstport eq "80"', 'invalid_integer'],
    ['tcp.dstport eq 1..5', 'unexpected_input'],
    ['tcp.dstport in {5..1}', 'invalid_range'],
    ['tcp.dstport eq 089', 'invalid_integer'],
    ['tcp.dstport eq 9223372036854775808', 'invalid_integer'],
    ['tcp.dstport matches "8"', 'unsupported_operator'],
    ['http.host & 1', 'unsupported_operator'],
    ['http.host eq 80', 'invalid_bytes'],
    [`${NAMES} eq "a"`, 'unsupported_operator'],
    [`${NAMES}[*] eq "a"`, 'type_mismatch'],
    [`ssl and ${NAMES}[*] eq "a"`, 'type_mismatch'],
    ['any(ssl)', 'type_mismatch'],
    ['any("a")', 'type_mismatch'],
    [`any(${NAMES})`, 'type_mismatch'],
    ['http.host[0] eq "a"', 'invalid_index'],
    ['http.host[*] eq "a"', 'invalid_index'],
    [`${NAMES}["a"] eq "a"`, 'invalid_index'],
    ['http.request.headers[0] eq "a"', 'invalid_index'],
    ['lower() eq "a"', 'invalid_arguments'],
    ['lower(http.host, http.host) eq "a"', 'invalid_arguments'],
    ['lower(ip.src) eq "a"', 'invalid_arguments'],
    ['starts_with("a", "a")', 'invalid_arguments'],
    ['starts_with(http.host, 1)', 'invalid_arguments'],
    [`concat(http.host, ${NAMES}[*]) eq "a"`, 'invalid_arguments'],
    ['url_decode(http.host, "x") eq "a"', 'invalid_arguments'],
    ['url_decode(http.host, http.host) eq "a"', 'invalid_arguments'],
    ['http.host wildcard "a**"', 'invalid_wildcard'],
    ['http.host matches "("', 'invalid_pattern'],
  ])('%s: %s', (source, code) => {
    expect(compileExpression(source)).toMatchObject({ ok: false, error: { code } })
  })
})
