/** The ways to measure a body that are compared: this engine, what graphql-js needs for the same, and `JSON.parse` alone as the yardstick. */
import { createGraphqlMeasurer } from '#engines/graphql'
import { Lexer, parse, Source, visit } from 'graphql'
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

/** Size and depth of what is written, fragments left alone: the least that a visitor can do. */
export function measureTree(query: string): number {
  let leaves = 0
  let depth = 0
  let deepest = 0
  visit(parse(query, { noLocation: true }), {
    Field: {
      enter(node) {
        if (node.selectionSet === undefined) leaves += 1
        else depth += 1
        deepest = Math.max(deepest, depth)
      },
      leave(node) {
        if (node.selectionSet !== undefined) depth -= 1
      },
    },
  })
  return leaves + deepest
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
