/** The counts of GraphQL queries in the Traffic objects, those that an earlier release left there among them. */
import { env, runInDurableObject } from 'cloudflare:test'
import {
  bandsOf,
  EMPTY_HISTOGRAM,
  type Histogram,
  mergedRelations,
  pairsOf,
  withPair,
  withValue,
} from '#engines/histograms'
import { describe, expect, test } from 'vitest'
import type { Settings } from '../../../worker/settings.ts'
import { type GraphqlObserved, NO_TIMES } from '../../../worker/storage/graphql-use.ts'
import { createGraphqlUseStore } from '../../../worker/storage/objects/graphql-use-store.ts'
import { Traffic } from '../../../worker/storage/objects/traffic.ts'

const settings = env as unknown as Settings
const DAY = 20_000
const ALL = { placesMax: 50, costsFromDay: 0 }

const histogram = (values: readonly number[]): Histogram =>
  values.reduce(withValue, EMPTY_HISTOGRAM)

/** Queries of these sizes that cost ten times as much and took a hundred times as many milliseconds. */
function observed(sizes: readonly number[], more: Partial<GraphqlObserved> = {}): GraphqlObserved {
  const byFactor = (factor: number) =>
    sizes.reduce(
      (relation, size) => withPair(relation, { x: size * factor, y: size * 100 }),
      NO_TIMES.query_size,
    )
  return {
    day: DAY,
    host: 'a.example',
    path: '/graphql',
    requests: sizes.length,
    unparsed: 0,
    sizes: histogram(sizes),
    depths: histogram(sizes),
    costs: histogram(sizes.map((size) => size * 10)),
    times: { query_size: byFactor(1), query_depth: byFactor(1), query_cost: byFactor(10) },
    ...more,
  }
}

const storeOf = (name: string) => createGraphqlUseStore(settings.TRAFFIC, name)

/** All shards, because which one has a place is its own affair. */
const shardsOf = (name: string) =>
  [0, 1, 2, 3].map((number) => settings.TRAFFIC.getByName(`${name}:${number}`))

describe('what is recorded', () => {
  test('is added up by day, times over all days', async () => {
    const store = storeOf('use-sum')
    await store.record([observed([1, 2])])
    await store.record([observed([2]), observed([3], { day: DAY + 1 })])
    const uses = await store.read()
    expect(new Map(uses.map(({ day, costs }) => [day, costs]))).toEqual(
      new Map([
        [DAY, histogram([10, 20, 20])],
        [DAY + 1, histogram([30])],
      ]),
    )
    const [place, ...others] = await store.readTimes(ALL)
    expect(others).toEqual([])
    expect(place).toEqual({
      host: 'a.example',
      path: '/graphql',
      times: observed([1, 2, 2, 3]).times,
    })
  })

  test('has no times where nothing could be measured', async () => {
    const store = storeOf('use-unparsed')
    await store.record([observed([], { requests: 3, unparsed: 3 })])
    expect(await store.read()).toMatchObject([{ unparsed: 3, costs: EMPTY_HISTOGRAM }])
    expect(await store.readTimes(ALL)).toEqual([])
  })

  test('is forgotten after thirty days', async () => {
    const store = storeOf('use-days')
    await store.record([observed([1], { day: 100 }), observed([2], { day: 101 })])
    await store.record([observed([3], { day: 130 })])
    const [place] = await store.readTimes(ALL)
    expect(place?.times).toEqual(observed([2, 3]).times)
  })

  test.each([
    ['of all days', 0, 3],
    ['from a day on', DAY + 1, 2],
    ['of none', null, 0],
  ])('has times by cost %s', async (name, costsFromDay, pairs) => {
    const store = storeOf(`use-costs-${name}`)
    await store.record([observed([1]), observed([2, 3], { day: DAY + 1 })])
    const [place] = await store.readTimes({ ...ALL, costsFromDay })
    expect(pairsOf(place?.times.query_cost ?? NO_TIMES.query_cost)).toBe(pairs)
    expect(pairsOf(place?.times.query_size ?? NO_TIMES.query_size)).toBe(3)
  })

  test('is read for the places with the most requests', async () => {
    const store = storeOf('use-places')
    const uses = Array.from({ length: 20 }, (_, n) =>
      observed([1], { path: `/${n}/graphql`, requests: n + 1 }),
    )
    await store.record(uses)
    const read = await store.readTimes({ ...ALL, placesMax: 2 })
    expect(read.length).toBeLessThanOrEqual(4 * 2)
    expect(read.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['/19/graphql', '/18/graphql']),
    )
  })

  test('however large its rows are, can be read', async () => {
    const powers = Array.from({ length: 21 }, (_, n) => 2 ** n)
    const sizes = [0, ...powers, ...powers.map((power) => Math.floor(power * 1.5))]
    const full = Array.from({ length: 500 }, (_, n) => Math.floor(1.024 ** n)).reduce(
      (relation, ms) => sizes.reduce((filled, x) => withPair(filled, { x, y: ms }), relation),
      NO_TIMES.query_size,
    )
    const times = { query_size: full, query_depth: full, query_cost: full }
    expect(JSON.stringify(times).length).toBeLessThan(200_000)
    const store = storeOf('use-large')
    for (let day = DAY; day < DAY + 3; day++) await store.record([observed([1], { day, times })])
    const [place] = await store.readTimes(ALL)
    expect(place?.times.query_size).toEqual(mergedRelations(full, mergedRelations(full, full)))
  })
})

