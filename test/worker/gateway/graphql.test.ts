/** What follows from what was measured: settings, registered documents, fields, counts. */
import { bandsOf, EMPTY_RELATION } from '#engines/histograms'
import { describe, expect, test } from 'vitest'
import { sha256Hex } from '../../../worker/storage/digest.ts'
import {
  get,
  graphqlShield,
  json,
  LARGE,
  LIMIT,
  post,
  type Setup,
  SMALL,
} from './graphql-shield.ts'

const BROKEN = () => post(json({ query: '{' }))

describe('what cannot be measured', () => {
  test.each<[string, Setup, number, string | undefined]>([
    ['passes in a zone that never spoke of GraphQL', {}, 200, undefined],
    [
      'passes where rules are about something else',
      { rules: [{ expression: 'http.host eq "a.graphql.example"' }] },
      200,
      undefined,
    ],
    [
      'passes where the only rule is disabled',
      { rules: [{ ...LIMIT, enabled: false }] },
      200,
      undefined,
    ],
    [
      'is noted where a rule notes large queries',
      { rules: [{ ...LIMIT, action: 'log' }] },
      200,
      'graphql-unparsed-log',
    ],
    [
      'is stopped where a rule stops large queries',
      { rules: [LIMIT] },
      403,
      'graphql-unparsed-block',
    ],
    [
      'is stopped where one rule notes and one stops',
      { rules: [LIMIT, { ...LIMIT, action: 'log' }] },
      403,
      'graphql-unparsed-block',
    ],
    [
      'is stopped where an endpoint is named',
      { settings: { endpoints: [{ host: 'api.example', path: '/graphql' }] } },
      403,
      'graphql-unparsed-block',
    ],
    [
      'passes where a setting says so',
      { rules: [LIMIT], settings: { unparsed_action: 'none' } },
      200,
      undefined,
    ],
    [
      'is noted where a setting says so',
      { rules: [LIMIT], settings: { unparsed_action: 'log' } },
      200,
      'graphql-unparsed-log',
    ],
    [
      'is stopped where a setting says so',
      { settings: { unparsed_action: 'block' } },
      403,
      'graphql-unparsed-block',
    ],
  ])('%s', async (_name, setup, status, rule) => {
    const judged = await graphqlShield(setup).judge(BROKEN())
    expect(judged.status).toBe(status)
    expect(judged.event?.rule_id).toBe(rule)
  })

  test('never stops what is not GraphQL', async () => {
    const { judge } = graphqlShield({ settings: { unparsed_action: 'block' } })
    expect((await judge(post('{', { url: 'https://api.example/orders' }))).status).toBe(200)
  })
})

describe('endpoints', () => {
  const { judge } = graphqlShield({
    rules: [LIMIT],
    settings: {
      endpoints: [
        { operation_id: 'op', host: 'api.example', path: '/v1/{tenant}/query' },
        { host: 'b.example', path: '/Q' },
      ],
    },
  })
  const large = json({ query: LARGE })

  test.each<[string, Request, number]>([
    ['that an operation names', post(large, { url: 'https://api.example/v1/a/query' }), 403],
    [
      'whatever the method',
      get(`?query=${encodeURIComponent(LARGE)}`, 'https://api.example/v1/a/query'),
      403,
    ],
    ['in another case', post(large, { url: 'https://api.example/V1/a/Query/' }), 403],
    ['with a matrix parameter', post(large, { url: 'https://b.example/q;a=1' }), 403],
    ['on a port', post(large, { url: 'https://api.example:8443/v1/a/query' }), 403],
    ['that host and path name', post(large, { url: 'https://b.example/q' }), 403],
    ['on another host: none', post(large, { url: 'https://c.example/q' }), 200],
    ['by the usual path: none any more', post(large), 200],
    [
      'with a method that no server takes',
      new Request('https://b.example/q', { method: 'PUT', body: large }),
      403,
    ],
    ['with a page under it', get('', 'https://b.example/q'), 200],
    ['with a query string that is no document', get('?id=7', 'https://b.example/q'), 403],
  ])('%s', async (_name, request, status) => {
    expect((await judge(request)).status).toBe(status)
  })
})

