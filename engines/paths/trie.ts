/**
 * Finds the operation a request is for.
 *
 * Promises the most specific operation: an exact host before a host variable, then path segment by
 * segment from the left, static before mixed (`{a}.json`, most literal characters first) before
 * variable, with backtracking; work is bounded by the size of the trie. A variable is exactly one
 * non-empty segment, and `/a/` is another path than `/a`. No regular expression runs per request.
 * HEAD is its own method here; serving.ts knows that GET answers it.
 */
import { hostTrie, type HostTrie } from './host-trie.ts'
import { pathLimits } from './limits.ts'
import { matchMixed, variableValues } from './mixed-segment.ts'
import type { OperationTriple } from './operation-id.ts'
import { isWholeVariable, templateSegments, type TemplateSegment } from './template.ts'

/** A request, already normalised: path by `normalizePath`, host by `hostWithoutPort`. */
export type MatchableRequest = {
  readonly method: string
  readonly host: string
  readonly path: string
}

export type OperationMatch<T> = {
  readonly operation: T
  /** Value of each variable in order, percent-encoded as the path has it. */
  readonly variables: readonly string[]
}

export type OperationMatcher<T> = {
  match(request: MatchableRequest): OperationMatch<T> | null
}

/** Compiles canonical operations once; of two with the same triple the first wins. */
export function compileOperations<T extends OperationTriple>(
  operations: readonly T[],
): OperationMatcher<T> {
  const hosts = hostTrie<Methods<T>>()
  for (const operation of operations) {
    insert(hosts.ensure(operation.host, createMethods), operation)
  }
  return { match: (request) => match(hosts, request) }
}

type Methods<T> = Map<string, PathNode<T>>

type PathNode<T> = {
  /** By hash of the text, so that a lookup cuts no string out of the path. */
  readonly statics: Map<number, StaticChild<T>[]>
  /** Most literal characters first. */
  readonly mixed: MixedChild<T>[]
  variable: PathNode<T> | null
  leaf: Leaf<T> | null
}

type StaticChild<T> = { readonly text: string; readonly node: PathNode<T> }

type MixedChild<T> = {
  /** The literals with a mark for each variable: names make no difference. */
  readonly key: string
  readonly literals: readonly string[]
  readonly node: PathNode<T>
}

type Leaf<T> = { readonly operation: T; readonly segments: readonly TemplateSegment[] }

function createMethods<T>(): Methods<T> {
  return new Map()
}

function createNode<T>(): PathNode<T> {
  return { statics: new Map(), mixed: [], variable: null, leaf: null }
}

function insert<T extends OperationTriple>(methods: Methods<T>, operation: T): void {
  const segments = templateSegments(operation.endpoint)
  let node = methods.get(operation.method)
  if (node === undefined) {
    node = createNode<T>()
    methods.set(operation.method, node)
  }
  for (const segment of segments) node = ensureChild(node, segment)
  node.leaf ??= { operation, segments }
}

function ensureChild<T>(node: PathNode<T>, segment: TemplateSegment): PathNode<T> {
  if (segment.literals.length === 1) return ensureStatic(node, segment.text)
  if (isWholeVariable(segment)) {
    node.variable ??= createNode<T>()
    return node.variable
  }
  return ensureMixed(node, segment.literals)
}

function ensureMixed<T>(node: PathNode<T>, literals: readonly string[]): PathNode<T> {
  const key = literals.join('{}')
  const found = node.mixed.find((child) => child.key === key)
  if (found !== undefined) return found.node
  const child = { key, literals, node: createNode<T>() }
  const after = node.mixed.findIndex((other) => isMoreSpecific(child, other))
  node.mixed.splice(after < 0 ? node.mixed.length : after, 0, child)
  return child.node
}

function isMoreSpecific<T>(one: MixedChild<T>, other: MixedChild<T>): boolean {
  const [left, right] = [one.literals.join('').length, other.literals.join('').length]
  // Any fixed order will do for equals, as long as it does not depend on insertion.
  return left === right ? one.key < other.key : left > right
}

function ensureStatic<T>(node: PathNode<T>, text: string): PathNode<T> {
  const hash = hashSegment(text, 0).hash
  const children = node.statics.get(hash) ?? []
  node.statics.set(hash, children)
  const found = children.find((child) => child.text === text)
  if (found !== undefined) return found.node
  const child = { text, node: createNode<T>() }
  children.push(child)
  return child.node
}

function match<T>(
  hosts: HostTrie<Methods<T>>,
  { method, host, path }: MatchableRequest,
): OperationMatch<T> | null {
  if (path.length > pathLimits.pathCharsMax || host.length > pathLimits.hostCharsMax) return null
  const leaf = hosts.first(host, (methods) => {
    const root = methods.get(method)
    return root === undefined ? null : walk(root, path, 1)
  })
  return leaf === null
    ? null
    : { operation: leaf.operation, variables: variableValues(path, leaf.segments) }
}

function walk<T>(node: PathNode<T>, path: string, start: number): Leaf<T> | null {
  const { hash, end } = hashSegment(path, start)
  const isLast = end === path.length
  const fixed = findStatic(node.statics.get(hash), path, { start, end })
  if (fixed !== null) {
    const leaf = isLast ? fixed.leaf : walk(fixed, path, end + 1)
    if (leaf !== null) return leaf
  }
  if (node.mixed.length > 0) {
    const segment = path.slice(start, end)
    for (const child of node.mixed) {
      if (matchMixed(segment, child.literals) === null) continue
      const leaf = isLast ? child.node.leaf : walk(child.node, path, end + 1)
      if (leaf !== null) return leaf
    }
  }
  if (node.variable === null || start === end) return null
  return isLast ? node.variable.leaf : walk(node.variable, path, end + 1)
}

type Span = { readonly start: number; readonly end: number }

function findStatic<T>(
  children: readonly StaticChild<T>[] | undefined,
  path: string,
  { start, end }: Span,
): PathNode<T> | null {
  if (children === undefined) return null
  for (const child of children) {
    if (child.text.length === end - start && path.startsWith(child.text, start)) return child.node
  }
  return null
}

/** Hash of the segment from `start` and where it ends; equal hashes are always compared as text. */
function hashSegment(path: string, start: number): { readonly hash: number; readonly end: number } {
  let hash = 0
  let end = start
  for (; end < path.length; end++) {
    const code = path.charCodeAt(end)
    if (code === 0x2f) break
    hash = (Math.imul(hash, 31) + code) | 0
  }
  return { hash, end }
}
