/** Base64 (RFC 4648 §4 and §5) over the byte strings of values/bytes.ts. */
import { fromByteString } from './bytes.ts'

const ALPHABET = /^[A-Za-z0-9+/]*$/

/** Decodes the standard alphabet, padded or not; undefined for anything else. */
export function decodeBase64(text: string): string | undefined {
  const digits = text.replace(/={1,2}$/, '')
  const isWhole = digits.length % 4 !== 1 && (digits === text || text.length % 4 === 0)
  return isWhole && ALPHABET.test(digits) ? fromByteString(atob(digits)) : undefined
}

/** Encodes a string of one UTF-16 unit a byte. */
export function encodeBase64(
  byteString: string,
  { isUrlSafe, isPadded }: { readonly isUrlSafe: boolean; readonly isPadded: boolean },
): string {
  const encoded = btoa(byteString)
  const padded = isPadded ? encoded : encoded.replaceAll('=', '')
  return isUrlSafe ? padded.replaceAll('+', '-').replaceAll('/', '_') : padded
}
