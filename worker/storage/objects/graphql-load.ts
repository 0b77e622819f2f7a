/**
 * What GraphQL queries cost and how long the origin took over them: a row for each of `graphql_use` in which something was
 * measured. A table of its own, so that objects of an earlier release need no change, and an earlier release none of these.
 */
import {
  EMPTY_HISTOGRAM,
  EMPTY_RELATION,
  type Histogram,
  merged,
  pairsOf,
} from '#engines/histograms'
import {
  type GraphqlObserved,
  type GraphqlPlaceTimes,
  type GraphqlTimes,
  mergedTimes,
  NO_TIMES,
} from '../graphql-use.ts'
import { parseOwn } from '../own.ts'
import type { GraphqlTimesQuery } from '../ports.ts'

export function createGraphqlLoadTable(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS graphql_load (
    day INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    costs TEXT NOT NULL, times TEXT NOT NULL,
    PRIMARY KEY (day, host, path))`)
  // All days of one place are read together.
  sql.exec('CREATE INDEX IF NOT EXISTS graphql_load_place ON graphql_load (host, path)')
}

/** An isolate of an earlier release may still send what it counts, and knows neither. */
export type SentGraphqlUse = Omit<GraphqlObserved, 'costs' | 'times'> &
  Partial<Pick<GraphqlObserved, 'costs' | 'times'>>

/** To be called in a transaction, for a place that has room. */
export function addGraphqlLoad(
  sql: SqlStorage,
  { day, host, path, costs = EMPTY_HISTOGRAM, times = NO_TIMES }: SentGraphqlUse,
): void {
  if (pairsOf(times.query_size) === 0) return
  const [stored] = sql
    .exec<{ costs: string; times: string }>(
      'SELECT costs, times FROM graphql_load WHERE day = ? AND host = ? AND path = ?',
      day,
      host,
      path,
    )
    .toArray()
  const before = {
    costs: stored === undefined ? EMPTY_HISTOGRAM : parseOwn<Histogram>(stored.costs),
    times: stored === undefined ? NO_TIMES : parseOwn<GraphqlTimes>(stored.times),
  }
  sql.exec(
    `INSERT INTO graphql_load (day, host, path, costs, times) VALUES (?1, ?2, ?3, ?4, ?5)
     ON CONFLICT (day, host, path) DO UPDATE SET costs = ?4, times = ?5`,
    day,
    host,
    path,
    JSON.stringify(merged(before.costs, costs)),
    JSON.stringify(mergedTimes(before.times, times)),
  )
}

export function forgetGraphqlLoad(sql: SqlStorage, untilDay: number): void {
  sql.exec('DELETE FROM graphql_load WHERE day <= ?', untilDay)
}

/** `times` as a JSON text, which is cheap to send. */
export type StoredGraphqlTimes = Omit<GraphqlPlaceTimes, 'times'> & { readonly times: string }

/** The places with the most requests. All days of one are added up here, because a row may be large. */
export function readGraphqlTimes(
  sql: SqlStorage,
  { placesMax, costsFromDay }: GraphqlTimesQuery,
): StoredGraphqlTimes[] {
  const places = sql
    .exec<{ host: string; path: string }>(
      `SELECT host, path FROM graphql_load JOIN graphql_use USING (day, host, path)
       GROUP BY host, path ORDER BY SUM(requests) DESC LIMIT ?`,
      placesMax,
    )
    .toArray()
  return places.map(({ host, path }) => {
    let times = NO_TIMES
    for (const row of sql.exec<{ day: number; times: string }>(
      'SELECT day, times FROM graphql_load WHERE host = ? AND path = ?',
      host,
      path,
    )) {
      const ofDay = parseOwn<GraphqlTimes>(row.times)
      const isByCost = costsFromDay !== null && row.day >= costsFromDay
      times = mergedTimes(times, isByCost ? ofDay : { ...ofDay, query_cost: EMPTY_RELATION })
    }
    return { host, path, times: JSON.stringify(times) }
  })
}
