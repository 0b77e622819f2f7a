import { describeTrafficError, LINE_READERS, trafficLimits } from '#engines/traffic'
import { describe, expect, test } from 'vitest'

const read = LINE_READERS.jsonl

const LINE = {
  time_ms: 1,
  method: 'GET',
  url: 'https://example.com/a?b=c',
  status: 200,
  request_headers: {},
}

function readWith(members: object) {
  return read(JSON.stringify({ ...LINE, ...members }))
}

test('the least that a line has', () => {
  expect(readWith({})).toEqual({ ok: true, value: LINE })
})

test('all that a line can have, and nothing else', () => {
  const full = {
    ...LINE,
    request_body: '{}',
    response_headers: { 'content-type': 'text/plain' },
    response_bytes: 0,
    origin_ms: 1.5,
    client_ip: '192.0.2.1',
  }
  expect(readWith({ ...full, note: 'ours alone' })).toEqual({ ok: true, value: full })
})

test('null is as good as absent', () => {
  const nulls = { request_body: null, response_headers: null, origin_ms: null, client_ip: null }
  expect(readWith(nulls)).toEqual({ ok: true, value: LINE })
})

test.each([
  ['names in lower case', { Accept: '*/*' }, { accept: '*/*' }],
  ['several values', { Accept: ['a', 'b'] }, { accept: 'a, b' }],
  ['several cookies', { cookie: ['a=1', 'b=2'] }, { cookie: 'a=1; b=2' }],
  ['two spellings of one name', { A: '1', a: '2' }, { a: '1, 2' }],
  ['pseudo-headers left out', { ':path': '/' }, {}],
])('headers: %s', (_name, given, expected) => {
  const line = readWith({ request_headers: given })
  expect(line.ok && line.value.request_headers).toEqual(expected)
})

test('a header called __proto__ is only a header', () => {
  const line = read(
    '{"time_ms":1,"method":"GET","url":"/","status":200,"request_headers":{"__proto__":"x"}}',
  )
  expect(line.ok && Object.entries(line.value.request_headers)).toEqual([['__proto__', 'x']])
})

test.each([
  ['https://example.com/a#b', 'https://example.com/a'],
  ['wss://example.com/', 'https://example.com/'],
  ['/only/a/path?q', '/only/a/path?q'],
])('the URL %s', (url, expected) => {
  const line = readWith({ url })
  expect(line.ok && line.value.url).toBe(expected)
})

describe('a refusal names what is wrong', () => {
  test.each([
    ['{', 'this is not JSON'],
    ['[]', 'this is not JSON'],
    ['null', 'this is not JSON'],
  ])('%s', (text, message) => {
    const line = read(text)
    expect(!line.ok && describeTrafficError(line.error)).toMatch(message)
  })

  test.each([
    [{ time_ms: undefined }, 'time_ms must be a number that is not negative'],
    [{ time_ms: '1' }, 'time_ms must be a number that is not negative'],
    [{ time_ms: -1 }, 'time_ms must be a number that is not negative'],
    [{ method: 'G ET' }, 'method must be an HTTP method'],
    [{ method: '' }, 'method must be an HTTP method'],
    [{ url: 'example.com/a' }, 'url must be a URL or a path that begins with /'],
    [{ url: 'https:///a' }, 'url must be a URL or a path that begins with /'],
    [{ url: 7 }, 'url must be a URL or a path that begins with /'],
    [{ url: 'data:,x' }, 'data: is not HTTP'],
    [{ status: 99 }, 'status must be a status code'],
    [{ status: 1000 }, 'status must be a status code'],
    [{ status: 200.5 }, 'status must be a status code'],
    [{ request_headers: undefined }, 'request_headers must be an object'],
    [{ request_headers: [] }, 'request_headers must be an object'],
    [{ request_headers: { a: 1 } }, 'request_headers.a must be text'],
    [{ request_headers: { a: [null] } }, 'request_headers.a must be text'],
    [{ request_body: {} }, 'request_body must be text'],
    [{ response_headers: 'x' }, 'response_headers must be an object'],
    [{ response_bytes: '3' }, 'response_bytes must be a number that is not negative'],
    [{ origin_ms: -1 }, 'origin_ms must be a number that is not negative'],
    [{ client_ip: 1 }, 'client_ip must be text'],
  ])('%j', (members, message) => {
    const line = readWith(members)
    expect(line.ok ? null : describeTrafficError(line.error)).toBe(message)
  })
})

test.each([
  [0, true],
  [100, true],
  [999, true],
])('the status %i', (status, isTaken) => {
  expect(readWith({ status }).ok).toBe(isTaken)
})

const { urlCharactersMax, headersMax, headerCharactersMax } = trafficLimits

describe('bounds', () => {
  test.each([
    [urlCharactersMax - 1, true],
    [urlCharactersMax, true],
    [urlCharactersMax + 1, false],
  ])('a URL of %i characters', (characters, isTaken) => {
    expect(readWith({ url: `/${'a'.repeat(characters - 1)}` }).ok).toBe(isTaken)
  })

  test.each([
    [headersMax - 1, true],
    [headersMax, true],
    [headersMax + 1, false],
  ])('%i headers', (count, isTaken) => {
    const headers = Object.fromEntries(Array.from({ length: count }, (_, at) => [`h${at}`, '']))
    expect(readWith({ request_headers: headers }).ok).toBe(isTaken)
  })

  test.each([
    [headerCharactersMax - 1, true],
    [headerCharactersMax, true],
    [headerCharactersMax + 1, false],
  ])('headers of %i characters', (characters, isTaken) => {
    expect(readWith({ request_headers: { a: 'x'.repeat(characters - 1) } }).ok).toBe(isTaken)
  })
})
