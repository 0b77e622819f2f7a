/** Substring, prefix and suffix tests over byte strings. */
import { hasEscapedBytes, toByteString } from './bytes.ts'

/** Compiles `contains`; a needle with bytes that are not UTF-8 may match inside a character and costs more. */
export function compileContains(needle: string): (text: string) => boolean {
  if (!hasEscapedBytes(needle)) return (text) => text.includes(needle)
  const bytes = toByteString(needle)
  return (text) => toByteString(text).includes(bytes)
}

/** Whether the bytes of the text start with those of the affix. */
export function hasPrefix(text: string, affix: string): boolean {
  return hasEscapedBytes(affix)
    ? toByteString(text).startsWith(toByteString(affix))
    : text.startsWith(affix)
}

/** Whether the bytes of the text end with those of the affix. */
export function hasSuffix(text: string, affix: string): boolean {
  return hasEscapedBytes(affix)
    ? toByteString(text).endsWith(toByteString(affix))
    : text.endsWith(affix)
}
