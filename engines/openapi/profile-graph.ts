/**
 * Who refers to whom in a profile: which operations reach a schema, and what a schema reaches.
 *
 * Promises answers in about linear time, circles included; each is exact.
 */
import type { JsonSchema } from './compile/schema.ts'
import { referencesOf, type References } from './profile-references.ts'

/** What can be split: operations of whatever form, and the schemas that they refer to as `#/$defs/{name}`. */
export type Divisible<Operation> = {
  readonly operations: { readonly [key: string]: Operation }
  readonly schemas: { readonly [name: string]: JsonSchema }
}

export type Graph = {
  /** In the order of the document. */
  readonly operations: ReadonlyMap<string, References>
  readonly schemas: ReadonlyMap<string, References>
}

/** What each operation and each schema refers to directly. */
export function createGraph({ operations, schemas }: Divisible<unknown>): Graph {
  return { operations: directly(operations), schemas: directly(schemas) }
}

function directly(pieces: { readonly [name: string]: unknown }): ReadonlyMap<string, References> {
  return new Map(Object.entries(pieces).map(([name, body]) => [name, referencesOf(body)]))
}

/** The schemas that something refers to directly: all of them, where a reference may mean any. */
export function neighbours({ schemas }: Graph, { names, isOpen }: References): Iterable<string> {
  return isOpen ? schemas.keys() : [...names].filter((name) => schemas.has(name))
}

/** Numbers of the first and the last operation that reach a schema. */
export type Span = { readonly first: number; readonly last: number }

/** The span of every schema that some operation reaches. */
export function spansOf(graph: Graph): ReadonlyMap<string, Span> {
  const numbered = [...graph.operations.values()].map((references, number) => ({
    references,
    number,
  }))
  const first = firstReaching(graph, numbered)
  const last = firstReaching(graph, numbered.toReversed())
  return new Map(
    [...first].map(([name, number]) => [name, { first: number, last: last.get(name) ?? number }]),
  )
}

/** Each schema is visited once, by the first operation in this order that reaches it. */
function firstReaching(
  graph: Graph,
  operations: readonly { readonly references: References; readonly number: number }[],
): ReadonlyMap<string, number> {
  const reached = new Map<string, number>()
  for (const { references, number } of operations) {
    const pending = [references]
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      for (const name of neighbours(graph, next)) {
        if (reached.has(name)) continue
        reached.set(name, number)
        const found = graph.schemas.get(name)
        if (found !== undefined) pending.push(found)
      }
    }
  }
  return reached
}

/** The homes of each schema and of all that it reaches. */
export function reachedBy(
  graph: Graph,
  homes: ReadonlyMap<string, number>,
): ReadonlyMap<string, ReadonlySet<number>> {
  const reach = new Map([...homes].map(([name, home]) => [name, new Set([home])]))
  const order = innermostFirst(graph)
  // Without circles one round does; each circle inside a circle may take one more.
  for (let isSettled = false; !isSettled;) {
    isSettled = true
    for (const { name, next } of order) {
      const own = reach.get(name)
      if (own === undefined) continue
      const before = own.size
      for (const neighbour of next) for (const home of reach.get(neighbour) ?? []) own.add(home)
      if (own.size > before) isSettled = false
    }
  }
  return reach
}

type Visited = { readonly name: string; readonly next: readonly string[] }

/** Depth first, what a schema refers to before the schema itself; without recursion, since a chain may be long. */
function innermostFirst(graph: Graph): readonly Visited[] {
  const order: Visited[] = []
  const seen = new Set<string>()
  for (const start of graph.schemas.keys()) {
    const stack = [open(start)]
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const name = top.rest.pop()
      if (name !== undefined) stack.push(open(name))
      else {
        order.push(...top.visited)
        stack.pop()
      }
    }
  }
  return order

  function open(name: string) {
    const references = graph.schemas.get(name)
    if (references === undefined || seen.has(name)) return { rest: [], visited: [] }
    seen.add(name)
    const next = [...neighbours(graph, references)]
    return { rest: [...next], visited: [{ name, next }] }
  }
}