describe('settings', () => {
  test('the root selection set counts where a setting says so', async () => {
    const rules = [{ expression: 'cf.api_gateway.graphql.query_depth ge 2' }]
    const counting = graphqlShield({ rules, settings: { depth_counts_root: true } })
    expect((await counting.judge(post(json({ query: SMALL })))).status).toBe(403)
    expect((await graphqlShield({ rules }).judge(post(json({ query: SMALL })))).status).toBe(200)
  })

  test.each([
    ['below', 'x'.repeat(9), 200],
    ['at', 'x'.repeat(10), 200],
    ['above', 'x'.repeat(11), 403],
  ])('variables %s their bound', async (_name, text, status) => {
    // {"v":""} has 8 bytes of its own.
    const settings = { variables: { bytes_max: 18, depth_max: 64 } }
    const { judge } = graphqlShield({ rules: [LIMIT], settings })
    const judged = await judge(post(json({ query: SMALL, variables: { v: text } })))
    expect(judged.status).toBe(status)
    expect(judged.reason).toBe(status === 200 ? undefined : 'variables_too_large')
  })

  test('variables nested deeper than their bound are not parsed', async () => {
    const settings = { variables: { bytes_max: 1_000, depth_max: 4 } }
    const { judge } = graphqlShield({ rules: [LIMIT], settings })
    const nested = (depth: number) =>
      post(`{"query":"{a}","variables":${'['.repeat(depth)}${']'.repeat(depth)}}`)
    expect((await judge(nested(4))).status).toBe(200)
    expect((await judge(nested(5))).reason).toBe('json_too_deep')
  })
})

describe('registered documents', async () => {
  const sha256 = await sha256Hex(LARGE)
  const zone = { graphql_document: [{ sha256, query: LARGE }] }
  const byHash = (hash: string, more = {}) =>
    post(json({ ...more, extensions: { persistedQuery: { version: 1, sha256Hash: hash } } }))
  const extensions = encodeURIComponent(
    json({ persistedQuery: { version: 1, sha256Hash: sha256 } }),
  )

  describe('only', () => {
    const { judge } = graphqlShield({ settings: { persisted_queries: 'only' }, zone })

    test.each<[string, Request, string | null]>([
      ['a registered text', post(json({ query: LARGE })), null],
      ['a registered text as it is', post(LARGE, { type: 'application/graphql' }), null],
      ['its hash', byHash(sha256), null],
      ['its hash in capitals', byHash(sha256.toUpperCase()), null],
      ['its hash in a GET', get(`?extensions=${extensions}`), null],
      ['both', byHash(sha256, { query: LARGE }), null],
      ['a batch of both', post(json([{ query: LARGE }, { query: LARGE }])), null],
      ['another text', post(json({ query: SMALL })), 'graphql-registered-only'],
      ['the text with a space more', post(json({ query: `${LARGE} ` })), 'graphql-registered-only'],
      ['another text with its hash', byHash(sha256, { query: SMALL }), 'graphql-registered-only'],
      [
        'another text in a batch',
        post(json([{ query: LARGE }, { query: SMALL }])),
        'graphql-registered-only',
      ],
      ['another hash', byHash('ab'.repeat(32)), 'graphql-unparsed-block'],
      ['an id of another kind', get('?documentId=1'), 'graphql-unparsed-block'],
    ])('%s', async (_name, request, stopped) => {
      const { status, event } = await judge(request)
      expect(event?.rule_id).toBe(stopped ?? undefined)
      expect(status).toBe(stopped === null ? 200 : 403)
    })
  })

  test('what a hash names is measured as if it had been sent', async () => {
    const { judge } = graphqlShield({
      rules: [LIMIT],
      settings: { persisted_queries: 'allow' },
      zone,
    })
    expect(await judge(byHash(sha256))).toMatchObject({
      status: 403,
      finding: { detail: { query_size: 3, query_depth: 2 } },
    })
    expect((await judge(byHash('ab'))).reason).toBe('query_not_registered')
    expect((await judge(post(json({ query: SMALL })))).status).toBe(200)
  })

  test('without the mode nothing is registered', async () => {
    const rules = [{ expression: 'cf.portcullis.graphql.is_registered' }, LIMIT]
    const { judge } = graphqlShield({ rules, zone })
    expect((await judge(post(json({ query: LARGE })))).event?.rule_id).toBe('rule-1')
  })
})

