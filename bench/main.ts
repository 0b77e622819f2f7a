/** `npm run bench -- NAME`: prints JSON lines, one a figure; members name their unit, and `ratio` is to a reference of the same run. */
import { benchExpressions } from './expressions.ts'
import { benchGraphql } from './graphql.ts'
import { benchRevocation } from './revocation.ts'
import { benchSchemas } from './schemas.ts'
import { benchSessions } from './sessions.ts'
import { benchTokens } from './tokens.ts'

type Row = { readonly [name: string]: unknown }

/** By name; each hands out its rows as they are measured. */
const BENCHES: { readonly [name: string]: () => AsyncIterable<Row> } = {
  expressions: benchExpressions,
  graphql: benchGraphql,
  schemas: benchSchemas,
  revocation: benchRevocation,
  sessions: benchSessions,
  tokens: benchTokens,
}

const [name = '', ...rest] = process.argv.slice(2)
const bench = Object.hasOwn(BENCHES, name) ? BENCHES[name] : undefined
if (bench === undefined || rest.length > 0) {
  console.error(`usage: npm run bench -- ${Object.keys(BENCHES).join('|')}`)
  process.exitCode = 2
} else {
  for await (const row of bench()) console.log(JSON.stringify(row))
}
