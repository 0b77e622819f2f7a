/**
 * Unpadded base64url (RFC 7515 §2) to octets. Takes the one canonical spelling only: no padding, white space or other
 * characters, and no stray bits at the end, which would give one signature several texts.
 */

const NOT_A_DIGIT = 0xff
const DIGIT_MAX = 63

const DIGITS = digitTable()

/** Null when `text` is not what an encoder writes. */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | null {
  const ascii = new TextEncoder().encode(text)
  const octets = new Uint8Array((ascii.length * 3) >> 2)
  return decodeInto(octets, ascii) === -1 ? null : octets
}

/** The same from octets to octets; answers how many were written, or -1. `into` must be long enough. */
export function decodeInto(into: Uint8Array, ascii: Uint8Array): number {
  const rest = ascii.length % 4
  const whole = ascii.length - rest
  if (rest === 1) return -1
  // Digits are below 64: one look at the end tells whether any was none.
  let seen = 0
  let to = 0
  for (let from = 0; from < whole; from += 4) {
    const a = digitAt(ascii, from)
    const b = digitAt(ascii, from + 1)
    const c = digitAt(ascii, from + 2)
    const d = digitAt(ascii, from + 3)
    seen |= a | b | c | d
    into[to] = (a << 2) | (b >> 4)
    into[to + 1] = (b << 4) | (c >> 2)
    into[to + 2] = (c << 6) | d
    to += 3
  }
  if (rest !== 0) {
    const a = digitAt(ascii, whole)
    const b = digitAt(ascii, whole + 1)
    const c = rest === 3 ? digitAt(ascii, whole + 2) : 0
    seen |= a | b | c
    into[to] = (a << 2) | (b >> 4)
    if (rest === 3) into[to + 1] = (b << 4) | (c >> 2)
    to += rest - 1
    const strayBits = rest === 3 ? c & 0b11 : b & 0b1111
    if (strayBits !== 0) return -1
  }
  return seen > DIGIT_MAX ? -1 : to
}

/** Above 63 for what is no digit. */
function digitAt(ascii: Uint8Array, index: number): number {
  return DIGITS[ascii[index] ?? 0] ?? NOT_A_DIGIT
}

function digitTable(): Uint8Array {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
  const table = new Uint8Array(256).fill(NOT_A_DIGIT)
  for (let digit = 0; digit < alphabet.length; digit++) table[alphabet.charCodeAt(digit)] = digit
  return table
}
