/**
 * Patterns that match only a few short texts of ASCII, such as lists of words: the runtime's own RegExp is fastest there, and
 * cannot be made slow, because from any one place it has few ways to go and none of them is long.
 */
import type { CodeRange } from './ranges.ts'
import { countsOf } from './size.ts'
import type { Look, LookName, RegexTree, Repeat } from './tree.ts'

/** Steps that a backtracking matcher may take from one place of the value, at most. */
const STEPS_MAX = 128
const NOTHING = { ways: 1, steps: 0 }
const ASCII_LAST = 0x7f
/** Places that mean the same to JavaScript without flags, on any value; `\B` does not: it holds inside a character, too. */
const LOOKS: Readonly<Partial<Record<LookName, string>>> = {
  start: '^',
  end: '$',
  wordEdge: '\\b',
}

/** How many ways there are through a tree, and how many characters all of them read together. */
type Extent = { readonly ways: number; readonly steps: number }

/** The test for a simplified tree, or undefined if it is not such a pattern. */
export function finiteTest(tree: RegexTree): ((subject: string) => boolean) | undefined {
  if (!isPlain(tree) || extentOf(tree).steps > STEPS_MAX) return undefined
  const regex = new RegExp(sourceOf(tree))
  return (subject) => regex.test(subject)
}

/** Whether there is an end to it, and all of it means the same to JavaScript. */
function isPlain(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return tree.ranges.every(({ last }) => last <= ASCII_LAST)
    case 'look':
      return lookSource(tree) !== undefined
    case 'capture':
      return isPlain(tree.item)
    case 'repeat':
      return tree.max !== Infinity && isPlain(tree.item)
    case 'sequence':
    case 'choice':
      return tree.items.every((item) => isPlain(item))
  }
}

function extentOf(tree: RegexTree): Extent {
  switch (tree.kind) {
    case 'set':
      return { ways: 1, steps: 1 }
    case 'look':
      return NOTHING
    case 'capture':
      return extentOf(tree.item)
    case 'repeat':
      return extentOfRepeat(tree)
    case 'sequence':
      return tree.items.map((item) => extentOf(item)).reduceRight(goOn, NOTHING)
    case 'choice':
      return tree.items
        .map((item) => extentOf(item))
        .reduce((left, right) => ({
          ways: left.ways + right.ways,
          steps: left.steps + right.steps,
        }))
  }
}

/** At each round it goes on in one of the item's ways, or ends. */
function extentOfRepeat(tree: Repeat): Extent {
  const { min, max } = countsOf(tree)
  const { ways, steps } = extentOf(tree.item)
  const round = { ways: ways + Number(min !== max), steps }
  let extent = NOTHING
  for (let count = 0; count < max && extent.steps <= STEPS_MAX; count += 1) {
    extent = goOn(extent, round)
  }
  return extent
}

/** Every way through what comes first goes on through the rest. */
function goOn(rest: Extent, first: Extent): Extent {
  return { ways: first.ways * rest.ways, steps: first.steps + first.ways * rest.steps }
}

function sourceOf(tree: RegexTree): string {
  switch (tree.kind) {
    case 'set':
      return setSource(tree.ranges)
    case 'look':
      return lookSource(tree) ?? ''
    case 'capture':
      return sourceOf(tree.item)
    case 'sequence':
      return tree.items.map((item) => sourceOf(item)).join('')
    case 'choice':
      return `(?:${tree.items.map((item) => sourceOf(item)).join('|')})`
    case 'repeat':
      return `(?:${sourceOf(tree.item)}){${tree.min},${tree.max}}`
  }
}

/** One character without brackets: the runtime searches for plain text faster. */
function setSource(ranges: readonly CodeRange[]): string {
  const [only] = ranges
  const members = ranges.map(({ first, last }) => `${byteSource(first)}-${byteSource(last)}`)
  return ranges.length === 1 && only !== undefined && only.first === only.last
    ? byteSource(only.first)
    : `[${members.join('')}]`
}

function byteSource(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`
}

function lookSource({ look, isUnicode }: Look): string | undefined {
  return isUnicode && look !== 'start' && look !== 'end' ? undefined : LOOKS[look]
}
