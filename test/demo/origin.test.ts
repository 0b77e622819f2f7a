import { join } from 'node:path'
import { convertV4MiniflareOptions, Miniflare } from 'miniflare'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { bundleWorker, locateBundle } from '../../edge/bundle.ts'
import { makeTemporaryDirectory } from '../support/edge.ts'

let miniflare: Miniflare

beforeAll(async () => {
  const outDir = makeTemporaryDirectory()
  const bundle = await bundleWorker({
    configPath: join(import.meta.dirname, '../../demo/wrangler.toml'),
    outDir,
  })
  if (!bundle.ok) throw new Error(bundle.error.output)
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        {
          name: 'origin',
          modules: true,
          rootPath: outDir,
          scriptPath: locateBundle(outDir, 'origin.ts'),
          compatibilityDate: '2026-11-01',
          kvNamespaces: ['READINGS'],
        },
      ],
    }),
  )
  await miniflare.ready
})

afterAll(async () => {
  await miniflare.dispose()
})

describe('POST /temps', () => {
  test.each([
    { name: 'a number', temperature: 36.3, stored: 36.3 },
    { name: 'a string with a number', temperature: '36.5', stored: 36.5 },
    { name: 'zero', temperature: 0, stored: 0 },
    { name: 'below zero', temperature: '-40', stored: -40 },
  ])('stores $name', async ({ temperature, stored }) => {
    const answer = await send({ temperature, time: '2020-09-28T02:57:49Z' })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toEqual({ temperature: stored, time: '2020-09-28T02:57:49Z' })
  })

  test.each([
    { name: 'no JSON', body: '{', detail: 'The body is not JSON.' },
    { name: 'a list', body: '[]', detail: 'The body is not a JSON object.' },
    { name: 'null', body: 'null', detail: 'The body is not a JSON object.' },
    {
      name: 'no temperature',
      body: '{"time":"2020-09-28T02:57:49Z"}',
      detail: 'temperature must be a number, or a string that holds one.',
    },
    {
      name: 'a temperature in words',
      body: '{"temperature":"warm","time":"2020-09-28T02:57:49Z"}',
      detail: 'temperature must be a number, or a string that holds one.',
    },
    {
      name: 'no time',
      body: '{"temperature":1}',
      detail: 'time must be an RFC 3339 date and time, such as 2020-09-28T02:57:49Z.',
    },
    {
      name: 'a time without a zone',
      body: '{"temperature":1,"time":"2020-09-28T02:57:49"}',
      detail: 'time must be an RFC 3339 date and time, such as 2020-09-28T02:57:49Z.',
    },
    {
      name: 'a day that the month lacks',
      body: '{"temperature":1,"time":"2021-02-29T00:00:00Z"}',
      detail: 'time must be an RFC 3339 date and time, such as 2020-09-28T02:57:49Z.',
    },
  ])('refuses $name and says why', async ({ body, detail }) => {
    const answer = await call({
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    })
    expect(answer.status).toBe(400)
    expect(answer.headers.get('content-type')).toBe('application/problem+json')
    expect(await answer.json()).toEqual({
      type: 'about:blank',
      title: 'Bad Request',
      status: 400,
      detail,
    })
  })

  test.each([
    { bytes: 4096, status: 201 },
    { bytes: 4097, status: 413 },
  ])('$bytes bytes are answered $status', async ({ bytes, status }) => {
    const body = '{"temperature":1,"time":"2020-09-28T02:57:49Z"}'.padEnd(bytes)
    expect(
      (
        await call({
          method: 'POST',
          body,
          headers: { 'content-type': 'Application/JSON; charset=utf-8' },
        })
      ).status,
    ).toBe(status)
  })

  test('anything but JSON is 415', async () => {
    expect(
      (
        await call({
          method: 'POST',
          body: 'a=1',
          headers: { 'content-type': 'application/x-www-form-urlencoded' },
        })
      ).status,
    ).toBe(415)
  })
})

describe('GET /temps', () => {
  test('lists the five latest by time, in whatever order they came', async () => {
    const headers = { 'cf-connecting-ip': '192.0.2.1' }
    for (const minute of [3, 1, 6, 2, 5, 4])
      await send({ temperature: minute, time: `2020-09-28T02:0${minute}:00Z` }, headers)
    await send({ temperature: 7, time: '2020-09-28T05:00:00+09:00' }, headers)
    expect(await list(headers)).toEqual([6, 5, 4, 3, 2])
  })

  test('nothing yet is an empty list', async () => {
    expect(await list({ 'cf-connecting-ip': '192.0.2.9' })).toEqual([])
  })

  test('readings sent at once are all kept', async () => {
    const headers = { 'cf-connecting-ip': '192.0.2.2' }
    await Promise.all(
      [1, 2, 3].map((temperature) => send({ temperature, time: '2020-09-28T02:00:00Z' }, headers)),
    )
    expect((await list(headers)).toSorted((a, b) => a - b)).toEqual([1, 2, 3])
  })

  test('an organisation shares its readings wherever it calls from, and with nobody else', async () => {
    const sensor = {
      'cf-connecting-ip': '192.0.2.3',
      'cf-cert-subject-dn-rfc2253': 'O=Temperature Testers\\, Inc.,CN=sensor',
    }
    const phone = {
      'cf-connecting-ip': '192.0.2.4',
      'cf-cert-subject-dn-rfc2253': 'CN=phone,O=Temperature Testers\\, Inc.',
    }
    await send({ temperature: 36.6, time: '2020-09-28T02:00:00Z' }, sensor)
    expect(await list(phone)).toEqual([36.6])
    expect(await list({ ...phone, 'cf-cert-subject-dn-rfc2253': 'O=Temperature Testers' })).toEqual(
      [],
    )
    expect(await list({ 'cf-connecting-ip': '192.0.2.3' })).toEqual([])
  })
})

test('the rest is not there', async () => {
  const other = await call({ method: 'DELETE' })
  expect([other.status, other.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST'])
  expect((await miniflare.dispatchFetch('https://api.example.com/other')).status).toBe(404)
})

type Call = {
  readonly method: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function call(options: Call) {
  return miniflare.dispatchFetch('https://api.example.com/temps', options)
}

async function send(reading: unknown, headers: Readonly<Record<string, string>> = {}) {
  return call({
    method: 'POST',
    body: JSON.stringify(reading),
    headers: { 'content-type': 'application/json', ...headers },
  })
}

async function list(headers: Readonly<Record<string, string>>): Promise<readonly number[]> {
  const readings: unknown = await (await call({ method: 'GET', headers })).json()
  if (!Array.isArray(readings)) throw new Error('not a list')
  return readings.map((reading) => Number(reading.temperature))
}
