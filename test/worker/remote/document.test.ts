import { describe, expect, test } from 'vitest'
import {
  checkRemoteUrl,
  fetchDocument,
  type RemotePorts,
  type RemoteRequest,
} from '../../../worker/remote/document.ts'

const REQUEST: RemoteRequest = {
  url: 'https://id.example.com/keys',
  bytesMax: 10,
  timeoutMs: 100,
  accept: 'application/json',
}

function answering(respond: (init: RequestInit) => Response | Promise<Response>): RemotePorts {
  return { allowPrivate: false, fetch: async (_url, init) => respond(init) }
}

const stream = (chunks: readonly string[], whenDone: 'close' | 'hang'): ReadableStream =>
  new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk))
      if (whenDone === 'close') controller.close()
    },
  })

describe('an answer', () => {
  test.each([
    { name: 'below the bound', text: '123456789', length: 9 },
    { name: 'at the bound', text: '1234567890', length: 10 },
  ])('$name is taken', async ({ text, length }) => {
    const headers = { 'content-type': 'Application/JSON; charset=utf-8' }
    const fetched = await fetchDocument(
      answering(() => new Response(text, { headers })),
      REQUEST,
    )
    expect(fetched).toMatchObject({
      ok: true,
      value: { mediaType: 'application/json', maxAgeSeconds: null },
    })
    expect(fetched.ok && fetched.value.bytes.length).toBe(length)
  })

  test('above the bound is refused, whether it says so or not', async () => {
    const expected = { ok: false, error: { reason: 'too_large', bytesMax: 10 } }
    const declared = answering(() => new Response('12345678901'))
    expect(await fetchDocument(declared, REQUEST)).toEqual(expected)
    const streamed = answering(() => new Response(stream(['123456', '789012'], 'hang')))
    expect(await fetchDocument(streamed, REQUEST)).toEqual(expected)
  })

  test.each([
    ['public, max-age=300', 300],
    ['MAX-AGE="60"', 60],
    ['no-store', 0],
    ['private, no-cache', 0],
    ['s-maxage=5', null],
    ['immutable', null],
  ])('with Cache-Control "%s" may be kept for %s seconds', async (cacheControl, seconds) => {
    const headers = { 'cache-control': cacheControl }
    const fetched = await fetchDocument(
      answering(() => new Response('{}', { headers })),
      REQUEST,
    )
    expect(fetched).toMatchObject({ value: { maxAgeSeconds: seconds } })
  })
})

describe('nothing is taken', () => {
  test('from a redirect, which is named and not followed', async () => {
    const headers = { location: 'http://169.254.169.254/' }
    const ports = answering(({ redirect }) => {
      expect(redirect).toBe('manual')
      return new Response(null, { status: 302, headers })
    })
    expect(await fetchDocument(ports, REQUEST)).toEqual({
      ok: false,
      error: { reason: 'redirected', location: 'http://169.254.169.254/' },
    })
  })

  test('from an answer that is not 200', async () => {
    const fetched = await fetchDocument(
      answering(() => new Response('', { status: 206 })),
      REQUEST,
    )
    expect(fetched).toEqual({ ok: false, error: { reason: 'status', status: 206 } })
  })

  test('from a server that never answers, or stops in the middle', async () => {
    const expected = { ok: false, error: { reason: 'timeout', timeoutMs: 100 } }
    const silent = answering(
      ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(signal.reason))
        }),
    )
    expect(await fetchDocument(silent, REQUEST)).toEqual(expected)
    const stalling = answering(() => new Response(stream(['{'], 'hang')))
    expect(await fetchDocument(stalling, REQUEST)).toEqual(expected)
  })

  test('from a server that cannot be reached', async () => {
    const ports = answering(() => Promise.reject(new Error('connection refused')))
    expect(await fetchDocument(ports, REQUEST)).toEqual({
      ok: false,
      error: { reason: 'unreachable', detail: 'connection refused' },
    })
  })
})

describe('a URL', () => {
  test.each([
    { url: 'keys', reason: 'not_a_url' },
    { url: 'ftp://id.example.com/', reason: 'not_a_url' },
    { url: `https://id.example.com/${'a'.repeat(2_026)}`, reason: 'not_a_url' },
    { url: 'http://id.example.com/', reason: 'not_https' },
    { url: 'https://user@id.example.com/', reason: 'has_credentials' },
    { url: 'https://127.0.0.1/', reason: 'private_address' },
  ])('$reason is refused before anything is sent', async ({ url, reason }) => {
    expect(checkRemoteUrl(url, false)).toEqual({ reason })
    const ports = answering(() => {
      throw new Error('it was asked')
    })
    expect(await fetchDocument(ports, { ...REQUEST, url })).toEqual({
      ok: false,
      error: { reason },
    })
  })

  test('of the longest allowed length is taken', () => {
    const url = 'https://id.example.com/'
    expect(checkRemoteUrl(url.padEnd(2_048, 'a'), false)).toBeNull()
    expect(checkRemoteUrl(url.padEnd(2_049, 'a'), false)).toEqual({ reason: 'not_a_url' })
  })

  test('of a private address is taken where the deployment allows it', () => {
    expect(checkRemoteUrl('http://127.0.0.1:8080/keys', true)).toBeNull()
    expect(checkRemoteUrl('http://user@127.0.0.1/', true)).toEqual({ reason: 'has_credentials' })
  })

  test('over http is taken for what proves itself, and still not from a private address', async () => {
    const url = 'http://crl.example.com/root.crl'
    expect(checkRemoteUrl(url, false, true)).toBeNull()
    expect(checkRemoteUrl('http://10.0.0.1/', false, true)).toEqual({ reason: 'private_address' })
    const ports = answering(() => new Response('x'))
    expect(await fetchDocument(ports, { ...REQUEST, url, plainHttp: true })).toMatchObject({
      ok: true,
    })
  })
})
