/** The ways to measure a body that are compared: this engine, what graphql-js needs for the same, and `JSON.parse` alone as the yardstick. */
import { createGraphqlMeasurer } from '#engines/graphql'
import { type ASTVisitor, Lexer, parse, Source, visit } from 'graphql'
import type { GraphqlBody } from './graphql-bodies.ts'

/** Measures every body once; the sum depends on all of the work. */
type Way = (bodies: readonly PreparedBody[]) => number

export type PreparedBody = { readonly text: string; readonly bytes: Uint8Array }

export function prepare(bodies: readonly GraphqlBody[]): readonly PreparedBody[] {
  return bodies.map(({ text }) => ({ text, bytes: new TextEncoder().encode(text) }))
}

const measurer = createGraphqlMeasurer()

export const WAYS: { readonly [name: string]: Way } = {
  'JSON.parse': (bodies) => sumOf(bodies, ({ text }) => queryOf(text).length),
  'this engine': (bodies) => sumOf(bodies, ({ bytes }) => measureBytes(bytes)),
  'graphql-js lexer': (bodies) => sumOf(bodies, ({ text }) => countTokens(queryOf(text))),
  'graphql-js parse': (bodies) =>
    sumOf(bodies, ({ text }) => parse(queryOf(text)).definitions.length),
  'graphql-js parse and visit': (bodies) => sumOf(bodies, ({ text }) => measureTree(queryOf(text))),
}

export function measureBytes(body: Uint8Array): number {
  const request = { method: 'POST', contentType: 'application/json', query: '', body }
  const {
    parsed_successfully: isMeasured,
    query_size: size,
    query_depth: depth,
  } = measurer.measure(request)
  return isMeasured ? size + depth : 0
}

/** What this engine answers, as far as a visitor can find it: the same counts, and sizes and depths with fragments expanded. */
export function measureTree(query: string): number {
  const found: Found = { definitions: [], counts: [0, 0, 0, 0] }
  visit(parse(query, { noLocation: true }), visitorFor(found))
  const fragments = new Map(found.definitions.map((each) => [each.name, each]))
  let sum = found.counts.reduce((total, count) => total + count, 0)
  for (const each of found.definitions) {
    if (each.isFragment) continue
    const { leaves, depth } = expanded(each, fragments)
    sum += leaves + depth
  }
  return sum
}

type Definition = {
  readonly name: string
  readonly isFragment: boolean
  leaves: number
  depth: number
  readonly spreads: { readonly name: string; readonly depth: number }[]
  sum: { readonly leaves: number; readonly depth: number } | null
}

type Found = { readonly definitions: Definition[]; readonly counts: number[] }

function visitorFor({ definitions, counts }: Found): ASTVisitor {
  let depth = 0
  let current: Definition | undefined
  const enter = (name: string, isFragment: boolean) => {
    current = { name, isFragment, leaves: 0, depth: 0, spreads: [], sum: null }
    definitions.push(current)
  }
  const count = (kind: number) => {
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return {
    OperationDefinition: (node) => enter(node.name?.value ?? '', false),
    FragmentDefinition: (node) => enter(node.name.value, true),
    FragmentSpread: (node) => void current?.spreads.push({ name: node.name.value, depth }),
    Directive: () => count(0),
    Argument: () => count(1),
    Field: {
      enter(node) {
        count(2)
        if (node.alias !== undefined) count(3)
        if (node.selectionSet !== undefined) depth += 1
        else if (current !== undefined) {
          current.leaves += 1
          current.depth = Math.max(current.depth, depth)
        }
      },
      leave(node) {
        if (node.selectionSet !== undefined) depth -= 1
      },
    },
  }
}

function expanded(
  definition: Definition,
  fragments: ReadonlyMap<string, Definition>,
): { readonly leaves: number; readonly depth: number } {
  if (definition.sum !== null) return definition.sum
  let { leaves, depth } = definition
  for (const spread of definition.spreads) {
    const fragment = fragments.get(spread.name)
    if (fragment === undefined) continue
    const part = expanded(fragment, fragments)
    leaves += part.leaves
    depth = Math.max(depth, spread.depth + part.depth)
  }
  definition.sum = { leaves, depth }
  return definition.sum
}

export function queryOf(text: string): string {
  const { query }: { query?: unknown } = JSON.parse(text)
  return typeof query === 'string' ? query : ''
}

function countTokens(query: string): number {
  const lexer = new Lexer(new Source(query))
  let tokens = 0
  while (lexer.advance().kind !== '<EOF>') tokens += 1
  return tokens
}

function sumOf(bodies: readonly PreparedBody[], measure: (body: PreparedBody) => number): number {
  let sum = 0
  for (const body of bodies) sum += measure(body)
  return sum
}
