import { describe, expect, test } from 'vitest'
import { fieldIndex, parseIp, type Value } from '#engines/expressions'
import { createFieldSource, type RequestFacts } from '#engines/request-fields'

const HEADERS: Readonly<Record<string, string>> = {
  host: 'Api.Example:8443',
  'user-agent': 'sensor/1',
  cookie: 'a=1; session%20id=x=y; b',
  'accept-language': 'de;q=0.5, fr, en;q=0.9, xx;q=0',
  'content-type': 'Application/JSON; charset=utf-8',
}

const facts: RequestFacts = {
  method: 'POST',
  scheme: 'https',
  host: 'Api.Example:8443',
  rawPath: '//a/../users/7.JSON',
  path: '/users/7.JSON',
  query: 'a=1&a=2&b&=c',
  rayId: 'ray',
  clientIp: '192.0.2.7',
  nowMs: 1_700_000_000_123,
  cf: {
    country: 'DE',
    asn: 64_500,
    isEUCountry: '1',
    httpProtocol: 'HTTP/2',
    tlsVersion: 'TLSv1.3',
    tlsClientHelloLength: '512',
    tlsClientAuth: { certPresented: '1', certVerified: 'SUCCESS', certSubjectDN: 'CN=x' },
    botManagement: { score: 30, verifiedBot: false },
  },
  operation: null,
  sessionIdentifiers: [{ type: 'cookie', name: 'session id' }],
  header: (name) => HEADERS[name] ?? null,
  headers: () => Object.entries(HEADERS),
}

const source = createFieldSource(facts, { detected: new Map(), lists: new Map() })

/** Maps as objects, so that a table can show them. */
function read(name: string): unknown {
  const value = source.field(fieldIndex(name))
  return value instanceof Map ? Object.fromEntries(value) : value
}

describe('a field', () => {
  test.each<[string, unknown]>([
    ['http.host', 'Api.Example:8443'],
    ['http.user_agent', 'sensor/1'],
    ['http.referer', ''],
    ['http.request.method', 'POST'],
    ['http.request.version', 'HTTP/2'],
    ['http.request.uri', '/users/7.JSON?a=1&a=2&b&=c'],
    ['http.request.full_uri', 'https://Api.Example:8443/users/7.JSON?a=1&a=2&b&=c'],
    ['http.request.uri.path', '/users/7.JSON'],
    ['http.request.uri.path.extension', 'json'],
    ['http.request.uri.query', 'a=1&a=2&b&=c'],
    ['http.request.uri.args', { a: ['1', '2'], b: [''], '': ['c'] }],
    ['http.request.uri.args.names', ['a', 'a', 'b', '']],
    ['http.request.uri.args.values', ['1', '2', '', 'c']],
    ['http.request.cookies', { a: ['1'], 'session id': ['x=y'] }],
    ['http.request.accepted_languages', ['fr', 'en', 'de']],
    ['http.request.timestamp.sec', 1_700_000_000],
    ['http.request.timestamp.msec', 123],
    ['http.request.body.mime', 'application/json'],
    ['raw.http.request.uri.path', '//a/../users/7.JSON'],
    ['raw.http.request.uri.args.names', ['a', 'a', 'b', '']],
    ['raw.http.request.uri.args', { a: ['1', '2'], b: [''], '': ['c'] }],
    ['raw.http.request.uri', '//a/../users/7.JSON?a=1&a=2&b&=c'],
    ['ssl', true],
    ['ip.src', parseIp('192.0.2.7')],
    ['ip.src.country', 'DE'],
    ['ip.geoip.country', 'DE'],
    ['ip.src.asnum', 64_500],
    ['ip.src.is_in_european_union', true],
    ['cf.ray_id', 'ray'],
    ['cf.tls_version', 'TLSv1.3'],
    ['cf.tls_client_hello_length', 512],
    ['cf.tls_client_auth.cert_presented', true],
    ['cf.tls_client_auth.cert_subject_dn', 'CN=x'],
    ['cf.bot_management.score', 30],
    ['cf.bot_management.verified_bot', false],
    ['cf.api_gateway.fallthrough_detected', true],
    ['cf.api_gateway.auth_id_present', true],
    ['cf.portcullis.client_network', '192.0.2.7'],
    ['cf.portcullis.tls_fingerprint', '__512'],
  ])('%s', (name, value) => {
    expect(read(name)).toEqual(value)
  })

  test.each([
    ['what the edge claims of a certificate', 'cf.tls_client_auth.cert_verified'],
    ['what no detector has filled', 'cf.schema_validation.uploaded.violated'],
    ['what a Worker cannot know', 'cf.threat_score'],
    ['what request.cf does not say', 'ip.src.city'],
    ['the operation of a fallthrough', 'cf.portcullis.operation_id'],
    ['the path variables of a fallthrough', 'cf.portcullis.path_variables'],
    ['whose session it is', 'cf.portcullis.session.client'],
  ])('is missing: %s', (_, name) => {
    expect(fieldIndex(name)).not.toBe(-1)
    expect(read(name)).toBeUndefined()
  })

  test('that a detector filled wins', () => {
    const index = fieldIndex('cf.tls_client_auth.cert_verified')
    const detected = new Map<number, Value>([[index, false]])
    expect(createFieldSource(facts, { detected, lists: new Map() }).field(index)).toBe(false)
  })
})

describe('one key of a map', () => {
  const headers = fieldIndex('http.request.headers')

  test('is read without building it, by its lower-case name alone', () => {
    expect(source.entry(headers, 'user-agent')).toEqual(['sensor/1'])
    expect(source.entry(headers, 'User-Agent')).toBeUndefined()
    expect(source.entry(headers, 'x-none')).toBeUndefined()
  })

  test('of any other map comes from the map', () => {
    expect(source.entry(fieldIndex('http.request.uri.args'), 'a')).toEqual(['1', '2'])
    expect(source.entry(fieldIndex('http.request.uri.args'), '__proto__')).toBeUndefined()
  })
})
