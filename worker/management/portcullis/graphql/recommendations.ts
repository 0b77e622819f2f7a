/**
 * Limits for GraphQL queries from what was seen of them in the last thirty days: one and a half times what 99 of 100 queries
 * do not exceed, and the rule that says so. Counted is what the origin took, never what was stopped.
 */
import { EMPTY_HISTOGRAM, type Histogram, merged, quantile } from '#engines/histograms'
import { ok } from '#engines/result'
import type { GraphqlUse } from '../../../storage/graphql-use.ts'
import type { Operation } from '../../../storage/resources.ts'
import type { Call, Outcome } from '../../handler.ts'
import { LIMITS } from '../../limits.ts'

/** The places with the most requests first. */
export async function listRecommendations({ ports }: Call): Promise<Outcome> {
  await ports.flushGraphqlUse()
  const uses = await ports.graphqlUses.read()
  const { documents } = await ports.zone.read({ operation: 'all' })
  const byPlace = Map.groupBy(uses, ({ host, path }) => `${host}\n${path}`)
  const all = [...byPlace.values()].map((ofPlace) => recommendation(ofPlace, documents.operation))
  const result = all
    .sort((a, b) => b.requests - a.requests)
    .slice(0, LIMITS.graphqlRecommendationsMax)
  return ok({ result })
}

function recommendation(uses: readonly GraphqlUse[], operations: readonly Operation[]) {
  const [first] = uses
  const host = first?.host ?? ''
  const path = first?.path ?? ''
  const size = figures(uses.map(({ sizes }) => sizes))
  const depth = figures(uses.map(({ depths }) => depths))
  const unparsed = sum(uses.map((use) => use.unparsed))
  return {
    operation_ids: operations
      .filter((operation) => operation.host === host && operation.endpoint === path)
      .map(({ operation_id }) => operation_id),
    host,
    path,
    requests: sum(uses.map(({ requests }) => requests)),
    unparsed,
    query_size: size,
    query_depth: depth,
    // Where nothing could be measured nothing is known.
    expression:
      size.max === 0
        ? null
        : expressionOf({ host, path, size: size.suggested, depth: depth.suggested }),
  }
}

const HEADROOM = 1.5

function figures(histograms: readonly Histogram[]) {
  const all = histograms.reduce(merged, EMPTY_HISTOGRAM)
  const p99 = quantile(all, 0.99)
  return {
    p50: quantile(all, 0.5),
    p90: quantile(all, 0.9),
    p99,
    max: all.max,
    suggested: Math.ceil(p99 * HEADROOM),
  }
}

type Limit = {
  readonly host: string
  readonly path: string
  readonly size: number
  readonly depth: number
}

/** A client may send any port with the host, so a rule over the host alone would be evaded. */
function expressionOf({ host, path, size, depth }: Limit): string {
  const fields = 'cf.api_gateway.graphql'
  return [
    hostCondition(host),
    pathCondition(path),
    `${fields}.parsed_successfully`,
    `(${fields}.query_depth > ${depth} or ${fields}.query_size > ${size})`,
  ].join(' and ')
}

function hostCondition(host: string): string {
  if (host.includes('{')) return `http.host wildcard ${pattern(host)}`
  return `(http.host eq ${quoted(host)} or starts_with(http.host, ${quoted(`${host}:`)}))`
}

/** Letters of another case and a slash at the end are the same place; `wildcard` does not look at case. */
function pathCondition(path: string): string {
  return `http.request.uri.path wildcard ${pattern(path)}`
}

/** A star for each variable and at the end; no two stars may meet. */
function pattern(template: string): string {
  const pieces = template.split(/(?:\{[^{}]*\})+/)
  const literals = pieces.map((piece) => piece.replaceAll(/[*\\]/g, String.raw`\$&`))
  return quoted(pieces.at(-1) === '' ? literals.join('*') : `${literals.join('*')}*`)
}

function quoted(text: string): string {
  return `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"`
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}
