/** Sets of code points as the byte sequences of their UTF-8 (RFC 3629 §3), in the form of a trie. */
import type { CodeRange } from './ranges.ts'

/** Bytes that may come next, in order and apart; `next` is empty behind the last byte of a character. */
export type ByteTrie = readonly (CodeRange & { readonly next: ByteTrie })[]

const END: ByteTrie = []
const CONTINUATION = 0x80
/** Characters by the number of bytes behind the first, and what the first byte adds to their leading bits. */
const LENGTHS = [
  { more: 0, first: 0, last: 0x7f, lead: 0 },
  { more: 1, first: 0x80, last: 0x7ff, lead: 0xc0 },
  { more: 2, first: 0x800, last: 0xffff, lead: 0xe0 },
  { more: 3, first: 0x10000, last: 0x10ffff, lead: 0xf0 },
] as const

const tries = new WeakMap<readonly CodeRange[], ByteTrie>()

/** The trie of a set; worked out once for the same array. */
export function utf8Trie(ranges: readonly CodeRange[]): ByteTrie {
  const known = tries.get(ranges)
  if (known !== undefined) return known
  const trie = LENGTHS.flatMap(({ more, lead, ...length }) =>
    level(within(ranges, length), { more, lead }),
  )
  tries.set(ranges, trie)
  return trie
}

/** Transitions on the byte that is followed by `more` others. */
function level(
  ranges: readonly CodeRange[],
  { more, lead }: { readonly more: number; readonly lead: number },
): ByteTrie {
  if (more === 0) return ranges.map(({ first, last }) => edge({ first, last }, { lead, next: END }))
  const block = 64 ** more
  return blocksOf(ranges, block).map(({ first, last, inside }) => {
    const next = level(inside, { more: more - 1, lead: CONTINUATION })
    return edge({ first, last }, { lead, next })
  })
}

/** Ranges cut where the leading bits change; what fills whole blocks stays in one piece. */
function blocksOf(
  ranges: readonly CodeRange[],
  block: number,
): readonly (CodeRange & { readonly inside: readonly CodeRange[] })[] {
  const blocks: (CodeRange & { inside: CodeRange[] })[] = []
  for (const { first, last } of ranges) {
    for (let at = first; at <= last;) {
      const head = Math.floor(at / block)
      const start = head * block
      const full = at === start ? Math.floor((last + 1) / block) - 1 : -1
      const end = full >= head ? (full + 1) * block - 1 : Math.min(last, start + block - 1)
      const inside = { first: at - start, last: Math.min(end - start, block - 1) }
      const before = blocks.at(-1)
      if (before?.last === head) before.inside.push(inside)
      else blocks.push({ first: head, last: Math.max(head, full), inside: [inside] })
      at = end + 1
    }
  }
  return blocks
}

function edge(
  { first, last }: CodeRange,
  { lead, next }: { readonly lead: number; readonly next: ByteTrie },
): CodeRange & { readonly next: ByteTrie } {
  return { first: lead + first, last: lead + last, next }
}

function within(ranges: readonly CodeRange[], bounds: CodeRange): readonly CodeRange[] {
  return ranges
    .map(({ first, last }) => ({
      first: Math.max(first, bounds.first),
      last: Math.min(last, bounds.last),
    }))
    .filter(({ first, last }) => first <= last)
}
