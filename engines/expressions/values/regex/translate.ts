/** Writes a tree as a JavaScript pattern for the flag `v`. */
import type { CharacterSet, RegexTree } from './tree.ts'

const SINGLE = /^\\u\{[0-9a-f]+\}$/

/** The pattern source; groups never capture, since only the verdict is wanted. */
export function translate(tree: RegexTree): string {
  switch (tree.kind) {
    case 'set':
      return translateSet(tree)
    case 'assertion':
      return tree.source
    case 'repeat':
      return `(?:${translate(tree.item)})${quantifier(tree.min, tree.max)}`
    case 'sequence':
      return tree.items.map((item) => translate(item)).join('')
    case 'choice':
      return `(?:${tree.items.map((item) => translate(item)).join('|')})`
  }
}

function translateSet({ members, isNegated, ignoresCase }: CharacterSet): string {
  // A bare character lets the runtime search for literal text faster than a class of one does.
  const isOne = !isNegated && SINGLE.test(members)
  const source = isOne ? members : `[${isNegated ? '^' : ''}${members}]`
  return ignoresCase ? `(?i:${source})` : source
}

function quantifier(min: number, max: number): string {
  return `{${min},${max === Infinity ? '' : max}}`
}
