import { readFileSync } from 'node:fs'
import { describeTrafficError, LINE_READERS, trafficLimits } from '#engines/traffic'
import { describe, expect, test } from 'vitest'

const read = LINE_READERS['access-log']

/** A line with this in the place of the request line. */
function lineOf(request: string): string {
  return `192.0.2.1 - - [22/Nov/2026:09:00:00 +0000] "${request}" 200 5 "-" "-"`
}

const NINE = Date.UTC(2026, 10, 22, 9)

describe('the lines of the vector', () => {
  const path = new URL('../../vectors/traffic/combined.log', import.meta.url).pathname
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n').map(read)

  test('the example of the common format', () => {
    expect(lines[0]).toEqual({
      ok: true,
      value: {
        time_ms: Date.UTC(2000, 9, 10, 20, 55, 36),
        method: 'GET',
        url: '/apache_pb.gif',
        status: 200,
        request_headers: {},
        response_bytes: 2326,
        client_ip: '127.0.0.1',
      },
    })
  })

  test('the example of the combined format', () => {
    expect(lines[1]).toMatchObject({
      value: {
        request_headers: {
          referer: 'http://www.example.com/start.html',
          'user-agent': 'Mozilla/4.08 [en] (Win98; I ;Nav)',
        },
      },
    })
  })

  test('an IPv6 client, a dash for a header, an escaped quote', () => {
    expect(lines[2]).toMatchObject({
      value: {
        time_ms: NINE + 1000,
        client_ip: '2001:db8::7',
        request_headers: { 'user-agent': 'sensor/1.2 "kitchen"' },
      },
    })
  })

  test('escaped bytes are read as UTF-8, a dash is no bytes', () => {
    expect(lines[3]).toMatchObject({ value: { url: '/témps?q=1', response_bytes: 0 } })
  })

  test('TLS that was sent to a plain port is no request', () => {
    const line = lines[4]
    expect(line?.ok === false && describeTrafficError(line.error)).toBe(
      'request must be like "GET /path HTTP/1.1"',
    )
  })
})

test.each([
  ['api.example.com:443', 'https://api.example.com/a'],
  ['api.example.com:8443', 'http://api.example.com:8443/a'],
  ['api.example.com', 'http://api.example.com/a'],
])('the virtual host %s in front', (vhost, url) => {
  expect(read(`${vhost} ${lineOf('GET /a HTTP/1.1')}`)).toMatchObject({ value: { url } })
})

test.each([
  ['GET /a', 'GET', '/a'],
  ['GET /a b HTTP/1.1', 'GET', '/a b'],
  ['PROPFIND https://example.com/a HTTP/1.1', 'PROPFIND', 'https://example.com/a'],
])('the request line %s', (request, method, url) => {
  expect(read(lineOf(request))).toMatchObject({ value: { method, url } })
})

test('what servers append is left out', () => {
  expect(read(`${lineOf('GET /a HTTP/1.1')} "198.51.100.7" rt=0.003`).ok).toBe(true)
})

describe('a refusal names what is wrong', () => {
  test.each([
    ['nothing of a log', 'hello', 'this is not a line of a common or combined access log'],
    ['cut off', lineOf('GET / HTTP/1.1').slice(0, 40), 'this is not a line of'],
    ['a day that is none', lineOf('GET /').replace('22/Nov', '31/Nov'), 'time must be like ['],
    ['no request', lineOf('-'), 'request must be like "GET /path HTTP/1.1"'],
    ['OPTIONS *', lineOf('OPTIONS * HTTP/1.1'), 'request must be a URL or a path'],
    ['CONNECT', lineOf('CONNECT example.com:443 HTTP/1.1'), 'example.com: is not HTTP'],
    ['a status that is none', lineOf('GET /').replace(' 200 ', ' 042 '), 'status must be'],
  ])('%s', (_name, text, message) => {
    const line = read(text)
    expect(line.ok ? '' : describeTrafficError(line.error)).toContain(message)
  })
})

describe('the bound on a line', () => {
  const { logLineCharactersMax } = trafficLimits
  const around = lineOf('GET / HTTP/1.1').length
  test.each([
    [logLineCharactersMax - 1, true],
    [logLineCharactersMax, true],
    [logLineCharactersMax + 1, false],
  ])('%i characters', (characters, isTaken) => {
    const line = `${lineOf('GET / HTTP/1.1')} ${'x'.repeat(characters - around - 1)}`
    expect(line).toHaveLength(characters)
    expect(read(line).ok).toBe(isTaken)
  })
})

test.each([
  ['spaces', ' '],
  ['quotes', '"'],
  ['backslashes', '\\'],
  ['escapes', '\\"'],
  ['words', 'a '],
])('a hostile line of %s is refused at once', (_name, unit) => {
  const text = unit.repeat(Math.floor(trafficLimits.logLineCharactersMax / unit.length))
  const startMs = performance.now()
  expect(read(text).ok).toBe(false)
  expect(read(lineOf(text.slice(0, 200_000))).ok).toBe(false)
  expect(performance.now() - startMs).toBeLessThan(1000)
})
