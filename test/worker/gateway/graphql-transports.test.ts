import { describe, expect, test } from 'vitest'
import { get, graphqlShield, json, LARGE, LIMIT, post, SMALL, SPREAD } from './graphql-shield.ts'

const { judge } = graphqlShield({ rules: [LIMIT] })

const encoded = encodeURIComponent

function multipart(
  parts: readonly { readonly header: string; readonly content: string }[],
  boundary = 'xyz',
): Request {
  const body = parts.map(
    ({ header, content }) => `--${boundary}\r\n${header}\r\n\r\n${content}\r\n`,
  )
  return post(`${body.join('')}--${boundary}--\r\n`, {
    type: `multipart/form-data; boundary=${boundary}`,
  })
}

const field = (name: string, content: string, more = '') => ({
  header: `Content-Disposition: form-data; name="${name}"${more}`,
  content,
})
const file = { header: 'Content-Disposition: form-data; name="0"; filename="a.txt"', content: 'x' }
const upload = (query: string) =>
  multipart([field('operations', json({ query })), field('map', '{"0":["variables.file"]}'), file])

/** Every way to send a document. */
const TRANSPORTS: readonly (readonly [string, (query: string) => Request])[] = [
  ['POST of JSON', (query) => post(json({ query }))],
  [
    'POST of JSON with operationName and variables before it',
    (query) => post(json({ variables: { a: [1] }, query, operationName: null })),
  ],
  ['POST of JSON in another case', (query) => post(json({ query }), { type: 'Application/JSON' })],
  [
    'POST of JSON with a charset',
    (query) => post(json({ query }), { type: 'application/json; charset=UTF-8' }),
  ],
  [
    'POST of another JSON',
    (query) => post(json({ query }), { type: 'application/graphql-response+json' }),
  ],
  ['POST of GraphQL', (query) => post(query, { type: 'application/graphql' })],
  [
    'POST of a form',
    (query) => post(`query=${encoded(query)}`, { type: 'application/x-www-form-urlencoded' }),
  ],
  ['POST with the document in the URL', (query) => post('', { url: at(query), type: null })],
  ['a batch', (query) => post(json([{ query: SMALL }, { query }]))],
  ['GET', (query) => get(`?query=${encoded(query)}`)],
  ['GET with other parameters', (query) => get(`?variables=%7B%7D&query=${encoded(query)}&x=1`)],
  ['HEAD', (query) => new Request(at(query), { method: 'HEAD' })],
  ['multipart', upload],
  [
    'a path in another case',
    (query) => post(json({ query }), { url: 'https://a.example/GraphQL' }),
  ],
  [
    'a path with a slash',
    (query) => post(json({ query }), { url: 'https://a.example/v1/graphql/' }),
  ],
  [
    'a path with a matrix parameter',
    (query) => post(json({ query }), { url: 'https://a.example/graphql;a=1' }),
  ],
  ['an encoded path', (query) => post(json({ query }), { url: 'https://a.example/%67raphql' })],
]

const at = (query: string) => `https://api.example/graphql?query=${encoded(query)}`

describe.each(TRANSPORTS)('%s', (_name, request) => {
  const isBatch = _name === 'a batch'

  test('lets small queries through', async () => {
    const small = isBatch ? post(json([{ query: SMALL }, { query: SMALL }])) : request(SMALL)
    expect(await judge(small)).toMatchObject({ status: 200 })
  })

  test.each([
    ['a large query', LARGE, 3, 2],
    ['one through fragments', SPREAD, 3, 2],
    ['an alias for each leaf', '{ a: x b: x c: x }', 3, 0],
  ])('stops %s, with its figures in the event alone', async (_case, query, size, depth) => {
    const { status, text, finding } = await judge(request(query))
    expect(status).toBe(403)
    expect(finding).toMatchObject({
      reason: 'measured',
      detail: isBatch
        ? { query_size: size + 1, query_depth: Math.max(1, depth), batch_size: 2 }
        : { query_size: size, query_depth: depth, batch_size: 1 },
    })
    expect(text).not.toMatch(/graphql|size|depth/i)
  })
})

