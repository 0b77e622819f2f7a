/**
 * Hosts to values, exact hosts first, then host variables by label.
 *
 * Promises the most specific host whose value satisfies the caller: labels are compared from the
 * right, a literal label before a variable, with backtracking.
 */
export type HostTrie<V> = {
  /** The value of a canonical host pattern, made by `create` when new. */
  ensure(host: string, create: () => V): V
  /** The first non-null answer of `test`, asked from the most to the least specific host. */
  first<R>(host: string, test: (value: V) => R | null): R | null
}

/** Creates an empty trie. */
export function hostTrie<V>(): HostTrie<V> {
  const exact = new Map<string, V>()
  const root: HostNode<V> = createNode()
  let hasVariables = false
  return {
    ensure(host, create) {
      if (!host.includes('{')) {
        const value = exact.get(host) ?? create()
        exact.set(host, value)
        return value
      }
      hasVariables = true
      const node = ensureNode(root, host)
      node.value ??= create()
      return node.value
    },
    first(host, test) {
      const value = exact.get(host)
      const found = value === undefined ? null : test(value)
      if (found !== null || !hasVariables || host.startsWith('[')) return found
      return walk({ labels: host.split('.'), test }, root, 0)
    },
  }
}

type HostNode<V> = {
  readonly labels: Map<string, HostNode<V>>
  variable: HostNode<V> | null
  value: V | null
}

type Search<V, R> = {
  readonly labels: readonly string[]
  readonly test: (value: V) => R | null
}

function createNode<V>(): HostNode<V> {
  return { labels: new Map(), variable: null, value: null }
}

function ensureNode<V>(root: HostNode<V>, host: string): HostNode<V> {
  let node = root
  for (const label of host.split('.').toReversed()) {
    if (label.startsWith('{')) {
      node.variable ??= createNode<V>()
      node = node.variable
      continue
    }
    const child = node.labels.get(label) ?? createNode<V>()
    node.labels.set(label, child)
    node = child
  }
  return node
}

function walk<V, R>(search: Search<V, R>, node: HostNode<V>, taken: number): R | null {
  const label = search.labels[search.labels.length - 1 - taken]
  if (label === undefined) return node.value === null ? null : search.test(node.value)
  const fixed = node.labels.get(label)
  const found = fixed === undefined ? null : walk(search, fixed, taken + 1)
  if (found !== null || node.variable === null || label === '') return found
  return walk(search, node.variable, taken + 1)
}
