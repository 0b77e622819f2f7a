/**
 * One path segment against literals with variables between them: `{name}.json`, `{from}-{to}`.
 *
 * Promises linear work, at least one character a variable, the earliest split, and that no split falls
 * inside a percent-encoded byte (`%2F` is one character, never `%` `2` `F`).
 */
import { isWholeVariable, type TemplateSegment } from './template.ts'

/** The variable values as sent, or null when the segment does not match; static segments give []. */
export function matchMixed(segment: string, literals: readonly string[]): readonly string[] | null {
  const first = literals[0] ?? ''
  const last = literals.at(-1) ?? ''
  if (literals.length === 1) return segment === first ? [] : null
  if (!segment.startsWith(first) || !segment.endsWith(last)) return null
  const lastStart = segment.length - last.length
  const values: string[] = []
  let start = first.length
  for (const literal of literals.slice(1, -1)) {
    const end = findLiteral(segment, literal, start)
    if (end < 0) return null
    values.push(segment.slice(start, end))
    start = end + literal.length
  }
  if (lastStart <= start || isInsideTriplet(segment, lastStart)) return null
  return [...values, segment.slice(start, lastStart)]
}

/** Values of a matched path's variables in order, percent-encoded as the path has them: a style may split them first. */
export function variableValues(
  path: string,
  segments: readonly TemplateSegment[],
): readonly string[] {
  const values: string[] = []
  let start = 1
  for (const segment of segments) {
    const slash = path.indexOf('/', start)
    const end = slash < 0 ? path.length : slash
    if (isWholeVariable(segment)) {
      values.push(path.slice(start, end))
    } else if (segment.literals.length > 1) {
      values.push(...(matchMixed(path.slice(start, end), segment.literals) ?? []))
    }
    start = end + 1
  }
  return values
}

/** Where the literal first stands with at least one character before it. */
function findLiteral(segment: string, literal: string, start: number): number {
  let index = segment.indexOf(literal, start + 1)
  while (index >= 0 && index < segment.length && isInsideTriplet(segment, index)) {
    index = segment.indexOf(literal, index + 1)
  }
  return index
}

function isInsideTriplet(segment: string, index: number): boolean {
  return segment[index - 1] === '%' || segment[index - 2] === '%'
}
