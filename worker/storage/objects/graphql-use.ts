/** The counts of GraphQL queries in a Traffic shard: a row a day and place, of the newest thirty days, bounded in places. */
import { EMPTY_HISTOGRAM, type Histogram, merged } from '#engines/histograms'
import type { GraphqlUse } from '../graphql-use.ts'
import { parseOwn } from '../own.ts'
import {
  addGraphqlLoad,
  createGraphqlLoadTable,
  forgetGraphqlLoad,
  type SentGraphqlUse,
} from './graphql-load.ts'

/** Recommendations speak of as many days. */
const DAYS_KEPT = 30

/** Places of one day; those that come later on it are not counted. */
const PLACES_MAX = 500

export function createGraphqlUseTables(sql: SqlStorage): void {
  sql.exec(`CREATE TABLE IF NOT EXISTS graphql_use (
    day INTEGER NOT NULL, host TEXT NOT NULL, path TEXT NOT NULL,
    requests INTEGER NOT NULL, unparsed INTEGER NOT NULL, sizes TEXT NOT NULL, depths TEXT NOT NULL,
    PRIMARY KEY (day, host, path))`)
  createGraphqlLoadTable(sql)
}

/** To be called in a transaction. */
export function addGraphqlUse(sql: SqlStorage, use: SentGraphqlUse): void {
  const { day, host, path, requests, unparsed, sizes, depths } = use
  const [stored] = sql
    .exec<{ sizes: string; depths: string }>(
      'SELECT sizes, depths FROM graphql_use WHERE day = ? AND host = ? AND path = ?',
      day,
      host,
      path,
    )
    .toArray()
  if (stored === undefined && placesOf(sql, day) >= PLACES_MAX) return
  sql.exec(
    `INSERT INTO graphql_use VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
     ON CONFLICT (day, host, path) DO UPDATE
     SET requests = requests + ?4, unparsed = unparsed + ?5, sizes = ?6, depths = ?7`,
    day,
    host,
    path,
    requests,
    unparsed,
    JSON.stringify(merged(histogram(stored?.sizes), sizes)),
    JSON.stringify(merged(histogram(stored?.depths), depths)),
  )
  addGraphqlLoad(sql, use)
  sql.exec('DELETE FROM graphql_use WHERE day <= ?', day - DAYS_KEPT)
  forgetGraphqlLoad(sql, day - DAYS_KEPT)
}

/** As JSON texts of histograms, which are cheap to send. */
export type StoredGraphqlUse = Omit<GraphqlUse, 'sizes' | 'depths' | 'costs'> & {
  readonly sizes: string
  readonly depths: string
  /** `null`: none were counted. */
  readonly costs: string | null
}

export function readGraphqlUse(sql: SqlStorage): StoredGraphqlUse[] {
  return sql
    .exec<StoredGraphqlUse>(
      `SELECT day, host, path, requests, unparsed, sizes, depths, costs
       FROM graphql_use LEFT JOIN graphql_load USING (day, host, path)
       ORDER BY requests DESC LIMIT ?`,
      DAYS_KEPT * PLACES_MAX,
    )
    .toArray()
}

function placesOf(sql: SqlStorage, day: number): number {
  return sql
    .exec<{ places: number }>('SELECT COUNT(*) AS places FROM graphql_use WHERE day = ?', day)
    .one().places
}

function histogram(text: string | undefined): Histogram {
  return text === undefined ? EMPTY_HISTOGRAM : parseOwn<Histogram>(text)
}
