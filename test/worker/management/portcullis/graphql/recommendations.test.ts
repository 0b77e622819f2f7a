import { compileCondition } from '#engines/expressions'
import {
  EMPTY_HISTOGRAM,
  EMPTY_RELATION,
  type Histogram,
  withPair,
  withValue,
} from '#engines/histograms'
import { describe, expect, test } from 'vitest'
import { createGraphqlUseStore } from '../../../../../worker/storage/objects/graphql-use-store.ts'
import { type GraphqlObserved, NO_TIMES } from '../../../../../worker/storage/graphql-use.ts'
import { api, settings, Z } from '../../../../support/management.ts'

const PATH = `${Z}/portcullis/graphql/recommendations`

type Recommendation = {
  readonly path: string
  readonly expression: string
  readonly query_cost: unknown
}

const histogram = (values: readonly number[]): Histogram =>
  values.reduce(withValue, EMPTY_HISTOGRAM)

const use = (values: readonly number[], more: Partial<GraphqlObserved> = {}): GraphqlObserved => ({
  day: 20_000,
  host: 'api.example',
  path: '/graphql',
  requests: values.length,
  unparsed: 0,
  sizes: histogram(values),
  depths: histogram(values.map((value) => Math.ceil(value / 10))),
  costs: EMPTY_HISTOGRAM,
  times: { ...NO_TIMES, query_size: withPair(EMPTY_RELATION, { x: 1, y: 1 }) },
  ...more,
})

const storeOf = (name: string) => createGraphqlUseStore(settings.TRAFFIC, name)

describe('200', () => {
  test('nothing was seen', async () => {
    expect((await api('recommend-none')(`GET ${PATH}`)).result).toEqual([])
  })

  test('one and a half times what 99 of 100 do not exceed, over days, with the rule', async () => {
    const call = api('recommend')
    const { result: operation } = await call<{ operation_id: string }>(
      `POST ${Z}/api_gateway/operations/item`,
      { body: { method: 'POST', host: 'api.example', endpoint: '/graphql' } },
    )
    const values = Array.from({ length: 50 }, (_, n) => n + 1)
    await storeOf('recommend').record([use(values), use([1], { path: '/b' })])
    await storeOf('recommend').record([
      use([...values, 1_000], { day: 20_001, requests: 52, unparsed: 1 }),
    ])
    const { result } = await call(`GET ${PATH}`)
    expect(result).toEqual([
      {
        operation_ids: [operation.operation_id],
        host: 'api.example',
        path: '/graphql',
        requests: 102,
        unparsed: 1,
        query_size: { p50: 26, p90: 46, p99: 50, max: 1_000, suggested: 75 },
        query_depth: { p50: 3, p90: 5, p99: 5, max: 100, suggested: 8 },
        query_cost: null,
        expression:
          '(http.host eq "api.example" or starts_with(http.host, "api.example:")) and http.request.uri.path wildcard "/graphql*" and cf.api_gateway.graphql.parsed_successfully and (cf.api_gateway.graphql.query_depth > 8 or cf.api_gateway.graphql.query_size > 75)',
      },
      expect.objectContaining({ path: '/b', operation_ids: [], requests: 1 }),
    ])
  })

  test('a cost too, where a schema says what queries cost, from the day on that it came', async () => {
    const call = api('recommend-cost', { nowMs: () => 20_001 * 86_400_000 + 5 })
    const costs = histogram([...Array.from({ length: 99 }, () => 40), 1_000])
    await storeOf('recommend-cost').record([
      use([1], { costs: histogram([7]) }),
      use([2], { day: 20_001, requests: 120, costs }),
      use([1], { day: 20_001, path: '/free', costs: histogram([0]) }),
      use([1], { day: 20_000, path: '/before', costs: histogram([7]) }),
    ])
    const without = await call<Recommendation[]>(`GET ${PATH}`)
    expect(without.result.map(({ query_cost }) => query_cost)).toEqual([null, null, null])
    await call(`PUT ${Z}/portcullis/graphql/schema`, { body: { schema: 'type Query { a: Int }' } })
    const { result } = await call<Recommendation[]>(`GET ${PATH}`)
    const at = (path: string) => result.find((each) => each.path === path)
    expect(at('/graphql')).toMatchObject({
      requests: 121,
      query_cost: { requests: 100, p50: 40, p90: 40, p99: 40, max: 1_000, suggested: 60 },
      expression: expect.stringContaining(
        '(cf.api_gateway.graphql.query_depth > 2 or cf.api_gateway.graphql.query_size > 3 or cf.portcullis.graphql.cost > 60)',
      ) as string,
    })
    // Nothing costs anything there, so that any cost would be too much.
    expect(at('/free')?.query_cost).toMatchObject({ max: 0 })
    expect(at('/free')?.expression).not.toContain('cost')
    expect(at('/before')?.query_cost).toBeNull()
    for (const { expression } of result) {
      expect(compileCondition(expression, { lists: new Map() })).toMatchObject({ ok: true })
    }
  })

  test('every expression is one that a rule may have', async () => {
    const paths = ['/a/{b}/graphql', '/{a}', '/{a}{b}', String.raw`/a*\"b`, '/']
    const uses = paths.map((path) => use([1], { path, host: '{sub}.example' }))
    await storeOf('recommend-text').record([...uses, use([1], { host: '[::1]' })])
    const { result } = await api('recommend-text')<Recommendation[]>(`GET ${PATH}`)
    expect(result).toHaveLength(6)
    for (const { expression } of result) {
      expect(compileCondition(expression, { lists: new Map() })).toMatchObject({ ok: true })
    }
  })

  test('of what could not be measured there is no rule', async () => {
    await storeOf('recommend-unparsed').record([use([], { requests: 3, unparsed: 3 })])
    const { result } = await api('recommend-unparsed')<unknown[]>(`GET ${PATH}`)
    expect(result).toMatchObject([{ requests: 3, unparsed: 3, expression: null }])
  })

  test('counts of this isolate are stored first', async () => {
    const flushGraphqlUse = () => storeOf('recommend-flush').record([use([1])])
    const reply = await api('recommend-flush', { flushGraphqlUse })<unknown[]>(`GET ${PATH}`)
    expect(reply.result).toHaveLength(1)
  })
})

describe('the store', () => {
  test('forgets what is older than thirty days', async () => {
    const store = storeOf('recommend-days')
    await store.record([use([1], { day: 100 }), use([1], { day: 101 })])
    await store.record([use([1], { day: 130 })])
    expect((await store.read()).map(({ day }) => day).sort((a, b) => a - b)).toEqual([101, 130])
  })

  test('is bounded in places: what comes later on a day is not counted', async () => {
    const store = storeOf('recommend-places')
    const uses = Array.from({ length: 2_500 }, (_, n) => use([1], { path: `/${n}/graphql` }))
    await store.record(uses)
    expect((await store.read()).length).toBeLessThanOrEqual(2_000)
  })
})
