/** What a literal means once the type it meets is known. A string is Bytes everywhere. */
import { ok, type Result } from '#engines/result'
import type { Literal } from './ast.ts'
import type { Fault } from './error.ts'
import { fault } from './lexer.ts'
import { BYTES, INT, IP, type Type } from './types.ts'
import type { Value } from './value.ts'
import { decodeBytes } from './values/bytes.ts'
import { parseInt64 } from './values/int-range.ts'
import { type Ip, parseIp } from './values/ip.ts'

const BYTE_STRING = /^[0-9A-Fa-f]{2}(?:[:.-][0-9A-Fa-f]{2})+$/
const BYTE = /[0-9A-Fa-f]{2}/g

/** A string, or a byte string of at least two bytes such as `0a:ff`. */
export function readBytesLiteral(literal: Literal): Result<string, Fault> {
  if (literal.kind === 'string') return ok(literal.text)
  if (!BYTE_STRING.test(literal.text)) {
    return fault('invalid_bytes', 'expected a string, or bytes such as 0a:ff', literal.span)
  }
  const bytes = [...literal.text.matchAll(BYTE)].map(([byte]) => Number.parseInt(byte, 16))
  return ok(decodeBytes(bytes))
}

/** A 64-bit integer. */
export function readIntLiteral(literal: Literal): Result<bigint, Fault> {
  const value = literal.kind === 'word' ? parseInt64(literal.text) : undefined
  return value === undefined
    ? fault('invalid_integer', 'expected a 64-bit integer', literal.span)
    : ok(value)
}

/** A single address. */
export function readIpLiteral(literal: Literal): Result<Ip, Fault> {
  const value = literal.kind === 'word' ? parseIp(literal.text) : undefined
  return value === undefined
    ? fault('invalid_ip', 'expected an IP address', literal.span)
    : ok(value)
}

/** A literal whose type nothing else tells, as an argument of a call: address, else integer, else bytes. */
export function readAnyLiteral(
  literal: Literal,
): Result<{ readonly value: Value; readonly type: Type }, Fault> {
  const ip = readIpLiteral(literal)
  if (ip.ok) return ok({ value: ip.value, type: IP })
  const int = readIntLiteral(literal)
  if (int.ok) return ok({ value: Number(int.value), type: INT })
  const bytes = readBytesLiteral(literal)
  return bytes.ok ? ok({ value: bytes.value, type: BYTES }) : bytes
}
