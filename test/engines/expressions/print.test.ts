import { existsSync, readFileSync } from 'node:fs'
import { compileExpression, compileValueExpression } from '#engines/expressions'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPRESSION, REQUEST } from './generator.ts'
import { fieldSource } from './support.ts'

const UUID = '51231d16-01f1-48e3-93f8-91c99e81288e'
const DATA = new URL(
  '../../../../shared/testdata/rules-language/expressions.jsonl',
  import.meta.url,
).pathname

describe('one spelling', () => {
  test.each([
    ['ssl&&!ssl', 'ssl and not ssl'],
    ['not (ssl or ssl)', 'not (ssl or ssl)'],
    ['((ssl))', 'ssl'],
    ['ssl or (ssl and ssl)', 'ssl or ssl and ssl'],
    ['(ssl or ssl) and ssl', '(ssl or ssl) and ssl'],
    ['ssl or (ssl or ssl)', 'ssl or (ssl or ssl)'],
    ['ip.geoip.country == "X"', 'ip.src.country eq "X"'],
    ['tcp.dstport in {010 0x10..0x1f 5}', 'tcp.dstport in {8 16..31 5}'],
    ['tcp.dstport & 0x0f', 'tcp.dstport bitwise_and 15'],
    ['ip.src in {10.0.0.0/8 1.1.1.1..1.1.1.3 ::1}', 'ip.src in {10.0.0.0/8 1.1.1.1..1.1.1.3 ::1}'],
    ['ip.src in $office', 'ip.src in $office'],
    ['http.host eq 61:ff', String.raw`http.host eq "\x61\xff"`],
    [String.raw`http.host contains r"a\b"`, String.raw`http.host contains "a\\b"`],
    [String.raw`http.host ~ "a\"b"`, 'http.host matches r#"a"b"#'],
    [String.raw`http.host wildcard r"\**"`, String.raw`http.host wildcard "\\**"`],
    ['any(http.request.headers["a"][ * ]=="b")', 'any(http.request.headers["a"][*] eq "b")'],
    ['lower ( http.host ) eq "a"', 'lower(http.host) eq "a"'],
    [
      'has_value(cf.bot_management.detection_ids, 010)',
      'has_value(cf.bot_management.detection_ids, 8)',
    ],
    [
      'has_value(cf.bot_management.detection_ids, 9223372036854775807)',
      'has_value(cf.bot_management.detection_ids, 9223372036854775807)',
    ],
    [`is_jwt_valid("${UUID}")`, `is_jwt_valid("${UUID}")`],
  ])('%s is written %s', (source, expected) => {
    const compiled = compileExpression(source)
    expect(compiled.ok && compiled.value.print()).toBe(expected)
  })

  test('a value expression is written down as well', () => {
    const compiled = compileValueExpression('concat( http.host,"/" )', { types: ['Bytes'] })
    expect(compiled.ok && compiled.value.print()).toBe('concat(http.host, "/")')
  })
})

test('what is read from what was written is written the same, and decides the same', () => {
  fc.assert(
    fc.property(EXPRESSION, REQUEST, (source, request) => {
      const first = compileExpression(source)
      if (!first.ok) throw new Error(`the generator made ${source}: ${first.error.message}`)
      const second = compileExpression(first.value.print())
      if (!second.ok) throw new Error(`${first.value.print()}: ${second.error.message}`)
      expect(second.value.print()).toBe(first.value.print())
      const fields = fieldSource(request)
      expect(second.value.evaluate(fields)).toBe(first.value.evaluate(fields))
    }),
    { numRuns: 500 },
  )
})

test('public expressions are written the same the second time', (context) => {
  context.skip(!existsSync(DATA), 'shared/testdata/rules-language is absent')
  const sources = readFileSync(DATA, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line).expression))
  const printed = sources.flatMap((source) => {
    const compiled = compileExpression(source)
    return compiled.ok ? [compiled.value.print()] : []
  })
  const again = printed.map((source) => {
    const compiled = compileExpression(source)
    return compiled.ok ? compiled.value.print() : compiled.error.message
  })
  expect(again).toEqual(printed)
  expect(printed.length).toBeGreaterThan(150)
})
