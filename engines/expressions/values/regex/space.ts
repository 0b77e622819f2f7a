/** White space and comments, which flag `x` lets a pattern hold nearly everywhere. */
import type { RegexPlace } from './tree.ts'

/** Unicode's White_Space, spelled out: building `\p{White_Space}` costs more than the rest of this engine's start. */
const WHITE_SPACE = String.raw`[\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]`
const IGNORED = new RegExp(String.raw`(?:${WHITE_SPACE}|#[^\n]*\n?)*`, 'y')
const WHITE = new RegExp(`${WHITE_SPACE}*`, 'y')

/** The offset of the next character that counts. */
export function skipIgnored({ pattern, at, flags }: RegexPlace): number {
  return flags.ignoresSpace ? skip(IGNORED, pattern, at) : at
}

/** The offset after white space, whatever the flags. */
export function skipWhite(pattern: string, at: number): number {
  return skip(WHITE, pattern, at)
}

/** The whole character that starts here; empty at the end. */
export function characterAt(pattern: string, at: number): string {
  const point = pattern.codePointAt(at)
  return point === undefined ? '' : String.fromCodePoint(point)
}

function skip(shape: RegExp, pattern: string, at: number): number {
  shape.lastIndex = at
  return shape.test(pattern) ? shape.lastIndex : at
}
