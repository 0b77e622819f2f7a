/** `wildcard_replace`: a whole value that fits the pattern becomes the replacement; each star captures as little as it can. */
import { err, ok, type Result } from '#engines/result'
import { fromByteString, hasEscapedBytes, joinTexts, lowerAscii, toByteString } from './bytes.ts'
import { parseReplacement } from './regex/replacement.ts'
import { findStars, type StarSpan, splitPieces } from './wildcard.ts'

type WildcardReplaceFault = {
  readonly in: 'pattern' | 'replacement'
  readonly message: string
}

/** Compiles the replacement of a value; what does not fit the pattern is given back as it is. */
export function compileWildcardReplace(
  pattern: string,
  replacement: string,
  { isStrict }: { readonly isStrict: boolean },
): Result<(text: string) => string, WildcardReplaceFault> {
  const pieces = splitPieces(pattern)
  if (!pieces.ok) return err({ in: 'pattern', message: pieces.error })
  const template = parseReplacement(replacement)
  if (!template.ok) return err({ in: 'replacement', message: template.error.message })
  const parts = template.value
  const beyond = parts.find((part) => part.kind === 'group' && part.group >= pieces.value.length)
  if (beyond?.kind === 'group') {
    return err({ in: 'replacement', message: `the pattern has no star number ${beyond.group}` })
  }
  const fold = isStrict ? (text: string) => text : lowerAscii
  const isBytes = hasEscapedBytes(pattern)
  const folded = pieces.value.map((piece) => fold(isBytes ? toByteString(piece) : piece))
  return ok((text) => {
    const subject = isBytes ? toByteString(text) : text
    const stars = findStars(folded, fold(subject))
    if (stars === undefined) return text
    const texts = parts.map((part) =>
      part.kind === 'text' ? part.text : captured(subject, stars[part.group - 1], isBytes),
    )
    return joinTexts(texts)
  })
}

function captured(subject: string, star: StarSpan | undefined, isBytes: boolean): string {
  const text = star === undefined ? '' : subject.slice(star.start, star.end)
  return isBytes ? fromByteString(text) : text
}
