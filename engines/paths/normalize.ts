/**
 * Cloudflare's URL normalisation of a path, so that one resource has one spelling.
 *
 * Promises: never throws, idempotent, always starts with `/`, and hands back the same string when
 * nothing is to do. Refuses to decode what could change the structure: `%2F`, `%5C`, `%25` and every
 * other reserved byte stay encoded, so an encoded separator never becomes one and double encoding
 * stays double.
 */

/** Normalises a raw path (no query): `\` to `/`, merged slashes, percent-encoding, dot segments. */
export function normalizePath(rawPath: string): string {
  return isNormal(rawPath) ? rawPath : normalize(rawPath, kindOfByte)
}

/** As `normalizePath`, for an endpoint whose braces hold variables and are kept. */
export function normalizeEndpoint(endpoint: string): string {
  return normalize(endpoint, kindOfByteWithBraces)
}

const ENCODE = 0
const UNRESERVED = 1
const RESERVED = 2

const SLASH = 0x2f
const PERCENT = 0x25

// RFC 3986 §2.2 and §2.3.
const kindOfByte = byteKinds(":/?#[]@!$&'()*+,;=")
const kindOfByteWithBraces = byteKinds(":/?#[]@!$&'()*+,;={}")

function byteKinds(keptAsSent: string): Uint8Array {
  const kinds = new Uint8Array(256).fill(ENCODE)
  const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~'
  for (const character of unreserved) kinds[character.charCodeAt(0)] = UNRESERVED
  for (const character of keptAsSent) kinds[character.charCodeAt(0)] = RESERVED
  return kinds
}

/** A `.` after `/`, a `%`, a doubled slash or any byte to encode sends the path the slow way. */
function isNormal(path: string): boolean {
  if (path.charCodeAt(0) !== SLASH) return false
  let afterSlash = false
  for (let index = 0; index < path.length; index++) {
    const code = path.charCodeAt(index)
    if (code === SLASH) {
      if (afterSlash) return false
      afterSlash = true
      continue
    }
    if (code > 0x7f || kindOfByte[code] === ENCODE || (afterSlash && code === 0x2e)) return false
    afterSlash = false
  }
  return true
}

function normalize(path: string, kinds: Uint8Array): string {
  const slashed = `/${path}`.replaceAll('\\', '/').replace(/\/{2,}/g, '/')
  return removeDotSegments(encodeBytes(slashed, kinds))
}

const encoder = new TextEncoder()

function encodeBytes(path: string, kinds: Uint8Array): string {
  // UTF-8 bytes, not characters: a lone surrogate becomes U+FFFD instead of an exception.
  const bytes = encoder.encode(path)
  let normal = ''
  for (let index = 0; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0
    const encoded = byte === PERCENT ? hexByte(bytes, index + 1) : -1
    if (encoded >= 0) {
      normal += kinds[encoded] === UNRESERVED ? String.fromCharCode(encoded) : triplet(encoded)
      index += 2
    } else {
      // A `%` that starts no triplet is an ordinary byte and is encoded itself.
      normal += kinds[byte] === ENCODE ? triplet(byte) : String.fromCharCode(byte)
    }
  }
  return normal
}

function hexByte(bytes: Uint8Array, index: number): number {
  const high = hexDigit(bytes[index] ?? 0)
  const low = hexDigit(bytes[index + 1] ?? 0)
  return high < 0 || low < 0 ? -1 : high * 16 + low
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30
  const lower = byte | 0x20
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : -1
}

function triplet(byte: number): string {
  return `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
}

/** RFC 3986 §5.2.4; `..` above the root is dropped. */
function removeDotSegments(path: string): string {
  if (!path.includes('/.')) return path
  const kept: string[] = []
  const segments = path.slice(1).split('/')
  for (const segment of segments) {
    if (segment === '..') kept.pop()
    else if (segment !== '.') kept.push(segment)
  }
  const last = segments.at(-1)
  if (last === '.' || last === '..') kept.push('')
  return `/${kept.join('/')}`
}
