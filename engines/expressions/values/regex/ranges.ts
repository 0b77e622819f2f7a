/** Sets of code points or bytes as ranges, in order and apart. Surrogates are no characters and in no set. */

/** Inclusive range of code points or of byte values. */
export type CodeRange = { readonly first: number; readonly last: number }

/** What a set is a part of. */
export type Universe = 'point' | 'byte'

const UNIVERSES: Readonly<Record<Universe, readonly CodeRange[]>> = {
  point: [
    { first: 0, last: 0xd7ff },
    { first: 0xe000, last: 0x10ffff },
  ],
  byte: [{ first: 0, last: 0xff }],
}

/** Brings any ranges in order, those that touch as one. */
export function unite(ranges: readonly CodeRange[]): readonly CodeRange[] {
  const united: CodeRange[] = []
  for (const range of [...ranges].sort((left, right) => left.first - right.first)) {
    const before = united.at(-1)
    if (before === undefined || range.first > before.last + 1) united.push(range)
    else united.splice(-1, 1, { ...before, last: Math.max(before.last, range.last) })
  }
  return united
}

/** Everything of the universe that is in none of the ranges. */
export function complement(ranges: readonly CodeRange[], universe: Universe): readonly CodeRange[] {
  const gaps: CodeRange[] = []
  let next = 0
  for (const { first, last } of ranges) {
    if (first > next) gaps.push({ first: next, last: first - 1 })
    next = last + 1
  }
  gaps.push({ first: next, last: 0x10ffff })
  return intersect(gaps, UNIVERSES[universe])
}

/** What both sets hold. */
export function intersect(
  left: readonly CodeRange[],
  right: readonly CodeRange[],
): readonly CodeRange[] {
  const common: CodeRange[] = []
  let other = 0
  for (const { first, last } of left) {
    while ((right[other]?.last ?? Infinity) < first) other += 1
    for (let at = other; (right[at]?.first ?? Infinity) <= last; at += 1) {
      const range = right[at]
      if (range !== undefined) {
        common.push({ first: Math.max(first, range.first), last: Math.min(last, range.last) })
      }
    }
  }
  return common
}

/** A range of one. */
export function single(point: number): CodeRange {
  return { first: point, last: point }
}
