import { bandsOf, pairsOf } from '#engines/histograms'
import { describe, expect, test } from 'vitest'
import { createGraphqlUseBuffer } from '../../../worker/gateway/graphql-use-buffer.ts'
import { GATEWAY_LIMITS } from '../../../worker/gateway/limits.ts'
import type { GraphqlObserved } from '../../../worker/storage/graphql-use.ts'

const DAY_MS = 86_400_000

function bufferOver(record?: () => Promise<void>) {
  const calls: (readonly GraphqlObserved[])[] = []
  const store = {
    async record(uses: readonly GraphqlObserved[]) {
      calls.push(uses)
      await record?.()
    },
  }
  return { calls, buffer: createGraphqlUseBuffer(store, async () => {}) }
}

const at = (path: string, query_size = 1) => ({
  place: { host: 'a.example', path },
  figures: { query_size, query_depth: 1, query_cost: null },
  originMs: 20,
})

describe('counts of GraphQL queries', () => {
  test('are added up by place and day, and sent in one call', async () => {
    const { buffer, calls } = bufferOver()
    buffer.add(at('/graphql', 3), DAY_MS - 1)
    const flush = buffer.flushSoon(0)
    buffer.add(at('/graphql', 5), DAY_MS - 1)
    buffer.add({ ...at('/graphql'), figures: null }, DAY_MS - 1)
    buffer.add(at('/graphql'), DAY_MS)
    buffer.add(at('/other'), DAY_MS)
    expect(buffer.flushSoon(0)).toBeNull()
    await flush
    expect(calls).toHaveLength(1)
    expect(
      calls[0]?.map(({ day, path, requests, unparsed }) => [day, path, requests, unparsed]),
    ).toEqual([
      [0, '/graphql', 3, 1],
      [1, '/graphql', 1, 0],
      [1, '/other', 1, 0],
    ])
    expect(calls[0]?.[0]?.sizes).toMatchObject({ total: 2, max: 5 })
    expect(buffer.flushSoon(0)).toBeNull()
  })

  test('have times by what was asked for, and costs where there are any, rounded up', async () => {
    const { buffer, calls } = bufferOver()
    const figures = { query_size: 3, query_depth: 2, query_cost: 6.5 }
    buffer.add({ ...at('/graphql'), figures, originMs: 40 }, 0)
    buffer.add({ ...at('/graphql'), figures: { ...figures, query_cost: null } }, 0)
    buffer.add({ ...at('/graphql'), figures: null }, 0)
    await buffer.flush()
    const [use] = calls[0] ?? []
    expect(use?.costs).toEqual({ counts: { 7: 1 }, total: 1, max: 7 })
    if (use === undefined) throw new Error('nothing was sent')
    const { query_size, query_depth, query_cost } = use.times
    expect([query_size, query_depth, query_cost].map(pairsOf)).toEqual([2, 2, 1])
    expect(bandsOf(query_size)).toMatchObject([{ lower: 3, seconds: { total: 2 } }])
    expect(bandsOf(query_depth)).toMatchObject([{ lower: 2, seconds: { total: 2 } }])
    expect(bandsOf(query_cost)).toMatchObject([{ lower: 6, upper: 7, seconds: { max: 43 } }])
  })

  test.each([
    ['below', -1, -1],
    ['at', 0, 0],
    ['above', 1, 0],
  ])('%s the bound of places', async (_name, more, kept) => {
    const { buffer, calls } = bufferOver()
    const places = GATEWAY_LIMITS.graphqlPlacesMax + more
    for (let n = 0; n < places; n++) buffer.add(at(`/${n}`), 0)
    buffer.add(at('/0'), 0)
    await buffer.flush()
    expect(calls[0]).toHaveLength(GATEWAY_LIMITS.graphqlPlacesMax + kept)
    expect(calls[0]?.[0]?.requests).toBe(2)
  })

  test.each([
    [GATEWAY_LIMITS.eventTextCharactersMax, 1],
    [GATEWAY_LIMITS.eventTextCharactersMax + 1, 0],
  ])('of a path of %i characters: %i', async (length, kept) => {
    const { buffer, calls } = bufferOver()
    buffer.add(at('/'.padEnd(length, 'x')), 0)
    await buffer.flush()
    expect(calls).toHaveLength(kept)
  })

  test('that could not be stored are gone, and later ones are not', async () => {
    let failures = 1
    const { buffer, calls } = bufferOver(async () => {
      if (failures-- > 0) throw new Error('store is down')
    })
    buffer.add(at('/a'), 0)
    await buffer.flush()
    buffer.add(at('/b'), 0)
    await buffer.flush()
    expect(calls.map((uses) => uses.map(({ path }) => path))).toEqual([['/a'], ['/b']])
  })

  test('are flushed by another request when the one that was to do it is gone', () => {
    const { buffer } = bufferOver()
    buffer.add(at('/a'), 0)
    expect(buffer.flushSoon(0)).not.toBeNull()
    buffer.add(at('/a'), 0)
    expect(buffer.flushSoon(14_999)).toBeNull()
    expect(buffer.flushSoon(15_000)).not.toBeNull()
  })
})
