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
import { costsFromDay, operationIdsAt } from './seen.ts'

/** The places with the most requests first. */
export async function listRecommendations({ ports }: Call): Promise<Outcome> {
  await ports.flushGraphqlUse()
  const uses = await ports.graphqlUses.read()
  const { documents } = await ports.zone.read({ operation: 'all' })
  const known = { operations: documents.operation, costsFromDay: await costsFromDay(ports) }
  const byPlace = Map.groupBy(uses, ({ host, path }) => `${host}\n${path}`)
  const all = [...byPlace.values()].map((ofPlace) => recommendation(ofPlace, known))
  const result = all
    .sort((a, b) => b.requests - a.requests)
    .slice(0, LIMITS.graphqlRecommendationsMax)
  return ok({ result })
}

type Known = {
  readonly operations: readonly Operation[]
  readonly costsFromDay: number | null
}

function recommendation(uses: readonly GraphqlUse[], known: Known) {
  const [first] = uses
  const host = first?.host ?? ''
  const path = first?.path ?? ''
  const size = figures(uses.map(({ sizes }) => sizes))
  const depth = figures(uses.map(({ depths }) => depths))
  const cost = costFigures(uses, known.costsFromDay)
  const limits = {
    depth: depth.suggested,
    size: size.suggested,
    // A limit of 0 would stop whatever costs anything.
    cost: cost === null || cost.max === 0 ? null : cost.suggested,
  }
  return {
    operation_ids: operationIdsAt({ host, path }, known.operations),
    host,
    path,
    requests: sum(uses.map(({ requests }) => requests)),
    unparsed: sum(uses.map((use) => use.unparsed)),
    query_size: size,
    query_depth: depth,
    query_cost: cost,
    // Where nothing could be measured nothing is known.
    expression: size.max === 0 ? null : expressionOf({ host, path }, limits),
  }
}

/** `null`: there is no schema to count costs by, or nothing was counted by it yet. */
function costFigures(uses: readonly GraphqlUse[], fromDay: number | null) {
  if (fromDay === null) return null
  const costs = uses.filter(({ day }) => day >= fromDay).map((use) => use.costs)
  // Of fewer requests than sizes, as a rule: a schema may come later.
  const requests = sum(costs.map(({ total }) => total))
  return requests === 0 ? null : { requests, ...figures(costs) }
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

type Limits = { readonly depth: number; readonly size: number; readonly cost: number | null }

/** A client may send any port with the host, so a rule over the host alone would be evaded. */
function expressionOf(
  { host, path }: Pick<GraphqlUse, 'host' | 'path'>,
  { depth, size, cost }: Limits,
): string {
  const fields = 'cf.api_gateway.graphql'
  const tooMuch = [
    `${fields}.query_depth > ${depth}`,
    `${fields}.query_size > ${size}`,
    ...(cost === null ? [] : [`cf.portcullis.graphql.cost > ${cost}`]),
  ]
  return [
    hostCondition(host),
    pathCondition(path),
    `${fields}.parsed_successfully`,
    `(${tooMuch.join(' or ')})`,
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
