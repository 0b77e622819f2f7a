/** What is called and by whom, as far as the request itself says it. */
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fieldIndex, parseIp } from '#engines/expressions'
import { compileOperations, normalizePath } from '#engines/paths'
import {
  createFieldSource,
  networkOf,
  pathVariablesOf,
  type RequestFacts,
} from '#engines/request-fields'

const FACTS: RequestFacts = {
  method: 'GET',
  scheme: 'https',
  host: 'api.example',
  rawPath: '/',
  path: '/',
  query: '',
  rayId: '',
  clientIp: '',
  nowMs: 0,
  cf: {},
  operation: null,
  sessionIdentifiers: [],
  header: () => null,
  headers: () => [],
}

function sourceOf(facts: Partial<RequestFacts>) {
  return createFieldSource({ ...FACTS, ...facts }, { detected: new Map(), lists: new Map() })
}

function read(name: string, facts: Partial<RequestFacts>): unknown {
  return sourceOf(facts).field(fieldIndex(name))
}

describe('the operation', () => {
  const called = (endpoint: string, path: string): Partial<RequestFacts> => {
    const operation = { operation_id: 'id', method: 'GET', host: 'api.example', endpoint }
    const request = { method: 'GET', host: 'api.example', path: normalizePath(path) }
    return { operation: compileOperations([operation]).match(request) }
  }

  test('is known by its id', () => {
    const facts = called('/users/{var1}', '/users/7')
    expect(read('cf.portcullis.operation_id', facts)).toBe('id')
  })

  test.each([
    ['/users', '/users', {}],
    ['/users/{var1}', '/users/7', { var1: '7' }],
    ['/users/{var1}/{var2}.json', '/users/7/x.json', { var1: '7', var2: 'x' }],
    ['/{var1}', '/a%20b%2fc+d', { var1: 'a b/c+d' }],
    ['/{var1}', '/%C3%A4', { var1: 'ä' }],
    ['/{var1}', '/ä', { var1: 'ä' }],
    ['/{var1}', '/%2541', { var1: '%41' }],
    ['/{var1}', '/%00', { var1: '\0' }],
    ['/{var1}', '/%ff%20', { var1: '%FF%20' }],
    ['/{var1}', '/%c3', { var1: '%C3' }],
    ['/{var1}', '/%ED%A0%80', { var1: '%ED%A0%80' }],
  ])('has in %s of %s the variables %j', (endpoint, path, variables) => {
    const { operation } = called(endpoint, path)
    expect(operation && Object.fromEntries(pathVariablesOf(operation))).toEqual(variables)
  })

  test.each(['%', '%zz', 'a%4', '100%25%'])('malformed escapes stay as they stand: %s', (value) => {
    const operation = { operation: { operation_id: 'id' }, variables: [value, '%41'] }
    expect([...pathVariablesOf(operation)]).toEqual([
      ['var1', value],
      ['var2', 'A'],
    ])
  })

  const PATH_VARIABLES = fieldIndex('cf.portcullis.path_variables')

  test('one variable is read as from the map', () => {
    const twelve = Array.from({ length: 12 }, (_, n) => `v%20${n + 1}`)
    const source = sourceOf({ operation: { operation: { operation_id: 'id' }, variables: twelve } })
    const map = source.field(PATH_VARIABLES)
    const key = fc.oneof(
      fc.nat(20).map((n) => `var${n}`),
      fc.constantFrom('var', 'var01', 'var-1', 'var1.0', 'var1e0', 'VAR1', 'xvar1', 'var1x', '0'),
      fc.constantFrom('var99999999999999999999', 'length', '__proto__', ''),
    )
    fc.assert(
      fc.property(key, (name) => {
        expect(source.entry(PATH_VARIABLES, name)).toBe(map instanceof Map && map.get(name))
      }),
    )
  })

  test('of a fallthrough is missing', () => {
    expect(sourceOf({}).entry(PATH_VARIABLES, 'var1')).toBeUndefined()
  })
})

describe('the network of a client', () => {
  test.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['::ffff:c000:207', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:DB8:0:0:ffff:ffff:ffff:ffff', '2001:db8::/64'],
    ['2001:db8:0:1::', '2001:db8:0:1::/64'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['::1', '::/64'],
    ['::ffff:0:1.2.3.4', '::/64'],
    ['0:0:1:ffff::', '0:0:1:ffff::/64'],
  ])('%s is %s', (clientIp, network) => {
    expect(read('cf.portcullis.client_network', { clientIp })).toBe(network)
  })

  test.each(['', 'unknown', '192.0.2.7:80', '[::1]'])('%j is nobody', (clientIp) => {
    expect(read('cf.portcullis.client_network', { clientIp })).toBeUndefined()
  })

  test('two IPv6 addresses share one exactly when their first 64 bits are the same', () => {
    const group = fc.nat(0xffff).map((n) => n.toString(16))
    const half = fc.array(group, { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(half, half, half, half, (a, b, x, y) => {
        const [one, other] = [parseIp([...a, ...x].join(':')), parseIp([...b, ...y].join(':'))]
        const near = parseIp([...a, ...y].join(':'))
        if (one === undefined || other === undefined || near === undefined) throw new Error()
        // An IPv4-mapped address is no network of IPv6.
        fc.pre([one, other, near].every((ip) => ip.a !== 0))
        expect(networkOf(one)).toBe(networkOf(near))
        expect(networkOf(one) === networkOf(other)).toBe(a.join() === b.join())
      }),
    )
  })
})

describe('the fingerprint of a TLS client', () => {
  const hello = {
    tlsClientCiphersSha1: 'a+/=',
    tlsClientExtensionsSha1: 'b+/=',
    tlsClientHelloLength: '512',
  }
  const ja3 = { ja3Hash: 'e7d705a3286e19ea42f587b344ee6865' }
  const ja4 = { ja4: 't13d1516h2_8daaf6152771_b186095e22b6' }

  test.each([
    ['JA4', { ...hello, botManagement: { ...ja3, ...ja4 } }, ja4.ja4],
    ['JA3 without JA4', { ...hello, botManagement: ja3 }, ja3.ja3Hash],
    ['JA3 with an empty JA4', { ...hello, botManagement: { ...ja3, ja4: '' } }, ja3.ja3Hash],
    ['the hello without either', { ...hello, botManagement: { score: 1 } }, 'a+/=_b+/=_512'],
    ['what there is of the hello', { tlsClientExtensionsSha1: 'b' }, '_b_'],
    ['nothing on a plain connection', { tlsVersion: '', tlsClientHelloLength: '' }, undefined],
    ['nothing without request.cf', {}, undefined],
    ['nothing of other types', { tlsClientHelloLength: {}, botManagement: 7 }, undefined],
  ])('is %s', (_name, cf, fingerprint) => {
    expect(read('cf.portcullis.tls_fingerprint', { cf })).toBe(fingerprint)
  })
})