describe('what cannot be measured is stopped by a named reason', () => {
  const utf7 = 'application/json; charset=utf-7'
  test.each<[string, () => Request, string, number?]>([
    ['a document that ends early', () => post(json({ query: '{ hero {' })), 'unexpected_end', 18],
    ['two documents', () => post(`{"query":"{a}","query":"{b}"}`), 'duplicate_member', 16],
    [
      'two documents, one escaped',
      () => post(String.raw`{"query":"{a}","\u0071uery":"{b}"}`),
      'duplicate_member',
    ],
    ['a document that is no text', () => post('{"query":{"a":1}}'), 'query_not_text'],
    ['no document', () => post('{}'), 'query_missing'],
    ['no JSON', () => post('{"query"'), 'invalid_json'],
    ['no body', () => post(''), 'body_missing'],
    [
      'no content type',
      () => post(json({ query: LARGE }), { type: null }),
      'unsupported_content_type',
    ],
    [
      'plain text',
      () => post(json({ query: LARGE }), { type: 'text/plain' }),
      'unsupported_content_type',
    ],
    ['UTF-7', () => post(json({ query: SMALL }), { type: utf7 }), 'charset_not_utf8'],
    [
      'documents in body and URL',
      () => post(json({ query: SMALL }), { url: at(LARGE) }),
      'ambiguous_query',
    ],
    [
      'two in the URL',
      () => get(`?query=${encoded(SMALL)}&query=${encoded(LARGE)}`),
      'duplicate_member',
    ],
    ['an empty batch', () => post('[]'), 'batch_empty'],
    [
      'a batch that is too large',
      () => post(json(Array.from({ length: 10_000 }, () => ({ query: SMALL })))),
      'body_too_large',
    ],
    [
      'a body over the bound',
      () => post(json({ query: SMALL, x: 'x'.repeat(1_100_000) })),
      'too_large',
    ],
    [
      'a hash in place of a document',
      () => post(json({ extensions: { persistedQuery: { version: 1, sha256Hash: 'ab' } } })),
      'query_not_sent',
    ],
    [
      'a hash in a batch behind a document',
      () =>
        post(json([{ query: SMALL }, { extensions: { persistedQuery: { sha256Hash: 'ab' } } }])),
      'query_not_sent',
    ],
    [
      'a web socket',
      () => new Request('https://api.example/graphql', { headers: { upgrade: 'WebSocket' } }),
      'websocket',
    ],
    ['multipart without operations', () => multipart([field('map', '{}')]), 'operations_missing'],
    [
      'multipart with operations twice',
      () =>
        multipart([
          field('operations', json({ query: SMALL })),
          field('operations', json({ query: LARGE })),
        ]),
      'operations_twice',
    ],
    [
      'operations in a file',
      () => multipart([field('operations', json({ query: SMALL }), '; filename="x"')]),
      'operations_missing',
    ],
    [
      'text before the first part',
      () =>
        post(
          `x\r\n--xyz\r\nContent-Disposition: form-data; name="operations"\r\n\r\n{}\r\n--xyz--`,
          {
            type: 'multipart/form-data; boundary=xyz',
          },
        ),
      'multipart_malformed',
    ],
  ])('%s', async (_name, request, reason, offset) => {
    const { status, text, finding, event } = await judge(request())
    expect(finding?.reason).toBe(reason)
    expect(event).toMatchObject({ source: 'portcullisGraphql', rule_id: 'graphql-unparsed-block' })
    expect(status).toBe(403)
    expect(text).not.toContain(reason)
    if (offset !== undefined) expect(finding?.detail).toEqual({ offset })
  })
})

describe('what is not GraphQL is left alone', () => {
  test.each<[string, () => Request]>([
    ['another path', () => post('{', { url: 'https://api.example/graphiql' })],
    ['a page under the path', () => get('')],
    ['a page with parameters', () => get('?tab=2')],
    ['a preflight', () => new Request('https://api.example/graphql', { method: 'OPTIONS' })],
    ['another method', () => new Request('https://api.example/graphql', { method: 'DELETE' })],
  ])('%s', async (_name, request) => {
    expect(await judge(request())).toMatchObject({ status: 200, event: undefined })
  })
})

test('the body that was measured is the one that the origin gets', async () => {
  const body = ` ${json({ query: SMALL, variables: { name: 'ä' } })}\n`
  expect((await judge(post(body))).text).toBe(body)
})
