/** `rules check` and `rules eval`: a row out for every row in. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cliLimits } from '../../cli/limits.ts'
import { jsonLines, runCommand } from './command-line.ts'

const check = (...rows: readonly unknown[]) => runCommand(['rules', 'check'], jsonLines(rows))
const evaluate = (...rows: readonly unknown[]) => runCommand(['rules', 'eval'], jsonLines(rows))

describe('rules check', () => {
  test('what an expression reads, as it is written', async () => {
    const expression = 'any(http.request.headers["a"][*] eq "b") and ip.geoip.country in {"T1"}'
    expect(await check({ expression })).toMatchObject({
      exitCode: 0,
      rows: [{ ok: true, uses: ['http.request.headers["a"]', 'ip.src.country'] }],
      messages: [],
    })
  })

  test('the place of an error, and exit 1', async () => {
    const { exitCode, rows } = await check(
      { expression: 'http.host eq "a"\n  and nope' },
      { expression: 'ssl' },
    )
    expect(exitCode).toBe(1)
    expect(rows).toEqual([
      { ok: false, error: { message: expect.any(String), line: 2, column: 7 } },
      { ok: true, uses: ['ssl'] },
    ])
  })

  test('what can never be true is a warning and no finding', async () => {
    const { exitCode, rows } = await check({ expression: 'cf.threat_score gt 10' })
    expect(exitCode).toBe(0)
    expect(rows[0]).toMatchObject({ ok: true, warnings: [expect.stringContaining('threat_score')] })
  })

  test('the phase counts', async () => {
    const expression = 'http.response.code eq 200'
    const { exitCode, rows } = await check(
      { expression, phase: 'http_request_firewall_custom' },
      { expression, phase: 'http_response_headers_transform' },
    )
    expect(exitCode).toBe(1)
    expect(rows).toMatchObject([{ ok: false }, { ok: true }])
  })

  test.each([
    ['no lists: any name will do', undefined, true],
    ['the list is there', { a: { kind: 'ip' } }, true],
    ['the list is not there', {}, false],
    ['the list is of another kind', { a: { kind: 'asn' } }, false],
  ])('named lists: %s', async (_name, lists, isTaken) => {
    const { rows } = await check({ expression: 'ip.src in $a', lists })
    expect(rows).toMatchObject([isTaken ? { ok: true, uses: ['ip.src', '$a'] } : { ok: false }])
  })
})

describe('rules eval', () => {
  test.each([
    ['text', 'http.host eq "a"', { 'http.host': 'a' }, true],
    ['a number', 'cf.bot_management.score lt 10', { 'cf.bot_management.score': 9 }, true],
    ['an address', 'ip.src in {10.0.0.0/8}', { 'ip.src': '11.0.0.1' }, false],
    [
      'an array',
      'any(http.request.headers.names[*] eq "b")',
      { 'http.request.headers.names': ['a', 'b'] },
      true,
    ],
    [
      'a map',
      'http.request.headers["a"][1] eq "y"',
      { 'http.request.headers': { a: ['x', 'y'] } },
      true,
    ],
    ['a former name', 'ip.geoip.country eq "T1"', { 'ip.src.country': 'T1' }, true],
    ['bytes that are no text', 'http.host eq "\\xff"', { 'http.host': '\udcff' }, true],
    ['a field that is not given', 'ip.src.country eq "T1"', {}, false],
    ['a field that is null', 'ip.src.country eq "T1"', { 'ip.src.country': null }, false],
    ['a text', 'lower(http.host)', { 'http.host': 'A' }, 'a'],
    ['a length', 'len(http.host)', { 'http.host': 'abc' }, 3],
    [
      'an array of texts',
      'http.request.headers["a"]',
      { 'http.request.headers': { a: ['x'] } },
      ['x'],
    ],
    ['a missing value', 'http.request.headers["a"][0]', { 'http.request.headers': {} }, null],
  ])('%s', async (_name, expression, fields, value) => {
    expect(await evaluate({ expression, fields })).toMatchObject({
      exitCode: 0,
      rows: [{ ok: true, value }],
      messages: [],
    })
  })

  test('a named list with its items', async () => {
    const lists = { office: { kind: 'ip', items: ['192.0.2.0/24'] } }
    const fields = { 'ip.src': '192.0.2.7' }
    const { rows } = await evaluate({ expression: 'ip.src in $office', fields, lists })
    expect(rows).toEqual([{ ok: true, value: true }])
  })

  test('an expression that is refused is a finding', async () => {
    expect(await evaluate({ expression: 'http.host eq' })).toMatchObject({
      exitCode: 1,
      rows: [{ ok: false, error: { line: 1, column: 13 } }],
    })
  })

  test('verdicts of wirefilter', async () => {
    const path = new URL('../vectors/rules-language/wirefilter-unit-tests.jsonl', import.meta.url)
    const rows = readFileSync(path.pathname, 'utf8').trimEnd().split('\n')
    const cases = rows.filter((row) => row.includes('"expected"'))
    const run = await runCommand(['rules', 'eval'], cases.join('\n'))
    const expected = cases.map((row) => ({ ok: true, value: JSON.parse(row).expected }))
    expect(run).toMatchObject({ exitCode: 0, rows: expected })
  })
})

describe('a line that is not understood is answered, told, and makes exit 2; the rest goes on', () => {
  test.each([
    ['x', 'this is not JSON'],
    ['[]', 'this is not a JSON object'],
    ['{}', 'expression must be text'],
    ['{"expression":1}', 'expression must be text'],
    ['{"expression":"ssl","phase":"nowhere"}', 'there is no phase "nowhere"'],
    ['{"expression":"ssl","phase":7}', 'there is no phase 7'],
    ['{"expression":"ssl","lists":[]}', 'lists must be an object'],
    [
      '{"expression":"ssl","lists":{"a":{}}}',
      'lists.a: kind must be ip, hostname, asn or redirect',
    ],
    ['{"expression":"ssl","lists":{"a":{"kind":"ip","items":[null]}}}', 'lists.a: items must be'],
    ['{"expression":"ssl","lists":{"a":{"kind":"ip","items":["x"]}}}', 'lists.a: item 0: '],
  ])('%s', async (line, message) => {
    for (const command of ['check', 'eval']) {
      const input = `\n${line}\n{"expression":"ssl","fields":{"ssl":true}}\n`
      const run = await runCommand(['rules', command], input)
      expect(run).toMatchObject({ exitCode: 2, rows: [{ ok: false }, { ok: true }] })
      expect(run.messages).toEqual([expect.stringContaining(`line 2: ${message}`)])
    }
  })

  test.each([
    [{ fields: [] }, 'fields must be an object'],
    [{ fields: { nope: 1 } }, 'there is no field nope'],
    [{ fields: { ssl: 'yes' } }, "the value of ssl is not of the field's type"],
  ])('%j', async (members, message) => {
    const run = await evaluate({ expression: 'ssl', ...members })
    expect(run.messages).toEqual([`line 1: ${message}`])
    expect(run).toMatchObject({
      exitCode: 2,
      rows: [{ ok: false, error: { message: `line 1: ${message}` } }],
    })
  })

  test.each([
    ['below', -1, 0],
    ['at', 0, 0],
    ['above', 1, 2],
  ])('a line %s the bound', async (_name, more, exitCode) => {
    const start = '{"expression":"ssl","fields":{},"note":"'
    const length = cliLimits.inputLineCharactersMax + more
    const line = `${start}${'x'.repeat(length - start.length - 2)}"}`
    expect(line).toHaveLength(length)
    expect((await runCommand(['rules', 'eval'], `${line}\n`)).exitCode).toBe(exitCode)
  })

  test('characters that are cut in two by chunks are whole again', async () => {
    const bytes = new TextEncoder().encode('{"expression":"http.host","fields":{"http.host":"é"}}')
    const chunks = Array.from(bytes, (byte) => Uint8Array.of(byte))
    const { rows } = await runCommand(['rules', 'eval'], chunks)
    expect(rows).toEqual([{ ok: true, value: 'é' }])
  })
})
