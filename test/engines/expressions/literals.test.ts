/** The cases of wirefilter's own unit tests of literals (`rhs_types/{int,bytes,ip}.rs`), places included. */
import { describe, expect, test } from 'vitest'
import type { Read } from '../../../engines/expressions/lexer.ts'
import {
  readInt,
  readIntRange,
  readIp,
  readIpRange,
} from '../../../engines/expressions/literals.ts'
import { readBytes } from '../../../engines/expressions/string-reader.ts'
import { decodeBytes } from '../../../engines/expressions/values/bytes.ts'

function bytes(...values: readonly number[]): string {
  return decodeBytes(values)
}

/** What was read and what is left, or the text that is to blame. */
function outcome<T>(read: Read<T>, source: string): unknown {
  if (read.ok) return { value: read.value.value, rest: source.slice(read.value.next) }
  const { start, end } = read.error.span
  return { blamed: source.slice(start, end) }
}

describe('integers', () => {
  test.each([
    ['0', { value: 0n, rest: '' }],
    ['0-', { value: 0n, rest: '-' }],
    ['0x1f5+', { value: 501n, rest: '+' }],
    ['0123;', { value: 83n, rest: ';' }],
    ['78!', { value: 78n, rest: '!' }],
    ['0xefg', { value: 239n, rest: 'g' }],
    ['-12-', { value: -12n, rest: '-' }],
    ['-9223372036854775809!', { blamed: '-9223372036854775809' }],
    ['9223372036854775808!', { blamed: '9223372036854775808' }],
    ['10fex', { blamed: '10fe' }],
    ['0x8000000000000000', { blamed: '8000000000000000' }],
    ['089', { blamed: '089' }],
    ['-x', { blamed: 'x' }],
    ['0x;', { blamed: ';' }],
  ])('%s', (source, expected) => {
    expect(outcome(readInt(source, 0), source)).toEqual(expected)
  })

  test.each([
    ['78!', { value: { first: 78n, last: 78n }, rest: '!' }],
    ['0..10', { value: { first: 0n, last: 10n }, rest: '' }],
    ['0123..0xefg', { value: { first: 83n, last: 239n }, rest: 'g' }],
    ['-20..-10', { value: { first: -20n, last: -10n }, rest: '' }],
    ['10..0', { blamed: '10..0' }],
    ['1..', { blamed: '' }],
  ])('%s', (source, expected) => {
    expect(outcome(readIntRange(source, 0), source)).toEqual(expected)
  })
})

describe('bytes', () => {
  test.each([
    ['01:2e:f3-77.12;', { value: bytes(1, 0x2e, 0xf3, 0x77, 0x12), rest: ';' }],
    [String.raw`"s\\t\"r\x0A\000t"`, { value: 's\\t"r\n\0t', rest: '' }],
    ['01:4x;', { blamed: '4x' }],
    ['01;', { blamed: ';' }],
    ['01:;', { blamed: ';' }],
    ['"1', { blamed: '1' }],
    [String.raw`"\n"`, { blamed: 'n' }],
    ['"abcd\\', { blamed: 'abcd\\' }],
    [String.raw`"\01😢"`, { blamed: '01😢' }],
    [String.raw`"\x3😢"`, { blamed: '3😢' }],
    ['12:3😢', { blamed: '3😢' }],
    [String.raw`"\x80"`, { value: bytes(0x80), rest: '' }],
    [String.raw`"\200"`, { value: bytes(0x80), rest: '' }],
    [String.raw`"\377"`, { value: bytes(0xff), rest: '' }],
    [String.raw`"\400"`, { blamed: '400' }],
    ['c2:b4710c', { value: bytes(0xc2, 0xb4), rest: '710c' }],
    ['+a:bb', { value: bytes(0x0a, 0xbb), rest: '' }],
    ['r""', { value: '', rest: '' }],
    ['r##"a"#"##', { value: 'a"#', rest: '' }],
    ['r###"a###"##"###', { value: 'a###"##', rest: '' }],
    ['r#"ab"##', { value: 'ab', rest: '#' }],
    ['r#"ab"#a', { value: 'ab', rest: 'a' }],
    ['r##"a"#', { blamed: '##"a"#' }],
    ['r', { blamed: '' }],
    ['r##ab', { blamed: 'ab' }],
  ])('%s', (source, expected) => {
    expect(outcome(readBytes(source, 0), source)).toEqual(expected)
  })
})

describe('addresses', () => {
  test.each([
    ['12.34.56.78;', ';'],
    ['::', ''],
    ['::12.34.56.78 ', ' '],
    ['1234:5678::/', undefined],
    ['10', undefined],
    ['1.2.3.04', undefined],
  ])('%s leaves %s', (source, rest) => {
    const read = readIp(source, 0)
    expect(read.ok ? source.slice(read.value.next) : undefined).toBe(rest)
  })

  test.each([
    ['10.0.0.1/8;', '10.0.0.1'],
    ['10.0.0.0/99;', '10.0.0.0/99'],
    ['10.0.0.0/999;', '999'],
    ['10.0.0.0/;', ''],
    ['10.0.0/8', '10.0.0'],
    ['1.1.1.2..1.1.1.1', '1.1.1.2..1.1.1.1'],
    ['1.1.1.1..::1', '1.1.1.1..::1'],
    ['1.1.1..1.1.1.1', '1.1.1'],
    ['1.1.1.1..1.1', '1.1'],
    ['x', 'x'],
  ])('%s is wrong at %s', (source, blamed) => {
    expect(outcome(readIpRange(source, 0), source)).toEqual({ blamed })
  })
})
