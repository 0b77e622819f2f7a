/**
 * Reads the literals that are not strings: integers, addresses and ranges of them. Which one stands at a place follows
 * from the type it meets, as in `rhs_types/int.rs` and `rhs_types/ip.rs`.
 */
import { ok } from '#engines/result'
import type { Constant } from './ast.ts'
import { fault, faultAt, matchAt, type Read } from './lexer.ts'
import { readBytes } from './string-reader.ts'
import { BYTES, INT, IP } from './types.ts'
import { type IntRange, parseInt64 } from './values/int-range.ts'
import { type Ip, parseIp } from './values/ip.ts'
import { type IpRange, parseIpRange } from './values/ip-range.ts'

/** Digits of any radix are taken together, so that the error covers all of a wrong number. */
const INT_WORD = /(?:0x|-)?[0-9A-Fa-f]*/y
const IP_WORD = /[0-9A-Fa-f:./]+/y

/** A 64-bit integer. */
export function readInt(source: string, at: number): Read<bigint> {
  const word = matchAt(INT_WORD, source, at)
  const prefix = word.startsWith('0x') ? 2 : word.startsWith('-') ? 1 : 0
  if (word.length === prefix) {
    return faultAt('invalid_integer', 'expected digit', { source, at: at + prefix })
  }
  const value = parseInt64(word)
  const next = at + word.length
  if (value !== undefined) return ok({ value, next })
  const start = prefix === 2 ? at + 2 : at
  return fault('invalid_integer', 'expected a 64-bit integer', { start, end: next })
}

/** One integer or `first..last`, both inclusive, in order. */
export function readIntRange(source: string, at: number): Read<IntRange> {
  const first = readInt(source, at)
  if (!first.ok) return first
  const dots = first.value.next
  const last = source.startsWith('..', dots) ? readInt(source, dots + 2) : first
  if (!last.ok) return last
  const { next } = last.value
  return last.value.value < first.value.value
    ? fault('invalid_range', 'incompatible range bounds', { start: at, end: next })
    : ok({ value: { first: first.value.value, last: last.value.value }, next })
}

/** A single address. */
export function readIp(source: string, at: number): Read<Ip> {
  const word = readIpWord(source, at)
  if (!word.ok) return word
  const value = parseIp(word.value.value)
  const { next } = word.value
  return value === undefined
    ? fault('invalid_ip', 'invalid IP address syntax', { start: at, end: next })
    : ok({ value, next })
}

/** An address, a CIDR block, or `first..last` of one family. */
export function readIpRange(source: string, at: number): Read<IpRange> {
  const word = readIpWord(source, at)
  if (!word.ok) return word
  const range = parseIpRange(word.value.value)
  if (range.ok) return ok({ value: range.value, next: word.value.next })
  const { code, message, start, end } = range.error
  return fault(code, message, { start: at + start, end: at + end })
}

/** A literal whose type nothing else tells, as an argument of a call: address, else integer, else bytes. */
export function readAnyLiteral(source: string, at: number): Read<Constant> {
  const ip = readIp(source, at)
  if (ip.ok) return constant(ip.value, { value: ip.value.value, type: IP })
  const int = readInt(source, at)
  if (int.ok) return constant(int.value, { value: Number(int.value.value), type: INT })
  const bytes = readBytes(source, at)
  if (bytes.ok) return constant(bytes.value, { value: bytes.value.value, type: BYTES })
  return faultAt('unexpected_input', 'unrecognised input', { source, at })
}

function readIpWord(source: string, at: number): Read<string> {
  const value = matchAt(IP_WORD, source, at)
  return value === ''
    ? faultAt('invalid_ip', 'expected IP address character', { source, at })
    : ok({ value, next: at + value.length })
}

function constant(
  { next }: { readonly next: number },
  { value, type }: Omit<Constant, 'kind'>,
): Read<Constant> {
  return ok({ value: { kind: 'constant', value, type }, next })
}
