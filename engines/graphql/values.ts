/** Arguments, values, directives and types (GraphQL, sections 2.6, 2.9, 2.11, 2.12). Nesting is counted, not recursed into. */
import { readName, readToken } from './characters.ts'
import {
  AT,
  BANG,
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  DOLLAR,
  EQUALS,
  MINUS,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  QUOTATION,
  isNameStart,
} from './codes.ts'
import { readNumber } from './numbers.ts'
import { fail, type Scan } from './scan.ts'
import { readString } from './strings.ts'
import { expectName, readKey, refuseToken } from './tokens.ts'

/** Arguments, from after the opening parenthesis to after the closing one. */
export function readArguments(scan: Scan, from: number, isConstant: boolean): number {
  let token = readToken(scan, from)
  do {
    if (--scan.argumentsLeft < 0) return fail(scan, token >> 8, 'too_many_arguments')
    const end = readValue(scan, readKey(scan, token), isConstant)
    if (end < 0) return -1
    token = readToken(scan, end)
  } while ((token & 0xff) !== CLOSE_ROUND)
  return token < 0 ? -1 : token >> 8
}

/** Directives if there are any, from a token; answers the token after them. */
export function readDirectives(scan: Scan, from: number, isConstant: boolean): number {
  let token = from
  while ((token & 0xff) === AT) {
    const nameEnd = expectName(scan, readToken(scan, token >> 8))
    if (nameEnd < 0) return -1
    if (--scan.directivesLeft < 0) return fail(scan, nameEnd, 'too_many_directives')
    token = readToken(scan, nameEnd)
    if ((token & 0xff) === OPEN_ROUND) {
      const end = readArguments(scan, token >> 8, isConstant)
      if (end < 0) return -1
      token = readToken(scan, end)
    }
  }
  return token
}

/** Variable definitions, from after the opening parenthesis to after the closing one. */
export function readVariableDefinitions(scan: Scan, from: number): number {
  let token = readToken(scan, from)
  do {
    if ((token & 0xff) === QUOTATION) {
      const end = readString(scan, token >> 8)
      if (end < 0) return -1
      token = readToken(scan, end)
    }
    if ((token & 0xff) !== DOLLAR) return refuseToken(scan, token)
    token = readType(scan, readKey(scan, readToken(scan, token >> 8)))
    if ((token & 0xff) === EQUALS) {
      const end = readValue(scan, readToken(scan, token >> 8), true)
      if (end < 0) return -1
      token = readToken(scan, end)
    }
    token = readDirectives(scan, token, true)
    if (token < 0) return -1
  } while ((token & 0xff) !== CLOSE_ROUND)
  return token >> 8
}

/** A type reference, from its first token; answers the token after it. */
export function readType(scan: Scan, from: number): number {
  let token = from
  let lists = 0
  while ((token & 0xff) === OPEN_SQUARE) {
    lists += 1
    if (lists > scan.limits.nestingMax) return fail(scan, token >> 8, 'nesting_too_deep')
    token = readToken(scan, token >> 8)
  }
  const nameEnd = expectName(scan, token)
  if (nameEnd < 0) return -1
  token = readToken(scan, nameEnd)
  for (;;) {
    if ((token & 0xff) === BANG) token = readToken(scan, token >> 8)
    if (lists === 0) return token
    if ((token & 0xff) !== CLOSE_SQUARE) return refuseToken(scan, token)
    lists -= 1
    token = readToken(scan, token >> 8)
  }
}

/** A value from its first token to after its last. */
export function readValue(scan: Scan, token: number, isConstant: boolean): number {
  const first = token & 0xff
  return first === OPEN_SQUARE || first === OPEN_CURLY
    ? readNestedValue(scan, token, isConstant)
    : readScalarValue(scan, token, isConstant)
}

/** From the code of an opening bracket to that of its closing one: both pairs are as far apart. */
const TO_CLOSING = 2

function readNestedValue(scan: Scan, from: number, isConstant: boolean): number {
  const { openValues: open } = scan
  let token = from
  let nesting = 0
  for (;;) {
    const first = token & 0xff
    let end = token >> 8
    if (first === OPEN_SQUARE || first === OPEN_CURLY) {
      if (nesting >= scan.limits.nestingMax) return fail(scan, end, 'nesting_too_deep')
      open[nesting] = first + TO_CLOSING
      nesting += 1
    } else {
      end = readScalarValue(scan, token, isConstant)
      if (end < 0) return -1
    }
    // Closes what ends here, up to where another value starts.
    for (;;) {
      if (nesting === 0) return end
      token = readToken(scan, end)
      const closing = open[nesting - 1] ?? 0
      if ((token & 0xff) !== closing) {
        if (closing === CLOSE_CURLY) token = readKey(scan, token)
        break
      }
      nesting -= 1
      end = token >> 8
    }
  }
}

/** A value that is neither list nor object. */
function readScalarValue(scan: Scan, token: number, isConstant: boolean): number {
  const first = token & 0xff
  const after = token >> 8
  if (token < 0) return -1
  if (first >= 0x30 && first <= 0x39) return readNumber(scan, after, first)
  if (isNameStart(first)) return readName(scan, after)
  if (first === QUOTATION) return readString(scan, after)
  if (first === MINUS) return readNumber(scan, after, 0x2d)
  if (first !== DOLLAR) return refuseToken(scan, token)
  if (isConstant) return fail(scan, after - 1, 'variable_in_constant')
  return expectName(scan, readToken(scan, after))
}
