/** Plain text in patterns, or patterns that are nothing else: the runtime's own text search is the fastest there is. */
import type { RegexTree } from './tree.ts'

type Test = (subject: string) => boolean

const ASCII_LAST = 0x7f

/** The test for a simplified tree, or undefined if it is not such a pattern. */
export function literalTest(tree: RegexTree): Test | undefined {
  const items = tree.kind === 'sequence' ? tree.items : [tree]
  const isStart = isLook(items[0], 'start')
  const isEnd = isLook(items.at(-1), 'end')
  const inner = items.slice(isStart ? 1 : 0, isEnd ? -1 : undefined)
  const characters = inner.map((item) => characterOf(item))
  if (items.length === 0 || characters.includes(undefined)) return undefined
  const text = characters.join('')
  if (isStart && isEnd) return (subject) => subject === text
  if (isStart) return (subject) => subject.startsWith(text)
  if (isEnd) return (subject) => subject.endsWith(text)
  return (subject) => subject.includes(text)
}

/** The longest text that every value which matches a simplified tree must hold; empty if there is none. */
export function requiredText(tree: RegexTree): string {
  const items = tree.kind === 'sequence' ? tree.items : [tree]
  let longest = ''
  let text = ''
  for (const item of items) {
    // A look reads nothing: what stands on its sides stands side by side.
    if (item.kind !== 'look') {
      const character = characterOf(item)
      text = character === undefined ? '' : text + character
      if (text.length > longest.length) longest = text
    }
  }
  return longest
}

/** ASCII alone: beyond it a value may hold the bytes of a character without holding the character (see `bytes.ts`). */
function characterOf(tree: RegexTree): string | undefined {
  if (tree.kind !== 'set') return undefined
  const [range] = tree.ranges
  const isOne = tree.ranges.length === 1 && range !== undefined && range.first === range.last
  return isOne && range.last <= ASCII_LAST ? String.fromCharCode(range.first) : undefined
}

function isLook(tree: RegexTree | undefined, look: 'start' | 'end'): boolean {
  return tree?.kind === 'look' && tree.look === look
}
