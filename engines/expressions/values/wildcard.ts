/**
 * `wildcard` patterns: `*` stands for any bytes, `\*` and `\\` for themselves, and the whole value must match.
 * There is no `?`. Matching never backtracks: each piece takes its first place after the one before it.
 */
import { err, ok, type Result } from '#engines/result'
import { EXPRESSION_LIMITS } from '../limits.ts'
import { hasEscapedBytes, lowerAscii, toByteString } from './bytes.ts'

/** Compiles a pattern; the error is a sentence for the author of the rule. */
export function compileWildcard(
  pattern: string,
  { isStrict }: { readonly isStrict: boolean },
): Result<(text: string) => boolean, string> {
  const pieces = splitPieces(pattern)
  if (!pieces.ok) return pieces
  const fold = isStrict ? (text: string) => text : lowerAscii
  if (!hasEscapedBytes(pattern)) {
    const folded = pieces.value.map(fold)
    return ok((text) => isMatch(folded, fold(text)))
  }
  const byteStrings = pieces.value.map((piece) => fold(toByteString(piece)))
  return ok((text) => isMatch(byteStrings, fold(toByteString(text))))
}

/** The literal pieces between the stars: one piece means no star; the error is a sentence. */
export function splitPieces(pattern: string): Result<readonly string[], string> {
  const pieces: string[] = []
  let piece = ''
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern.charAt(at)
    if (character === '*') {
      if (pattern.charAt(at + 1) === '*') return err('wildcard contains a double star')
      pieces.push(piece)
      piece = ''
    } else if (character === '\\') {
      at += 1
      const escaped = pattern.charAt(at)
      if (escaped !== '*' && escaped !== '\\') return err('wildcard: expected * or \\ after \\')
      piece += escaped
    } else {
      piece += character
    }
  }
  const { wildcardStarsMax } = EXPRESSION_LIMITS
  if (pieces.length > wildcardStarsMax) {
    return err(`wildcard has ${pieces.length} stars, but the limit is ${wildcardStarsMax}`)
  }
  return ok([...pieces, piece])
}

function isMatch(pieces: readonly string[], text: string): boolean {
  const first = pieces[0] ?? ''
  if (pieces.length === 1) return text === first
  const last = pieces.at(-1) ?? ''
  if (text.length < first.length + last.length) return false
  if (!text.startsWith(first) || !text.endsWith(last)) return false
  const end = text.length - last.length
  let at = first.length
  for (let index = 1; index < pieces.length - 1; index += 1) {
    const piece = pieces[index] ?? ''
    const found = text.indexOf(piece, at)
    if (found === -1 || found + piece.length > end) return false
    at = found + piece.length
  }
  return true
}

/** What a star stands for, as offsets in the value. */
export type StarSpan = { readonly start: number; readonly end: number }

/** What each star stands for, as little as it can; undefined when the value does not match. */
export function findStars(
  pieces: readonly string[],
  text: string,
): readonly StarSpan[] | undefined {
  if (!isMatch(pieces, text)) return undefined
  const stars: StarSpan[] = []
  let start = pieces[0]?.length ?? 0
  for (let index = 1; index < pieces.length; index += 1) {
    const piece = pieces[index] ?? ''
    const isLast = index === pieces.length - 1
    const end = isLast ? text.length - piece.length : text.indexOf(piece, start)
    stars.push({ start, end })
    start = end + piece.length
  }
  return stars
}
