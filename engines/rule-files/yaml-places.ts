/** Where in a YAML text something stands: the line of a key, found by the path to it. Lines count from 1. */
import { isMap, isPair, isScalar, isSeq, type Document, type LineCounter } from 'yaml'

export type Places = {
  /** The line of the key or item at this path, or of the nearest thing around it that is there. */
  line(path: readonly (string | number)[]): number
}

export function placesOf(document: Document, lines: LineCounter): Places {
  return {
    line(path) {
      let node: unknown = document.contents
      let offset = startOf(node)
      for (const step of path) {
        const next = childOf(node, step)
        if (next === null) break
        offset = next.offset
        node = next.node
      }
      return Math.max(1, lines.linePos(offset).line)
    },
  }
}

type Child = { readonly node: unknown; readonly offset: number }

function childOf(node: unknown, step: string | number): Child | null {
  if (isMap(node)) {
    const pair = node.items.find(
      (item) => isPair(item) && isScalar(item.key) && item.key.value === step,
    )
    return pair === undefined ? null : { node: pair.value, offset: startOf(pair.key) }
  }
  if (isSeq(node) && typeof step === 'number' && step < node.items.length) {
    const item = node.items[step]
    return { node: item, offset: startOf(item) }
  }
  return null
}

function startOf(node: unknown): number {
  if (typeof node !== 'object' || node === null || !('range' in node)) return 0
  const { range } = node
  return Array.isArray(range) && typeof range[0] === 'number' ? range[0] : 0
}
