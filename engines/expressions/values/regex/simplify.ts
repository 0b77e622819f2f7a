/** What a search for a yes or no needs of a pattern: no groups, no nesting of sequences, no repeats at the ends. */
import type { RegexTree } from './tree.ts'

/** A tree that is found in a value exactly if the given one is. */
export function simplify(tree: RegexTree): RegexTree {
  return trimEnds(flatten(tree))
}

function flatten(tree: RegexTree): RegexTree {
  switch (tree.kind) {
    case 'set':
    case 'look':
      return tree
    case 'capture':
      return flatten(tree.item)
    case 'repeat':
      return { ...tree, item: flatten(tree.item) }
    case 'choice':
      return { ...tree, items: tree.items.map((item) => flatten(item)) }
    case 'sequence': {
      const items = tree.items.map((item) => flatten(item))
      return {
        kind: 'sequence',
        items: items.flatMap((item) => (item.kind === 'sequence' ? item.items : [item])),
      }
    }
  }
}

/** Cuts repeats at the ends down to their least: whether `x.*` is found does not depend on the `.*`. */
function trimEnds(tree: RegexTree): RegexTree {
  const items = tree.kind === 'sequence' ? [...tree.items] : [tree]
  for (const end of [0, -1]) {
    for (let item = items.at(end); item?.kind === 'repeat'; item = items.at(end)) {
      if (item.min === item.max || asksForPlace(item)) break
      items.splice(end, 1, ...(item.min === 0 ? [] : [{ ...item, max: item.min }]))
      if (item.min > 0) break
    }
  }
  return { kind: 'sequence', items }
}

function asksForPlace(tree: RegexTree): boolean {
  switch (tree.kind) {
    case 'set':
      return false
    case 'look':
      return true
    case 'repeat':
    case 'capture':
      return asksForPlace(tree.item)
    case 'sequence':
    case 'choice':
      return tree.items.some((item) => asksForPlace(item))
  }
}
