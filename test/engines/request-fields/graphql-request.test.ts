import { isGraphqlRequest, isUsualGraphqlPath } from '#engines/request-fields'
import { describe, expect, test } from 'vitest'

test.each([
  ['/graphql', true],
  ['/v1/graphql', true],
  ['//graphql', true],
  ['/GraphQL', true],
  ['/graphql/', true],
  ['/graphql//', true],
  ['/graphql;a=1', true],
  ['/v1;a/graphql;b/', true],
  ['/graphql.json', false],
  ['/graphql/schema', false],
  ['/mygraphql', false],
  ['/', false],
])('the path %s: %s', (path, isUsual) => {
  expect(isUsualGraphqlPath(path)).toBe(isUsual)
})

describe('a request at a place where GraphQL may be spoken', () => {
  // Where nobody named the place, and where somebody did.
  test.each([
    ['POST', '', null, true, true],
    ['GET', 'query={a}', null, true, true],
    ['GET', 'extensions={}', null, true, true],
    ['GET', '%71uery={a}', null, true, true],
    ['GET', 'tab=2', null, false, true],
    ['GET', '', null, false, false],
    ['GET', '', 'websocket', true, true],
    ['GET', '', 'h2c, WebSocket', true, true],
    ['GET', '', 'h2c', false, false],
    ['HEAD', 'query={a}', null, true, true],
    ['PUT', '', null, false, true],
    ['OPTIONS', 'query={a}', null, false, false],
  ])('%s ?%s, upgrade %s: %s, %s', (method, query, upgrade, guessed, named) => {
    const header = (name: string) => (name === 'upgrade' ? upgrade : null)
    expect(isGraphqlRequest({ method, query, header }, false)).toBe(guessed)
    expect(isGraphqlRequest({ method, query, header }, true)).toBe(named)
  })
})
