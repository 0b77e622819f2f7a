/**
 * Walks over DER as der.ts reads it (definite lengths in the fewest octets, one-octet tags), but without making anything:
 * a list has a million entries of four elements, and one cursor serves them all. Lengths go to 2^31.
 */

/** Where the last element that was read stands in `bytes`. */
export type Cursor = {
  readonly bytes: Uint8Array
  tag: number
  /** The first content octet, and the first octet after the element. */
  start: number
  end: number
}

export function createCursor(bytes: Uint8Array): Cursor {
  return { bytes, tag: 0, start: 0, end: 0 }
}

/** Reads the element at `at`, which ends at `limit` at the latest; false when there is no DER element. */
export function step(cursor: Cursor, at: number, limit: number): boolean {
  const { bytes } = cursor
  if (at + 2 > limit) return false
  const tag = bytes[at] ?? 0
  // X.690 §8.1.2.4: all ones in the low five bits announces a multi-byte tag, which X.509 never uses.
  if ((tag & 0x1f) === 0x1f) return false
  let length = bytes[at + 1] ?? 0
  let start = at + 2
  if (length >= 0x80) {
    const octets = length & 0x7f
    if (octets < 1 || octets > 4 || start + octets > limit) return false
    length = 0
    for (let index = 0; index < octets; index++) length = length * 256 + (bytes[start + index] ?? 0)
    // X.690 §10.1: in the fewest octets.
    if (length < (octets === 1 ? 0x80 : 256 ** (octets - 1))) return false
    start += octets
  }
  if (start + length > limit) return false
  cursor.tag = tag
  cursor.start = start
  cursor.end = start + length
  return true
}

/** As a function, because the compiler takes `cursor.tag` for what it was before the last step. */
export function isTag({ tag }: Cursor, wanted: number): boolean {
  return tag === wanted
}