describe('fields of our own', () => {
  const named =
    'query Q($a: Int = 1) @d { a: x(i: 1, j: $a) @e { y __typename } ...f } fragment f on Query { b: x { y } __schema { types { name } } }'

  test.each([
    'detected',
    'operation_name eq "Q"',
    'operation_type eq "query"',
    'operations eq 1',
    'fragments eq 1',
    'aliases eq 2',
    'directives eq 2',
    'arguments eq 2',
    'root_fields eq 3',
    'fields eq 8',
    'batch_size eq 1',
    'query_size_max eq 4',
    'is_introspection',
    'tokens gt 20',
  ])('%s', async (condition) => {
    const { judge } = graphqlShield({
      rules: [{ expression: `cf.portcullis.graphql.${condition}` }],
    })
    expect((await judge(post(json({ query: named })))).status).toBe(403)
  })

  test('say why there are none', async () => {
    const rules = [{ expression: 'cf.portcullis.graphql.failure eq "empty_document"' }]
    const { judge } = graphqlShield({ rules })
    expect((await judge(post(json({ query: '' })))).event?.rule_id).toBe('rule-0')
  })
})

describe('counts', () => {
  test('are of what the origin took', async () => {
    const { judge, uses } = graphqlShield({ rules: [LIMIT], settings: { unparsed_action: 'log' } })
    await judge(post(json({ query: SMALL })))
    await judge(post(json({ query: LARGE })))
    await judge(BROKEN())
    expect(uses.map(({ path, requests, unparsed }) => [path, requests, unparsed])).toEqual([
      ['/graphql', 1, 0],
      ['/graphql', 1, 1],
    ])
    expect(uses[0]?.sizes).toMatchObject({ total: 1, max: 1 })
  })

  test.each([
    ['forwards', 40, 40],
    ['backwards', -40, 0],
  ])('tell how long the origin took, by a clock that goes %s', async (_name, step, ms) => {
    let now = 1_000_000
    const { judge, uses } = graphqlShield({
      rules: [{ ...LIMIT, action: 'log' }],
      ports: {
        nowMs: () => now,
        async origin() {
          now += step
          return new Response()
        },
      },
    })
    await judge(post(json({ query: LARGE })))
    const band = bandsOf(uses[0]?.times.query_size ?? EMPTY_RELATION)[0]
    expect(band).toMatchObject({ lower: 3, upper: 3, seconds: { total: 1 } })
    expect(band?.seconds.max).toBeGreaterThanOrEqual(ms)
    expect(band?.seconds.max).toBeLessThanOrEqual(ms * 1.125)
    expect(uses[0]?.times.query_cost).toEqual(EMPTY_RELATION)
  })

  test('leave out what the origin refused', async () => {
    const { judge, uses } = graphqlShield({ rules: [LIMIT], originStatus: 404 })
    await judge(post(json({ query: SMALL })))
    expect(uses).toEqual([])
  })

  test.each([
    ['sampled where an endpoint is named', true, [{ host: 'api.example', path: '/graphql' }], 1],
    ['not of every request', false, [{ host: 'api.example', path: '/graphql' }], 0],
    ['not taken where nobody named an endpoint', true, [], 0],
  ])('are %s although no rule asks', async (_name, isSampled, endpoints, counted) => {
    const request = post(json({ query: LARGE }))
    const { judge, uses, events } = graphqlShield({
      settings: { endpoints, unparsed_action: 'none' },
      ports: { isSampled: () => isSampled },
    })
    expect((await judge(request)).text).toBe(json({ query: LARGE }))
    expect(uses).toHaveLength(counted)
    expect(events).toEqual([])
  })
})
