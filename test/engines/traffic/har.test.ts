import { readFileSync } from 'node:fs'
import { describeTrafficError, readHar, type RecordedRequest } from '#engines/traffic'
import { describe, expect, test } from 'vitest'

const VECTOR = new URL('../../vectors/traffic/temperatures.har', import.meta.url).pathname

const ENTRY = {
  startedDateTime: '2026-11-22T09:00:00.000Z',
  request: { method: 'GET', url: 'https://example.com/', headers: [] },
  response: { status: 200, headers: [] },
}

/** The first entry of a file that has only this one. */
function readEntry(entry: unknown) {
  const har = readHar(JSON.stringify({ log: { entries: [entry] } }))
  if (!har.ok) throw new Error('the file was refused')
  return har.value[0]
}

function requestOf(entry: unknown): RecordedRequest | null {
  const read = readEntry(entry)
  return read?.ok === true ? read.value : null
}

describe('the vector', () => {
  const har = readHar(readFileSync(VECTOR, 'utf8'))
  const entries = har.ok ? har.value : []

  test('a request with a body', () => {
    expect(entries[1]).toEqual({
      ok: true,
      value: {
        time_ms: Date.UTC(2026, 10, 22, 9, 0, 2),
        method: 'POST',
        url: 'https://localhost/temps',
        status: 201,
        request_headers: {
          accept: '*/*',
          'user-agent': 'Mozilla/5.0 Chrome/124.0',
          'content-type': 'application/json',
        },
        request_body: '{"temperature": 36.5, "time": "2026-01-01T12:00:00Z"}',
        response_headers: { 'content-type': 'application/json' },
        response_bytes: 64,
        origin_ms: 11.25,
      },
    })
  })

  test('a fragment is no part of a request', () => {
    expect(entries[3]).toMatchObject({ value: { url: 'https://localhost/admin' } })
  })

  test('what is not HTTP takes no other entry with it', () => {
    expect(entries.map(({ ok }) => ok)).toEqual([true, true, true, true, false])
    expect(entries[4]).toEqual({ ok: false, error: { reason: 'not_http', scheme: 'data' } })
  })
})

test.each([
  ['the least', {}, undefined],
  ['text', { text: 'a' }, 'a'],
  ['empty text', { text: '' }, ''],
  [
    'the pairs of a form',
    {
      mimeType: 'application/x-www-form-urlencoded; charset=UTF-8',
      params: [
        { name: 'a b', value: 'ü&' },
        { name: 'file', fileName: 'x' },
      ],
    },
    'a+b=%C3%BC%26',
  ],
  ['the pairs of something else', { mimeType: 'multipart/form-data', params: [] }, undefined],
])('a body: %s', (_name, postData, body) => {
  const entry = { ...ENTRY, request: { ...ENTRY.request, postData } }
  expect(requestOf(entry)?.request_body).toBe(body)
})

test('the size on the wire counts before the size of the content', () => {
  const sizes = { bodySize: 10, content: { size: 100 } }
  const entry = { ...ENTRY, response: { ...ENTRY.response, ...sizes } }
  expect(requestOf(entry)?.response_bytes).toBe(10)
})

test.each([
  ['2026-11-22T09:00:00.000Z', Date.UTC(2026, 10, 22, 9)],
  ['2026-11-22T09:00:00Z', Date.UTC(2026, 10, 22, 9)],
  ['2026-11-22T10:30:00.123456+01:30', Date.UTC(2026, 10, 22, 9, 0, 0, 123)],
  ['2024-02-29T23:59:59.9-0800', Date.UTC(2024, 2, 1, 7, 59, 59, 900)],
  ['1970-01-01T00:00:00Z', 0],
  ['2000-12-31T00:00:00Z', Date.UTC(2000, 11, 31)],
  ['2016-12-31T23:59:60Z', Date.UTC(2017, 0, 1)],
])('the time %s', (startedDateTime, timeMs) => {
  expect(requestOf({ ...ENTRY, startedDateTime })?.time_ms).toBe(timeMs)
})

test.each([
  '2026-13-01T00:00:00Z',
  '2025-02-29T00:00:00Z',
  '2026-11-22',
  '1969-12-31T00:00:00Z',
  '',
])('the time %j is none', (startedDateTime) => {
  expect(readEntry({ ...ENTRY, startedDateTime })).toMatchObject({
    error: { reason: 'bad_member', member: 'startedDateTime' },
  })
})

test.each([
  ['an entry that is no object', 7, 'entry must be an object'],
  ['no request', { ...ENTRY, request: null }, 'request must be an object'],
  ['no response', { ...ENTRY, response: undefined }, 'response must be an object'],
  [
    'headers that are no list',
    { ...ENTRY, request: { ...ENTRY.request, headers: {} } },
    'request.headers must be a list',
  ],
  [
    'a header without a name',
    { ...ENTRY, response: { ...ENTRY.response, headers: [{ value: 'a' }] } },
    'response.headers must be a list of names and values',
  ],
])('%s', (_name, entry, message) => {
  const read = readEntry(entry)
  expect(read?.ok === false && describeTrafficError(read.error)).toBe(message)
})

test.each([
  ['{"log":', 'not_json'],
  ['{"log":{}}', 'not_a_har'],
  ['[]', 'not_a_har'],
])('the file %s is refused as a whole', (text, reason) => {
  expect(readHar(text)).toMatchObject({ ok: false, error: { reason } })
})

test.each([
  [19, true],
  [18, true],
  [17, false],
])('a file of 18 characters under a bound of %i', (charactersMax, isTaken) => {
  const read = readHar('{"log":{"entries":', charactersMax)
  expect(!read.ok && read.error.reason).toBe(isTaken ? 'not_json' : 'har_too_long')
})
