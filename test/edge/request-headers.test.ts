import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createClientHeaders, createWorkerHeaders } from '../../edge/request-headers.ts'

const facts = {
  scheme: 'https',
  clientIp: '127.0.0.1',
  ray: '0123456789abcdef-LCL',
  cf: '{}',
} as const
const own = [
  'MF-CF-Blob',
  '{}',
  'CF-Connecting-IP',
  '127.0.0.1',
  'CF-Ray',
  '0123456789abcdef-LCL',
  'X-Forwarded-Proto',
  'https',
]

const reserved = [
  'MF-CF-Blob',
  'MF-Anything',
  'CF-Connecting-IP',
  'CF-Ray',
  'CF-Cert-Verified',
  'CF-Client-Cert-SHA256',
  'Client-Cert',
  'Client-Cert-Chain',
  'X-Forwarded-For',
  'X-Forwarded-Client-Cert',
  'Forwarded',
  'X-Real-IP',
  'True-Client-IP',
  'CDN-Loop',
]

describe('headers to the Worker', () => {
  test.each(reserved)('drops %s in every spelling, doubles too', (name) => {
    const sent = [name, name.toLowerCase(), name.toUpperCase(), name.replaceAll('-', '_')]
    expect(
      createWorkerHeaders(
        sent.flatMap((spelling) => [spelling, 'forged']),
        facts,
      ),
    ).toEqual(own)
  })

  test('drops a reserved name whatever its case and its hyphens', () => {
    const spelled = fc
      .constantFrom(...reserved)
      .chain((name) =>
        fc
          .array(fc.boolean(), { minLength: name.length, maxLength: name.length })
          .map((flips) =>
            Array.from(name, (character, index) => flip(character, flips[index] === true)).join(''),
          ),
      )
    fc.assert(
      fc.property(spelled, (name) => {
        expect(createWorkerHeaders([name, 'forged'], facts)).toEqual(own)
      }),
    )
  })

  test('keeps the order and the doubles of everything else', () => {
    const sent = [
      'Host',
      'a.example',
      'Accept',
      'a',
      'accept',
      'b',
      'Cookie',
      'c=1',
      'X-Forward',
      '1',
      'Cfx',
      '2',
    ]
    expect(createWorkerHeaders(sent, facts)).toEqual([...sent, ...own])
  })

  test('drops what concerns one connection, and what Connection names', () => {
    const sent = [
      'Connection',
      'X-Once, keep-alive',
      'x-once',
      '1',
      'Keep-Alive',
      '5',
      'TE',
      'trailers',
      'Trailer',
      'X',
      'Upgrade',
      'h2c',
      'Expect',
      '100-continue',
    ]
    expect(createWorkerHeaders(sent, facts)).toEqual(own)
  })

  test('a client cannot name away what frames the message', () => {
    const sent = ['Connection', 'Content-Length, Host', 'Content-Length', '3', 'Host', 'a.example']
    expect(createWorkerHeaders(sent, facts)).toEqual([...sent.slice(2), ...own])
  })

  test('a chunked body stays chunked', () => {
    expect(createWorkerHeaders(['transfer-encoding', 'chunked'], facts)).toEqual([
      'Transfer-Encoding',
      'chunked',
      ...own,
    ])
  })
})

test('the client gets the ray and the headers of the Worker, not those of the connection', () => {
  const answered = [
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
    'Connection',
    'close',
    'Transfer-Encoding',
    'chunked',
    'CF-Ray',
    'forged',
  ]
  expect(createClientHeaders(answered, 'ray')).toEqual([
    'Set-Cookie',
    'a',
    'Set-Cookie',
    'b',
    'CF-Ray',
    'ray',
  ])
})

function flip(character: string, isFlipped: boolean): string {
  if (!isFlipped) return character
  return character === '-'
    ? '_'
    : character === character.toLowerCase()
      ? character.toUpperCase()
      : character.toLowerCase()
}