describe('an earlier release', () => {
  const OLD_TABLE = `CREATE TABLE graphql_use (
    day INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    requests INTEGER NOT NULL, unparsed INTEGER NOT NULL, sizes TEXT NOT NULL, depths TEXT NOT NULL,
    PRIMARY KEY (day, host, path))`
  const OLD_INSERT = 'INSERT INTO graphql_use VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)'

  /** The tables as it made them, and a row in one shard of the place it belongs to. */
  async function leftBehind(name: string): Promise<void> {
    await storeOf(name).record([observed([5])])
    for (const shard of shardsOf(name)) {
      await runInDurableObject(shard, (_object, { storage: { sql } }) => {
        const isThere = sql.exec('SELECT * FROM graphql_use').toArray().length > 0
        sql.exec('DROP TABLE graphql_load')
        sql.exec('DROP TABLE graphql_use')
        sql.exec(OLD_TABLE)
        const sizes = JSON.stringify(histogram([5, 7]))
        if (isThere) sql.exec(OLD_INSERT, DAY, 'a.example', '/graphql', 2, 0, sizes, sizes)
      })
    }
  }

  /** A new release begins with the constructor of the object. */
  async function upgrade(name: string): Promise<void> {
    for (const shard of shardsOf(name)) {
      await runInDurableObject(shard, (_object, state) => void new Traffic(state, settings))
    }
  }

  test('left rows that are read, and added to', async () => {
    await leftBehind('use-old')
    await upgrade('use-old')
    const store = storeOf('use-old')
    expect(await store.read()).toMatchObject([
      { requests: 2, sizes: histogram([5, 7]), costs: EMPTY_HISTOGRAM },
    ])
    expect(await store.readTimes(ALL)).toEqual([])
    await store.record([observed([9])])
    expect(await store.read()).toMatchObject([
      { requests: 3, sizes: histogram([5, 7, 9]), costs: histogram([90]) },
    ])
    const [place] = await store.readTimes(ALL)
    expect(bandsOf(place?.times.query_size ?? NO_TIMES.query_size)).toMatchObject([
      { lower: 8, upper: 11, seconds: { total: 1 } },
    ])
  })

  test('can write what this one reads, should it come back', async () => {
    const name = 'use-back'
    await storeOf(name).record([observed([1])])
    const [shard] = shardsOf(name)
    if (shard === undefined) throw new Error('there is no shard')
    await runInDurableObject(shard, (_object, { storage: { sql } }) => {
      const sizes = JSON.stringify(histogram([2]))
      sql.exec(OLD_INSERT, DAY, 'b.example', '/graphql', 1, 0, sizes, sizes)
    })
    expect((await storeOf(name).read()).map(({ host }) => host).toSorted()).toEqual([
      'a.example',
      'b.example',
    ])
  })

  test('may still have isolates that send neither costs nor times', async () => {
    const { costs: _costs, times: _times, ...sent } = observed([4])
    const [shard] = shardsOf('use-sent')
    await shard?.recordGraphqlUse([sent])
    expect(await storeOf('use-sent').read()).toMatchObject([{ requests: 1 }])
  })
})
