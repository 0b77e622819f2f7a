import { existsSync, readFileSync } from 'node:fs'
import {
  compileExpression,
  compileValueExpression,
  EXPRESSION_LIMITS,
  renderError,
} from '#engines/expressions'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { EXPRESSION, REQUEST } from './generator.ts'
import { fieldSource } from './support.ts'

const DATA = new URL(
  '../../../../shared/testdata/rules-language/expressions.jsonl',
  import.meta.url,
).pathname

const { expressionCharactersMax } = EXPRESSION_LIMITS

/** Pieces that meet in expressions, so that noise gets past the first character. */
const PIECES = fc.constantFrom(
  ...'( ) [ ] { } * , " \\ # $ ! & | ^ < > = ~ . : - / 0 8 a f x r \n \t é \u{1f600} \udc80'.split(
    ' ',
  ),
  ...'any( all( not lower( len( concat( http.host ssl ip.src tcp.dstport http.request.headers'.split(
    ' ',
  ),
  ...'eq in matches wildcard contains r#" 0x .. 1.1.1.1 ::1 [*] "a" {1..5} $list and or xor'.split(
    ' ',
  ),
)
const NOISE = fc
  .array(fc.oneof(PIECES, fc.constant(' ')), { maxLength: 40 })
  .map((all) => all.join(''))

test('noise is refused with a place inside of it', () => {
  fc.assert(fc.property(fc.oneof(NOISE, fc.string({ unit: 'binary' })), isSane), { numRuns: 3000 })
})

test('damaged expressions are refused with a place inside of them, or decide without breaking', () => {
  fc.assert(
    fc.property(damaged(EXPRESSION), REQUEST, (source, request) => {
      isSane(source)
      const compiled = compileExpression(source)
      if (compiled.ok) expect(compiled.value.evaluate(fieldSource(request))).toBeTypeOf('boolean')
    }),
    { numRuns: 2000 },
  )
})

test('damaged public expressions are refused with a place inside of them', (context) => {
  context.skip(!existsSync(DATA), 'shared/testdata/rules-language is absent')
  const sources = readFileSync(DATA, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => String(JSON.parse(line).expression))
  fc.assert(fc.property(damaged(fc.constantFrom(...sources)), isSane), { numRuns: 2000 })
})

test('a thousand open brackets of any kind are refused and break nothing', () => {
  for (const piece of ['(', 'not ', '!', 'any(', 'lower(', 'concat(http.host,', '[', '{', 'r#']) {
    isSane(piece.repeat(Math.floor(4096 / piece.length)))
    isSane(`http.host${piece.repeat(400)}`)
  }
})

const CALLS = [
  'cidr(ip.src, tcp.dstport, tcp.srcport)',
  'cidr6(ip.src, tcp.dstport)',
  'concat(http.host, http.cookie)',
  'decode_base64(http.host)',
  'encode_base64(http.host, "up")',
  'join(http.request.headers.names, http.host)',
  'lookup_json_integer(http.host, http.cookie, tcp.dstport)',
  'lookup_json_string(http.host, http.cookie, tcp.dstport)',
  'regex_replace(http.host, r"(a|\\W)*", "${1}")',
  'remove_bytes(http.host, http.cookie)',
  'remove_query_args(http.request.uri.query, http.cookie)',
  'sha256(http.host)',
  'split(http.host, "a", 3)',
  'substring(http.host, tcp.dstport, tcp.srcport)',
  'to_string(ip.src)',
  'upper(lower(http.host))',
  'url_decode(http.host, "ur")',
  'uuidv4(http.host)',
  'wildcard_replace(http.host, "*a*", "${2}${1}")',
].map((source) => valueOf(source))
const WILD = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.json(),
  fc.base64String(),
  fc.webQueryParameters(),
)

test('no function breaks, whatever it is given', () => {
  const request = fc.record(
    {
      'http.host': WILD,
      'http.cookie': WILD,
      'http.request.uri.query': WILD,
      'http.request.headers.names': fc.array(WILD, { maxLength: 3 }),
      'tcp.dstport': fc.maxSafeInteger(),
      'tcp.srcport': fc.integer({ min: -9, max: 130 }),
      'ip.src': fc.oneof(fc.ipV4(), fc.ipV6()),
    },
    { requiredKeys: [] },
  )
  fc.assert(
    fc.property(request, fc.constantFrom(...CALLS), (json, compiled) => {
      if (!compiled.ok) throw new Error(compiled.error.message)
      compiled.value.evaluate(fieldSource(json))
    }),
    { numRuns: 1000 },
  )
})

/** Some characters are cut out, and noise is put there. */
function damaged(sources: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc
    .tuple(
      sources,
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(5),
      fc.oneof(PIECES, fc.constant('')),
    )
    .map(([source, where, cut, piece]) => {
      const at = Math.floor(where * source.length)
      return `${source.slice(0, at)}${piece}${source.slice(at + cut)}`
    })
}

function isSane(source: string): void {
  for (const compiled of [compileExpression(source), valueOf(source)]) {
    if (compiled.ok) {
      const printed = compiled.value.print()
      const again = 'type' in compiled.value ? valueOf(printed) : compileExpression(printed)
      if (printed.length <= expressionCharactersMax) {
        expect(again.ok ? again.value.print() : again.error).toBe(printed)
      }
      continue
    }
    const { line, column, length } = compiled.error
    const text = source.split('\n')[line - 1]
    expect(text).toBeDefined()
    expect(column).toBeGreaterThanOrEqual(1)
    expect(column + length - 1).toBeLessThanOrEqual(Math.max(1, (text?.length ?? 0) + 1))
    expect(renderError(source, compiled.error)).toContain('^')
  }
}

function valueOf(source: string) {
  return compileValueExpression(source, { types: ['Bytes', 'Int', 'Ip', 'Bool', 'Array<Bytes>'] })
}
