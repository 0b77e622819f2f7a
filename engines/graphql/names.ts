/**
 * Numbers for the names of fragments, so that spreads and definitions find one another at a cost that does not grow with the
 * document. Names that were chosen to collide cost steps, which a budget bounds.
 */
import { BACKSLASH, QUOTE, readUnit } from './characters.ts'
import { fail, type Scan } from './scan.ts'

/** The number of a fragment's name, the same for every place where it is written; -1 for failure. */
export function numberOfName(scan: Scan, token: number, end: number): number {
  const { definitions } = scan
  const { buckets, fragmentTokens, fragmentEnds, fragmentHashes } = definitions
  const hash = hashName(scan, token, end)
  const mask = buckets.length - 1
  let bucket = hash & mask
  for (;;) {
    const number = buckets[bucket] ?? -1
    if (number < 0) break
    if (fragmentHashes[number] === hash) {
      const other = { token: fragmentTokens[number] ?? 0, end: fragmentEnds[number] ?? 0 }
      if (isSameName(scan, { token, end }, other)) return number
    }
    if (--scan.stepsLeft < 0) return fail(scan, end, 'too_many_steps')
    bucket = (bucket + 1) & mask
  }
  const number = definitions.nameCount
  definitions.nameCount += 1
  buckets[bucket] = number
  fragmentTokens[number] = token
  fragmentEnds[number] = end
  fragmentHashes[number] = hash
  definitions.fragmentBuckets[number] = bucket
  definitions.fragmentDefinitions[number] = -1
  return number
}

/** Whether a JSON string, from after its opening quote, says this name. */
export function isNameInJson(scan: Scan, from: number, { token, end }: Name): boolean {
  const { bytes } = scan
  let at = from
  let nameAt = token >> 8
  let unit = token & 0xff
  for (;;) {
    if (bytes[at] === unit) at += 1
    else {
      at = bytes[at] === BACKSLASH ? readUnit(scan, at) : -1
      if (at < 0 || scan.unit !== unit) return false
    }
    if (nameAt >= end) return bytes[at] === QUOTE
    nameAt = readUnit(scan, nameAt)
    unit = scan.unit
  }
}

/** A number that names rarely share (FNV-1a, folded). */
function hashName(scan: Scan, token: number, end: number): number {
  const { bytes } = scan
  let hash = Math.imul(0x811c9dc5 ^ (token & 0xff), 0x01000193)
  let at = token >> 8
  while (at < end) {
    let unit = bytes[at] ?? 0
    if (unit === BACKSLASH) {
      at = readUnit(scan, at)
      unit = scan.unit
    } else at += 1
    hash = Math.imul(hash ^ unit, 0x01000193)
  }
  return hash ^ (hash >>> 15)
}

export type Name = { readonly token: number; readonly end: number }

/** Whether two names are the same, however JSON escapes them. */
function isSameName(scan: Scan, one: Name, other: Name): boolean {
  const { bytes } = scan
  if ((one.token & 0xff) !== (other.token & 0xff)) return false
  let at = one.token >> 8
  let otherAt = other.token >> 8
  while (at < one.end && otherAt < other.end) {
    let unit = bytes[at] ?? 0
    let otherUnit = bytes[otherAt] ?? 0
    at = unit === BACKSLASH ? readUnit(scan, at) : at + 1
    if (unit === BACKSLASH) unit = scan.unit
    otherAt = otherUnit === BACKSLASH ? readUnit(scan, otherAt) : otherAt + 1
    if (otherUnit === BACKSLASH) otherUnit = scan.unit
    if (unit !== otherUnit) return false
  }
  return at === one.end && otherAt === other.end
}
