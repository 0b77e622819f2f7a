/** Costs by an uploaded schema, through rules. */
import { compileCostSchema } from '#engines/graphql'
import { describe, expect, test } from 'vitest'
import { type GraphqlCost, packCost } from '../../../worker/storage/resources/graphql-cost.ts'
import { graphqlShield, json, post, type Setup, SMALL } from './graphql-shield.ts'

const SCHEMA = `
  type Query {
    hero: Hero
    users(first: Int): [User!]! @listSize(slicingArguments: ["first"])
  }
  type Mutation { rename: User }
  type Hero { name: String }
  type User { name: String posts: [Post] @listSize(assumedSize: 5) secret: String @cost(weight: "7") }
  type Post { title: String }
`

function shieldOf(expression: string, setup: Setup = {}) {
  const compiled = compileCostSchema(SCHEMA)
  if (!compiled.ok) throw new Error(compiled.error.message)
  const stored = JSON.parse(json(packCost(compiled.value))) as GraphqlCost
  return graphqlShield({ rules: [{ expression }], zone: { graphql_cost: [stored] }, ...setup })
}

describe('a cost', () => {
  test.each<[string, string, unknown, number]>([
    ['one object', SMALL, {}, 1],
    ['as many as an argument says', '{ users(first: 3) { name } }', {}, 3],
    ['as many as a variable says', 'query($n: Int) { users(first: $n) { name } }', { n: 4 }, 4],
    ['lists in lists', '{ users(first: 2) { posts { title } } }', {}, 12],
    ['a weight of its own', '{ users(first: 1) { secret } }', {}, 8],
    ['a mutation', 'mutation { rename { name } }', {}, 11],
    [
      'through a fragment',
      '{ users(first: 2) { ...f } } fragment f on User { posts { title } }',
      {},
      12,
    ],
  ])('of %s', async (_name, query, variables, cost) => {
    const stopping = shieldOf(`cf.portcullis.graphql.cost eq ${cost}`)
    const { status, finding } = await stopping.judge(post(json({ query, variables })))
    expect(finding?.detail).toMatchObject({ query_cost: cost })
    expect(status).toBe(403)
  })

  test.each<[string, Setup]>([
    ['which a rule asks for', {}],
    [
      'of a sample where no rule asks',
      {
        rules: [],
        settings: { endpoints: [{ host: 'api.example', path: '/graphql' }] },
        ports: { isSampled: () => true },
      },
    ],
  ])('%s is counted once', async (_name, setup) => {
    const { judge, uses } = shieldOf('cf.portcullis.graphql.cost gt 100', setup)
    await judge(post(json({ query: '{ users(first: 3) { name } }' })))
    expect(uses).toHaveLength(1)
    expect(uses[0]?.costs).toEqual({ counts: { 3: 1 }, total: 1, max: 3 })
    expect(uses[0]?.times.query_cost.sums.pairs).toBe(1)
  })

  test('is not known without a schema', async () => {
    const { judge } = graphqlShield({ rules: [{ expression: 'cf.portcullis.graphql.cost ge 0' }] })
    expect((await judge(post(json({ query: SMALL })))).status).toBe(200)
  })
})
