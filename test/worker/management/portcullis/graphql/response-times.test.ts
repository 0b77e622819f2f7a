import { EMPTY_HISTOGRAM, EMPTY_RELATION, withPair } from '#engines/histograms'
import { describe, expect, test } from 'vitest'
import type { GraphqlObserved } from '../../../../../worker/storage/graphql-use.ts'
import { createGraphqlUseStore } from '../../../../../worker/storage/objects/graphql-use-store.ts'
import { api, settings, Z } from '../../../../support/management.ts'

const PATH = `${Z}/portcullis/graphql/response_times`
const DAY_MS = 86_400_000
const DAY = 20_000

type Query = { readonly size: number; readonly cost?: number; readonly ms: number }

function use(queries: readonly Query[], more: Partial<GraphqlObserved> = {}): GraphqlObserved {
  const relation = (of: (query: Query) => number | undefined) =>
    queries.reduce((found, query) => {
      const x = of(query)
      return x === undefined ? found : withPair(found, { x, y: query.ms })
    }, EMPTY_RELATION)
  return {
    day: DAY,
    host: 'api.example',
    path: '/graphql',
    requests: queries.length,
    unparsed: 0,
    sizes: EMPTY_HISTOGRAM,
    depths: EMPTY_HISTOGRAM,
    costs: EMPTY_HISTOGRAM,
    times: {
      query_size: relation(({ size }) => size),
      query_depth: relation(() => 2),
      query_cost: relation(({ cost }) => cost),
    },
    ...more,
  }
}

const storeOf = (name: string) => createGraphqlUseStore(settings.TRAFFIC, name)

const times = (count: number, query: Query) => Array.from({ length: count }, () => query)

describe('200', () => {
  test('nothing was seen', async () => {
    expect((await api('times-none')(`GET ${PATH}`)).result).toEqual([])
  })

  test('by what was asked for: requests and times of each bucket, and how the two go together', async () => {
    const call = api('times')
    const { result: operation } = await call<{ operation_id: string }>(
      `POST ${Z}/api_gateway/operations/item`,
      { body: { method: 'POST', host: 'api.example', endpoint: '/graphql' } },
    )
    await storeOf('times').record([
      use(times(10, { size: 4, ms: 10 })),
      use([{ size: 1, ms: 1 }], { path: '/b' }),
    ])
    const slow = [...times(90, { size: 5, ms: 10 }), ...times(8, { size: 40, ms: 15 })]
    await storeOf('times').record([
      use([...slow, { size: 47, ms: 1_000 }, { size: 9_000_000, ms: 1_000 }], { day: DAY + 1 }),
    ])
    const { result } = await call(`GET ${PATH}`)
    expect(result).toEqual([
      {
        operation_ids: [operation.operation_id],
        host: 'api.example',
        path: '/graphql',
        query_size: {
          requests: 110,
          correlation: expect.closeTo(0.791, 2) as number,
          buckets: [
            { lower: 4, upper: 5, requests: 100, p50_ms: 10, p90_ms: 10, p99_ms: 10 },
            { lower: 32, upper: 47, requests: 9, p50_ms: 15, p90_ms: 1_023, p99_ms: 1_023 },
            {
              lower: 1_048_576,
              upper: null,
              requests: 1,
              p50_ms: 1_023,
              p90_ms: 1_023,
              p99_ms: 1_023,
            },
          ],
        },
        query_depth: {
          requests: 110,
          correlation: null,
          buckets: [{ lower: 2, upper: 2, requests: 110, p50_ms: 10, p90_ms: 10, p99_ms: 1_023 }],
        },
        query_cost: null,
      },
      expect.objectContaining({ path: '/b', operation_ids: [] }),
    ])
  })

  test('by cost from the day on that the schema came', async () => {
    const call = api('times-cost', { nowMs: () => (DAY + 1) * DAY_MS + 5 })
    await storeOf('times-cost').record([
      use([{ size: 1, cost: 900, ms: 1 }]),
      use([{ size: 1, cost: 8, ms: 7 }], { day: DAY + 1 }),
    ])
    expect((await call(`GET ${PATH}`)).result).toMatchObject([{ query_cost: null }])
    await call(`PUT ${Z}/portcullis/graphql/schema`, { body: { schema: 'type Query { a: Int }' } })
    expect((await call(`GET ${PATH}`)).result).toMatchObject([
      {
        query_size: { requests: 2 },
        query_cost: {
          requests: 1,
          buckets: [{ lower: 8, upper: 11, requests: 1, p50_ms: 7, p90_ms: 7, p99_ms: 7 }],
        },
      },
    ])
  })

  test('of fifty places at most, those with the most requests', async () => {
    const uses = Array.from({ length: 60 }, (_, n) =>
      use(times(n + 1, { size: 1, ms: 1 }), { path: `/${n}/graphql` }),
    )
    await storeOf('times-places').record(uses)
    const { result } = await api('times-places')<{ path: string }[]>(`GET ${PATH}`)
    expect(result.map(({ path }) => path)).toEqual(
      Array.from({ length: 50 }, (_, n) => `/${59 - n}/graphql`),
    )
  })

  test('counts of this isolate are stored first', async () => {
    const flushGraphqlUse = () => storeOf('times-flush').record([use([{ size: 1, ms: 1 }])])
    const reply = await api('times-flush', { flushGraphqlUse })<unknown[]>(`GET ${PATH}`)
    expect(reply.result).toHaveLength(1)
  })
})
