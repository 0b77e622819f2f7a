import { compileExpression, EXPRESSION_LIMITS } from '#engines/expressions'
import { describe, expect, test } from 'vitest'
import { fieldSource } from './support.ts'

const EACH = 'http.request.headers.names[*] eq "a"'
const FLAGS = fieldSource({ ssl: true, 'tcp.flags.push': false, 'tcp.flags.reset': true })

describe('precedence: or below xor below and below not', () => {
  test.each([
    ['ssl or ssl and tcp.flags.push', true],
    ['(ssl or ssl) and tcp.flags.push', false],
    ['ssl xor ssl and tcp.flags.push', true],
    ['ssl or ssl xor ssl', true],
    ['(ssl or ssl) xor ssl', false],
    ['not tcp.flags.push and tcp.flags.push', false],
    ['not (tcp.flags.push and tcp.flags.push)', true],
    ['ssl xor ssl xor ssl', true],
    ['ssl && tcp.flags.push || tcp.flags.reset ^^ !ssl', true],
    ['!!ssl', true],
    ['not not tcp.flags.push', false],
  ])('%s is %s', (source, expected) => {
    const compiled = compileExpression(source)
    expect(compiled.ok && compiled.value.evaluate(FLAGS)).toBe(expected)
  })
})

describe('grammar', () => {
  test.each([
    'not(ssl)',
    'ssl\r\nor\nssl',
    'ssl and(ssl)or ssl',
    'http.host eq"a"and ssl',
    'http.host in{"a""b"}',
    'http.host in {}',
    'tcp.dstport in {1..5 7 0x10..0x1f}',
    'tcp.dstport eq 5or ssl',
    'tcp.dstport ge0x10',
    'any ( http.request.headers.names[ * ] eq "a" )',
    'http.request.headers[ "a" ][ 0 ] eq "b"',
    'http.request.headers["a"][0x1] eq "b"',
    'http.host strict wildcard "a*"',
    'any((http.request.headers.names[*] eq "a") and (http.request.headers.names[*] eq "b"))',
    'starts_with ( http.host , "a" )',
    '  ssl\t',
    'http.host eq r##"a"#b"##',
    'http.host eq 0a:FF',
    'ip.src in {10.0.0.0/8 ::1 1.1.1.1..1.1.1.9}',
  ])('accepts %j', (source) => {
    expect(compileExpression(source)).toMatchObject({ ok: true })
  })

  test.each([
    ['', 'expected_token'],
    ['ssl ssl', 'unexpected_input'],
    ['ssl AND ssl', 'unexpected_input'],
    ['ssl\tand ssl', 'unexpected_input'],
    ['ssl and', 'expected_token'],
    ['(ssl', 'expected_token'],
    ['ssl)', 'unexpected_input'],
    ['ssl # comment', 'unexpected_input'],
    ['http.host strict  wildcard "a"', 'expected_token'],
    ['http.host eq "a', 'invalid_string'],
    [String.raw`http.host eq "\q"`, 'invalid_string'],
    [String.raw`http.host eq "\x4"`, 'invalid_string'],
    [String.raw`http.host eq "\400"`, 'invalid_string'],
    ['http.host eq r#"a"', 'invalid_string'],
    ['http.host eq 0a', 'invalid_bytes'],
    ['http.host in "a"', 'expected_token'],
    ['http.host in {"a", "b"}', 'invalid_bytes'],
    ['http.host in {"a"', 'unexpected_input'],
    ['http.host wildcard 61:62', 'expected_token'],
    ['http.host matches 61:62', 'expected_token'],
    ['http.request.headers[-1] eq "b"', 'invalid_index'],
    ['http.request.headers["a"][4294967296] eq "b"', 'invalid_index'],
    ['http.request.headers["a" eq "b"', 'expected_token'],
    ['lower(http.host', 'expected_token'],
    ['lower(http.host,) eq "a"', 'unexpected_input'],
    ['any(http.request.headers.names[*] eq "a" and ssl)', 'expected_token'],
    ['http..host eq "a"', 'expected_token'],
    ['http.host. eq "a"', 'expected_token'],
    ['tcp.dstport eq 1and ssl', 'invalid_integer'],
    ['bit_slice("udp", 1, 2) eq 1', 'unsupported_function'],
    ['ip.src in $', 'invalid_list_name'],
    ['ip.src in $A', 'invalid_list_name'],
    ['ip.src in $a.', 'invalid_list_name'],
  ])('refuses %j: %s', (source, code) => {
    expect(compileExpression(source)).toMatchObject({ ok: false, error: { code } })
  })
})

describe('limits', () => {
  const { expressionCharactersMax, nestingDepthMax, rawStringHashesMax } = EXPRESSION_LIMITS

  test.each([
    ['below', expressionCharactersMax - 1, true],
    ['at', expressionCharactersMax, true],
    ['above', expressionCharactersMax + 1, false],
  ])('an expression %s the length limit', (_, length, isOk) => {
    const head = 'http.host eq "'
    const compiled = compileExpression(`${head}${'a'.repeat(length - head.length - 1)}"`)
    expect(compiled.ok || compiled.error.code).toBe(isOk || 'expression_too_long')
  })

  test.each([
    ['parentheses', (depth: number) => `${'('.repeat(depth)}ssl${')'.repeat(depth)}`],
    ['negations', (depth: number) => `${'not '.repeat(depth)}ssl`],
    ['calls', (depth: number) => `${'lower('.repeat(depth)}http.host${')'.repeat(depth)} eq "a"`],
    ['a quantifier', (depth: number) => `any(${'('.repeat(depth - 1)}${EACH}${')'.repeat(depth)}`],
  ])('nested %s below, at and above the limit', (_, nested) => {
    expect(compileExpression(nested(nestingDepthMax - 1)).ok).toBe(true)
    expect(compileExpression(nested(nestingDepthMax)).ok).toBe(true)
    expect(compileExpression(nested(nestingDepthMax + 1))).toMatchObject({
      ok: false,
      error: { code: 'nesting_too_deep' },
    })
  })

  test.each([
    ['below', rawStringHashesMax - 1, true],
    ['at', rawStringHashesMax, true],
    ['above', rawStringHashesMax + 1, false],
  ])('hashes of a raw string %s the limit', (_, count, isOk) => {
    const hashes = '#'.repeat(count)
    const compiled = compileExpression(`http.host eq r${hashes}"a"${hashes}`)
    expect(compiled.ok || compiled.error.code).toBe(isOk || 'invalid_string')
  })
})
