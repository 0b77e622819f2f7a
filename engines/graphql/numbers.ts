/** Numbers (GraphQL, sections 2.9.1 and 2.9.2): an automaton over their characters, for they may be escaped in JSON. */
import { readUnit } from './characters.ts'
import { CODES, isNamePart, NONE } from './codes.ts'
import { fail, type Scan } from './scan.ts'

// The columns of the automaton.
const ZERO = 0
const NONZERO = 1
const POINT = 2
const EXPONENT = 3
const MINUS = 4
const PLUS = 5

const REFUSED = -1
/** By state: where a character of each column leads. */
const NEXT: readonly (readonly number[])[] = [
  /* 0 start        */ [2, 3, REFUSED, REFUSED, 1, REFUSED],
  /* 1 minus        */ [2, 3, REFUSED, REFUSED, REFUSED, REFUSED],
  /* 2 leading zero */ [REFUSED, REFUSED, 4, 6, REFUSED, REFUSED],
  /* 3 integer      */ [3, 3, 4, 6, REFUSED, REFUSED],
  /* 4 point        */ [5, 5, REFUSED, REFUSED, REFUSED, REFUSED],
  /* 5 fraction     */ [5, 5, REFUSED, 6, REFUSED, REFUSED],
  /* 6 exponent     */ [8, 8, REFUSED, REFUSED, 7, 7],
  /* 7 its sign     */ [8, 8, REFUSED, REFUSED, REFUSED, REFUSED],
  /* 8 its digits   */ [8, 8, REFUSED, REFUSED, REFUSED, REFUSED],
]
const IS_COMPLETE: readonly boolean[] = [false, false, true, true, false, true, false, false, true]

const TAKES_DIGITS: readonly boolean[] = IS_COMPLETE.map(
  (_, state) => NEXT[state]?.[ZERO] === state,
)

/** From after the first character, which is in `first`, to after the last. */
export function readNumber(scan: Scan, from: number, first: number): number {
  const digitsEnd = skipDigits(scan, from)
  // Most numbers are short integers.
  if (first > 0x30 && isNumberEnd(scan.bytes[digitsEnd] ?? 0)) return digitsEnd
  let state = step(0, first)
  let at = from
  for (;;) {
    const after = readUnit(scan, at)
    if (after < 0) return -1
    const next = step(state, scan.unit)
    if (next === REFUSED) break
    state = next
    at = TAKES_DIGITS[state] === true ? skipDigits(scan, after) : after
  }
  // Section 2.9.1: a number is not followed by a digit, a point or the start of a name.
  const { unit } = scan
  const isFollowed = unit === 0x2e || isNamePart(CODES[unit] ?? NONE)
  return IS_COMPLETE[state] === true && !isFollowed ? at : fail(scan, at, 'invalid_number')
}

/** White space and closing brackets; what else may follow is left to the automaton. */
function isNumberEnd(byte: number): boolean {
  return byte === 0x20 || byte === 0x29 || byte === 0x2c || byte === 0x5d || byte === 0x7d
}

/** Digits that JSON does not escape. */
function skipDigits({ bytes, end }: Scan, from: number): number {
  let at = from
  while (at < end && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at += 1
  return at
}

function step(state: number, unit: number): number {
  const column = columnOf(unit)
  return column < 0 ? REFUSED : (NEXT[state]?.[column] ?? REFUSED)
}

function columnOf(unit: number): number {
  if (unit === 0x30) return ZERO
  if (unit > 0x30 && unit <= 0x39) return NONZERO
  if (unit === 0x2e) return POINT
  if (unit === 0x65 || unit === 0x45) return EXPONENT
  if (unit === 0x2d) return MINUS
  return unit === 0x2b ? PLUS : REFUSED
}
