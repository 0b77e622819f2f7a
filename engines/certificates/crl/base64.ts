/**
 * Base64 (RFC 4648 §4) over octets instead of text, for lists of many megabytes: no string of one character an octet comes
 * into being. Strict: no padding but at the end, no bits that do not count.
 */

/** Decodes ASCII octets of base64, white space anywhere; null when they are not base64. */
export function decodeBase64(ascii: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const out = new Uint8Array(Math.floor(ascii.length / 4) * 3 + 3)
  let length = 0
  let group = 0
  let sextets = 0
  let at = 0
  for (; at < ascii.length; at++) {
    if (sextets === 0) {
      // Nearly all of it: four characters together, as long as nothing is between them.
      const whole = groupAt(ascii, at)
      if (whole >= 0) {
        out[length] = whole >>> 16
        out[length + 1] = whole >>> 8
        out[length + 2] = whole
        length += 3
        at += 3
        continue
      }
    }
    const sextet = sextetOf[ascii[at] ?? 0] ?? INVALID
    if (sextet === PADDING) break
    if (sextet === INVALID) return null
    if (sextet === SPACE) continue
    group = (group << 6) | sextet
    sextets += 1
    if (sextets < 4) continue
    out[length] = group >>> 16
    out[length + 1] = group >>> 8
    out[length + 2] = group
    length += 3
    group = 0
    sextets = 0
  }
  const padding = countPadding(ascii, at)
  if (sextets === 0) return padding === 0 ? out.subarray(0, length) : null
  if (sextets === 1 || padding !== 4 - sextets) return null
  const rest = group << (sextets === 2 ? 12 : 6)
  if ((rest & (sextets === 2 ? 0xffff : 0xff)) !== 0) return null
  out[length] = rest >>> 16
  out[length + 1] = rest >>> 8
  return out.subarray(0, length + sextets - 1)
}

/** The 24 bits of four characters, or -1 when one of them is not of the alphabet. */
function groupAt(ascii: Uint8Array, at: number): number {
  if (at + 4 > ascii.length) return -1
  const first = sextetOf[ascii[at] ?? 0] ?? INVALID
  const second = sextetOf[ascii[at + 1] ?? 0] ?? INVALID
  const third = sextetOf[ascii[at + 2] ?? 0] ?? INVALID
  const fourth = sextetOf[ascii[at + 3] ?? 0] ?? INVALID
  const isAlphabet = (first | second | third | fourth) < 64
  return isAlphabet ? (first << 18) | (second << 12) | (third << 6) | fourth : -1
}

/** How many padding characters follow; -1 when anything else does. */
function countPadding(ascii: Uint8Array, from: number): number {
  let padding = 0
  for (const octet of ascii.subarray(from)) {
    const sextet = sextetOf[octet]
    if (sextet === PADDING) padding += 1
    else if (sextet !== SPACE) return -1
  }
  return padding
}

/** Base64 with padding, without line ends. */
export function encodeBase64(bytes: Uint8Array): string {
  const ascii = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let length = 0
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at
    const group = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0)
    ascii[length] = alphabetOctets[group >>> 18] ?? 0
    ascii[length + 1] = alphabetOctets[(group >>> 12) & 63] ?? 0
    ascii[length + 2] = left > 1 ? (alphabetOctets[(group >>> 6) & 63] ?? 0) : EQUALS_SIGN
    ascii[length + 3] = left > 2 ? (alphabetOctets[group & 63] ?? 0) : EQUALS_SIGN
    length += 4
  }
  return new TextDecoder().decode(ascii)
}

const alphabetOctets = new TextEncoder().encode(
  'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/',
)
const EQUALS_SIGN = 0x3d
const PADDING = 64
const SPACE = 65
const INVALID = 66

const sextetOf = tableOf()

function tableOf(): Uint8Array {
  const table = new Uint8Array(256).fill(INVALID)
  for (const [sextet, octet] of alphabetOctets.entries()) table[octet] = sextet
  table[EQUALS_SIGN] = PADDING
  for (const octet of [0x20, 0x09, 0x0d, 0x0a]) table[octet] = SPACE
  return table
}
