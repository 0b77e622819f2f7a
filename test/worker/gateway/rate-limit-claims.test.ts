/** Limits that count by what only a detector knows: claims of valid tokens, costs of GraphQL. */
import { expect, test, vi } from 'vitest'
import { compileCostSchema } from '#engines/graphql'
import { type GraphqlCost, packCost } from '../../../worker/storage/resources/graphql-cost.ts'
import { limitOf, type Setup, sessionShield } from './session-shield.ts'
import { A, configurationOf, NOW, signerOf } from './token-shield.ts'

const signer = await signerOf('one')
const stranger = await signerOf('one')

const TOKENS: Pick<Setup, 'zone' | 'ports'> = {
  zone: { token_configuration: [configurationOf(A, { keys: [signer.jwk] })] },
  ports: {
    tokens: {
      keys: { current: () => Promise.reject(new Error('nobody was to ask')) },
      replays: { claim: () => Promise.reject(new Error('nobody was to ask')) },
      open: async ({ credentials }) => credentials.keys,
      wait: () => new Promise(() => {}),
    },
  },
}

const bearing = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

test('a claim of a valid token has a counter; tokens of strangers share one', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  const { statuses } = await sessionShield({
    ...TOKENS,
    limits: [
      { expression: 'true', ratelimit: limitOf(1, [`http.request.jwt.claims.sub["${A}"][0]`]) },
    ],
  })
  const alice = async () => bearing(await signer.sign({ sub: 'alice' }))
  expect(await statuses(1, '/a', await alice())).toEqual([200])
  expect(await statuses(1, '/a', await alice())).toEqual([429])
  expect(await statuses(1, '/a', bearing(await signer.sign({ sub: 'bob' })))).toEqual([200])
  expect(await statuses(1, '/a', bearing(await stranger.sign({ sub: 'bob' })))).toEqual([200])
  expect(await statuses(1, '/a', bearing(await stranger.sign({ sub: 'carol' })))).toEqual([429])
  vi.useRealTimers()
})

test('a session that a claim names is counted as one, whatever its tokens are', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW * 1000 })
  const { ask, statuses } = await sessionShield({
    ...TOKENS,
    zone: {
      ...TOKENS.zone,
      configuration: [{ auth_id_characteristics: [{ type: 'jwt', name: `${A}:$.sub` }] }],
    },
    limits: [{ expression: 'true', ratelimit: limitOf(2, ['cf.portcullis.session.id']) }],
  })
  const token = (claims: object) => signer.sign({ sub: 'alice', ...claims })
  expect(await statuses(1, '/a', bearing(await token({ n: 1 })))).toEqual([200])
  expect(await statuses(1, '/a', bearing(await token({ n: 2 })))).toEqual([200])
  const third = await ask('/a', bearing(await token({ n: 3 })))
  expect(third.status).toBe(429)
  expect(third.events[0]?.session_id).toMatch(/^[0-9a-f]{32}$/)
  vi.useRealTimers()
})

test('GraphQL of one session may cost so much together', async () => {
  const compiled = compileCostSchema(
    'type Query { users(first: Int): [User!]! @listSize(slicingArguments: ["first"]) } type User { name: String }',
  )
  if (!compiled.ok) throw new Error(compiled.error.message)
  const stored = JSON.parse(JSON.stringify(packCost(compiled.value))) as GraphqlCost
  const { ask } = await sessionShield({
    zone: {
      graphql_cost: [stored],
      configuration: [{ auth_id_characteristics: [{ type: 'header', name: 'x-session' }] }],
    },
    limits: [
      {
        expression: 'cf.portcullis.graphql.cost gt 0',
        ratelimit: {
          characteristics: ['cf.portcullis.session.id'],
          period: 60,
          score_per_period: 10,
          score_expression: 'cf.portcullis.graphql.cost',
        },
      },
    ],
  })
  const query = async (first: number, session = 's') => {
    const body = JSON.stringify({ query: `{ users(first: ${first}) { name } }` })
    const headers = { 'content-type': 'application/json' }
    return (await ask('/graphql', { method: 'POST', session, body, headers })).status
  }
  expect(await query(7)).toBe(200)
  expect(await query(4)).toBe(429)
  expect(await query(3)).toBe(200)
  expect(await query(1)).toBe(429)
  expect(await query(10, 'other')).toBe(200)
})
