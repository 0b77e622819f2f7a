import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileOperations, pathLimits } from '#engines/paths'
import { bruteForceMatch } from './brute-force.ts'

const host = 'api.example.com'

function matcher(...endpoints: readonly string[]) {
  return compileOperations(endpoints.map((endpoint) => ({ method: 'GET', host, endpoint })))
}

function endpointFor(endpoints: readonly string[], path: string): string | undefined {
  return matcher(...endpoints).match({ method: 'GET', host, path })?.operation.endpoint
}

describe('the most specific operation wins', () => {
  test.each([
    ['static before variable', ['/a/{var1}', '/a/b'], '/a/b', '/a/b'],
    ['mixed before variable', ['/a/{var1}', '/a/{var1}.json'], '/a/x.json', '/a/{var1}.json'],
    ['static before mixed', ['/a/{var1}.json', '/a/b.json'], '/a/b.json', '/a/b.json'],
    [
      'more literal characters first',
      ['/{var1}.json', '/{var1}.min.json'],
      '/x.min.json',
      '/{var1}.min.json',
    ],
    ['left segment decides', ['/{var1}/b', '/a/{var1}'], '/a/b', '/a/{var1}'],
    ['backtracks out of a dead end', ['/a/b/c', '/{var1}/b/d'], '/a/b/d', '/{var1}/b/d'],
    ['root', ['/'], '/', '/'],
  ])('%s', (...[, endpoints, path, expected]) => {
    expect(endpointFor(endpoints, path)).toBe(expected)
  })

  test('an exact host before a host variable, which still serves what the exact one lacks', () => {
    const operations = [
      { method: 'GET', host: '{hostVar1}.example.com', endpoint: '/a' },
      { method: 'GET', host: '{hostVar1}.example.com', endpoint: '/b' },
      { method: 'GET', host, endpoint: '/{var1}' },
    ]
    const compiled = compileOperations(operations.slice(0, 3))
    expect(compiled.match({ method: 'GET', host, path: '/a' })?.operation).toBe(operations[2])
    expect(compiled.match({ method: 'GET', host: 'eu.example.com', path: '/b' })?.operation).toBe(
      operations[1],
    )
    expect(compiled.match({ method: 'GET', host: 'example.com', path: '/b' })).toBeNull()
    expect(compiled.match({ method: 'GET', host: 'a.b.example.com', path: '/b' })).toBeNull()
    expect(compiled.match({ method: 'GET', host: '.example.com', path: '/b' })).toBeNull()
  })

  test('of two equal operations the first', () => {
    const operations = ['one', 'two'].map((name) => ({ name, method: 'GET', host, endpoint: '/a' }))
    expect(
      compileOperations(operations).match({ method: 'GET', host, path: '/a' })?.operation.name,
    ).toBe('one')
  })
})

describe('what does not match', () => {
  test.each([
    ['a trailing slash is another path', ['/a'], '/a/'],
    ['and so is its absence', ['/a/'], '/a'],
    ['a variable is not empty', ['/a/{var1}'], '/a/'],
    ['a variable is one segment', ['/a/{var1}'], '/a/b/c'],
    ['nor empty in a mixed segment', ['/{var1}.json'], '/.json'],
    ['nor half of an encoded byte', ['/{var1}F{var2}'], '/x%2Fy'],
    ['nor the end of one', ['/{var1}2F'], '/x%2F'],
    ['case matters', ['/a'], '/A'],
    ['names of Object.prototype are names', ['/a'], '/__proto__'],
  ])('%s', (_name, endpoints, path) => {
    expect(endpointFor(endpoints, path)).toBeUndefined()
  })

  test('HEAD does not fall back to GET, nor one host to another', () => {
    expect(matcher('/a').match({ method: 'HEAD', host, path: '/a' })).toBeNull()
    expect(matcher('/a').match({ method: 'GET', host: 'example.com', path: '/a' })).toBeNull()
  })

  test('a path is matched up to its bound and not above', () => {
    const compiled = matcher('/{var1}')
    expect(
      compiled.match({ method: 'GET', host, path: pathOf(pathLimits.pathCharsMax - 1) }),
    ).not.toBeNull()
    expect(
      compiled.match({ method: 'GET', host, path: pathOf(pathLimits.pathCharsMax) }),
    ).not.toBeNull()
    expect(
      compiled.match({ method: 'GET', host, path: pathOf(pathLimits.pathCharsMax + 1) }),
    ).toBeNull()
  })
})

describe('values of the variables', () => {
  test.each([
    ['in order', '/{var1}/x/{var2}', '/1/x/2', ['1', '2']],
    ['as the path has them', '/{var1}', '/a%2520b%2Fc', ['a%2520b%2Fc']],
    ['also when they are not UTF-8', '/{var1}', '/%FF', ['%FF']],
    ['of a mixed segment', '/{var1}-{var2}.{var3}', '/a-b-c.d.e', ['a', 'b-c', 'd.e']],
    ['of adjacent variables, the first takes one character', '/{var1}{var2}', '/abc', ['a', 'bc']],
    ['none', '/a', '/a', []],
  ])('%s', (...[, endpoint, path, variables]) => {
    expect(matcher(endpoint).match({ method: 'GET', host, path })?.variables).toEqual(variables)
  })
})

test('a pattern with many ways to split costs no more than the trie is large', () => {
  const segments = Array.from({ length: 100 }, (_, index) => index)
  const endpoints = segments.map(
    (index) => `/${'{v}/'.repeat(index)}a/${'{v}/'.repeat(100 - index)}end`,
  )
  const path = `/${'a/'.repeat(101)}no`
  expect(endpointFor(endpoints, path)).toBeUndefined()
})

test('it agrees with a matcher that tries every operation', () => {
  const segment = fc.constantFrom('a', 'b', '', '{v}', '{v}.a', 'a{v}', '{v}.{w}', '{v}{w}')
  const endpoint = fc
    .array(segment, { minLength: 1, maxLength: 4 })
    .map((parts) => `/${parts.join('/')}`)
  const hosts = fc.constantFrom('a.b', '{x}.b', 'a.{x}.b', '{y}.{x}.b', '{x}.a.b', 'b')
  const operation = fc.record({ method: fc.constantFrom('GET', 'HEAD'), host: hosts, endpoint })
  const request = fc.record({
    method: fc.constantFrom('GET', 'HEAD'),
    host: fc.constantFrom('a.b', 'c.b', 'a.c.b', 'c.a.b', 'b', 'x.y.z.b'),
    path: fc
      .array(fc.constantFrom('a', 'b', '', 'x.a', 'ab', 'a.a', 'x%2Ea'), {
        minLength: 1,
        maxLength: 4,
      })
      .map((parts) => `/${parts.join('/')}`),
  })
  fc.assert(
    fc.property(
      fc.array(operation, { maxLength: 20 }),
      fc.array(request, { maxLength: 20 }),
      (operations, requests) => {
        const compiled = compileOperations(operations)
        for (const one of requests) {
          expect(compiled.match(one)?.operation).toEqual(
            bruteForceMatch(operations, one) ?? undefined,
          )
        }
      },
    ),
    { numRuns: 1500 },
  )
})

function pathOf(chars: number): string {
  return `/${'a'.repeat(chars - 1)}`
}
