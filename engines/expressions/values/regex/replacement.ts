/** The replacement of `regex_replace`: text with `${1}` to `${8}` for groups and `$$` for a dollar sign. */
import { ok, type Result } from '#engines/result'
import { refuseRegex, type RegexFault } from './tree.ts'

/** A piece of the replacement: text, or what a group matched. */
export type ReplacementPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'group'; readonly group: number }

const PARTS = /\$\$|\$\{(?<group>[^}]*)\}|\$|[^$]+/g
const GROUP = /^[1-8]$/

/** Reads a replacement; the fault's place is one in the replacement. */
export function parseReplacement(
  replacement: string,
): Result<readonly ReplacementPart[], RegexFault> {
  const parts: ReplacementPart[] = []
  for (const match of replacement.matchAll(PARTS)) {
    const [text] = match
    const group = match.groups?.['group']
    if (group !== undefined && !GROUP.test(group)) {
      const message = 'groups in a replacement are ${1} to ${8}'
      const at = match.index
      return refuseRegex('invalid_pattern', message, { at, next: at + text.length })
    }
    if (group === undefined) parts.push({ kind: 'text', text: text === '$$' ? '$' : text })
    else parts.push({ kind: 'group', group: Number(group) })
  }
  return ok(parts)
}
