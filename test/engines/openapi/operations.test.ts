import { describe, expect, test } from 'vitest'
import { extractOperations } from '#engines/openapi'
import { accepted, responses, withPaths } from './documents.ts'
import { readVector } from './testdata.ts'

function withServers(servers: unknown, path = '/a') {
  const info = { title: 'T', version: '1' }
  return accepted(
    JSON.stringify({ openapi: '3.0.3', info, servers, paths: { [path]: { get: { responses } } } }),
  )
}

function places(servers: unknown, defaultHosts: readonly string[] = []) {
  const { operations, warnings } = extractOperations(withServers(servers), defaultHosts)
  return {
    places: operations.map(({ host, endpoint }) => host + endpoint),
    codes: warnings.map(({ code }) => code),
  }
}

test('the temperature document: two hosts, two methods', () => {
  expect(extractOperations(accepted(readVector('temperature.yaml')))).toEqual({
    operations: [
      { method: 'GET', host: '127.0.0.1', endpoint: '/temps', profile_key: 'GET /temps' },
      { method: 'GET', host: 'localhost', endpoint: '/temps', profile_key: 'GET /temps' },
      { method: 'POST', host: '127.0.0.1', endpoint: '/temps', profile_key: 'POST /temps' },
      { method: 'POST', host: 'localhost', endpoint: '/temps', profile_key: 'POST /temps' },
    ],
    warnings: [],
  })
})

describe('servers', () => {
  const variable = { default: 'eu', enum: ['eu', 'us'] }

  test.each([
    [
      'port and base path',
      [{ url: 'HTTPS://API.example.com:8443/v1/' }],
      ['api.example.com/v1/a'],
      [],
    ],
    [
      'enum',
      [{ url: 'https://{r}.example.com', variables: { r: variable } }],
      ['eu.example.com/a', 'us.example.com/a'],
      [],
    ],
    [
      'default',
      [{ url: 'https://a.b/{v}', variables: { v: { default: 'v2' } } }],
      ['a.b/v2/a'],
      [],
    ],
    [
      'a tenant without a value',
      [{ url: 'https://{tenant}.example.com' }],
      ['{hostVar1}.example.com/a'],
      [],
    ],
    [
      'a path variable without a value',
      [{ url: 'https://a.b/{v}' }],
      [],
      ['unresolved_server_variable'],
    ],
    ['the same twice', [{ url: 'https://a.b' }, { url: 'http://a.b:80' }], ['a.b/a'], []],
    ['relative', [{ url: '/v1' }], [], ['relative_server_url']],
    ['none', [], [], ['no_servers']],
    ['another scheme', [{ url: 'wss://a.b' }], [], ['invalid_server_url']],
    ['no host', [{ url: 'https://user@a b/' }], [], ['invalid_server_url']],
  ])('%s', (...[, servers, expected, codes]) => {
    expect(places(servers)).toEqual({ places: expected, codes })
  })

  test.each([
    ['relative', [{ url: './v1/' }], ['x.y/v1/a']],
    ['none', [], ['x.y/a']],
    ['absolute ones are left alone', [{ url: 'https://a.b' }], ['a.b/a']],
  ])('default hosts stand in: %s', (_name, servers, expected) => {
    expect(places(servers, ['x.y'])).toEqual({ places: expected, codes: [] })
  })

  test('variables expand to a bound', () => {
    const values = Array.from({ length: 9 }, (_, index) => String(index))
    const variables = { a: { default: '0', enum: values }, b: { default: '0', enum: values } }
    const found = places([{ url: 'https://{a}.b/{b}', variables }])
    expect(found).toMatchObject({ places: { length: 64 }, codes: ['too_many_server_urls'] })
  })

  test("an operation's servers replace the path's, which replace the document's", () => {
    const document = withPaths({
      '/a': {
        get: { responses },
        put: { responses, servers: [{ url: 'https://put.example' }] },
        servers: [{ url: 'https://path.example' }],
      },
      '/b': { get: { responses } },
    })
    const hosts = extractOperations(document).operations.map(
      ({ method, host }) => `${method} ${host}`,
    )
    expect(hosts).toEqual(['GET path.example', 'PUT put.example', 'GET api.example.com'])
  })
})

test('a query in a path is matched without, and of two equal operations the first stays', () => {
  const { operations, warnings } = extractOperations(
    withPaths({ '/a': { get: { responses } }, '/a?b=1': { get: { responses } } }),
  )
  expect(operations).toHaveLength(1)
  expect(warnings.map(({ code }) => code)).toEqual(['path_with_query', 'duplicate_operation'])
})
