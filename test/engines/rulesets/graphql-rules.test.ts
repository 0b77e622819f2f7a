import { fieldIndex, type Value } from '#engines/expressions'
import { compileLists, compilePlan, type GraphqlMitigation, walk } from '#engines/rulesets'
import { describe, expect, test } from 'vitest'

type Seen = {
  readonly detected?: boolean
  readonly parsed?: boolean
  readonly registered?: boolean
}

const DETECTED = fieldIndex('cf.portcullis.graphql.detected')
const PARSED = fieldIndex('cf.api_gateway.graphql.parsed_successfully')
const REGISTERED = fieldIndex('cf.portcullis.graphql.is_registered')

/** The rules that a request met, the one that stopped it last. */
async function met(graphql: GraphqlMitigation, { detected, parsed, registered }: Seen) {
  const fields = new Map<number, Value | undefined>([
    [DETECTED, detected],
    [PARSED, parsed],
    [REGISTERED, registered],
  ])
  const result = await walk({
    plan: compilePlan({
      rulesets: [],
      tokens: [],
      graphql,
      schema: { logged: new Set(), blocked: new Set() },
      sequences: [],
      lists: compileLists([]),
      needs: () => null,
    }),
    request: { host: 'a.example', method: 'POST', path: '/graphql' },
    operationId: undefined,
    source: { field: (index) => fields.get(index), entry: () => undefined, list: () => undefined },
    prepare: () => null,
  })
  return [...result.noted, ...(result.end === 'blocked' ? [result.rule] : [])].map(({ id }) => id)
}

const broken: Seen = { detected: true, parsed: false, registered: false }
const other: Seen = { detected: true, parsed: true, registered: false }
const known: Seen = { detected: true, parsed: true, registered: true }

describe('GraphQL settings', () => {
  test.each<[string, GraphqlMitigation, Seen, readonly string[]]>([
    ['nothing asked', { unparsed: 'none', isRegisteredOnly: false }, broken, []],
    ['noted', { unparsed: 'log', isRegisteredOnly: false }, broken, ['graphql-unparsed-log']],
    ['stopped', { unparsed: 'block', isRegisteredOnly: false }, broken, ['graphql-unparsed-block']],
    ['parsed', { unparsed: 'block', isRegisteredOnly: false }, other, []],
    [
      'not registered',
      { unparsed: 'block', isRegisteredOnly: true },
      other,
      ['graphql-registered-only'],
    ],
    ['registered', { unparsed: 'block', isRegisteredOnly: true }, known, []],
    [
      'noted, and still not registered',
      { unparsed: 'log', isRegisteredOnly: true },
      broken,
      ['graphql-unparsed-log', 'graphql-registered-only'],
    ],
    ['not GraphQL', { unparsed: 'block', isRegisteredOnly: true }, { detected: false }, []],
    ['not looked at', { unparsed: 'block', isRegisteredOnly: true }, {}, []],
  ])('%s', async (_name, graphql, seen, rules) => {
    expect(await met(graphql, seen)).toEqual(rules)
  })
})
