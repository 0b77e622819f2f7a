import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readParts } from '#engines/multipart'

const LIMITS = { partsMax: 3, headerBytesMax: 200 }
const NAMED = 'Content-Disposition: form-data; name="a"'

const encode = (text: string): Uint8Array => new TextEncoder().encode(text)

/** Parts of header and content between the delimiters of the boundary `b`. */
function bodyOf(...parts: readonly (readonly [header: string, content: string])[]): string {
  const written = parts.map(([header, content]) => `--b\r\n${header}\r\n\r\n${content}\r\n`)
  return `${written.join('')}--b--\r\n`
}

function read(text: string, boundary = 'b') {
  const parts = readParts(encode(text), boundary, LIMITS)
  if (!parts.ok) return parts.error
  return parts.value.map(({ name, isFile, contentType, content }) => {
    return { name, isFile, contentType, content: new TextDecoder().decode(content) }
  })
}

test('parts with their names, types and contents, which are not copied', () => {
  const text = bodyOf(
    [NAMED, 'one\r\n--nearly'],
    ['content-disposition: form-data; name=f; filename="x.bin"\r\nContent-Type: image/png', ''],
  )
  expect(read(text)).toEqual([
    { name: 'a', isFile: false, contentType: null, content: 'one\r\n--nearly' },
    { name: 'f', isFile: true, contentType: 'image/png', content: '' },
  ])
  const bytes = encode(text)
  const parts = readParts(bytes, 'b', LIMITS)
  expect(parts.ok && parts.value[0]?.content.buffer === bytes.buffer).toBe(true)
})

test('what a runtime writes is read', async () => {
  const form = new FormData()
  form.append('a "quoted"\r\nname', 'ä')
  form.append('file', new File(['x'], 'ü.txt', { type: 'text/plain' }))
  const response = new Response(form)
  const boundary = /boundary=(.*)$/.exec(response.headers.get('content-type') ?? '')?.[1] ?? ''
  expect(read(await response.text(), boundary)).toEqual([
    { name: 'a "quoted"\r\nname', isFile: false, contentType: null, content: 'ä' },
    { name: 'file', isFile: true, contentType: 'text/plain', content: 'x' },
  ])
})

describe('refused, since two readers may see two things', () => {
  test.each([
    ['text before the first delimiter', `x\r\n${bodyOf([NAMED, '1'])}`],
    ['no delimiter at the end', `--b\r\n${NAMED}\r\n\r\n1\r\n`],
    ['a delimiter with something behind it', bodyOf([NAMED, '1']).replace('--b\r\n', '--b \r\n')],
    ['bare line feeds', bodyOf([NAMED, '1']).replaceAll('\r\n', '\n')],
    ['no name', bodyOf(['Content-Disposition: form-data', '1'])],
    ['two names', bodyOf(['Content-Disposition: form-data; name="a"; name="b"', '1'])],
    ['two dispositions', bodyOf([`${NAMED}\r\n${NAMED}`, '1'])],
    ['no disposition', bodyOf(['Content-Type: text/plain', '1'])],
    ['an unclosed quote', bodyOf(['Content-Disposition: form-data; name="a', '1'])],
    ['a folded header', bodyOf([`${NAMED}\r\n x: y`, '1'])],
  ])('%s', (_name, text) => {
    expect(read(text)).toBe('malformed')
  })

  test.each(['', 'a'.repeat(71), 'a b ', 'a"b', 'ä'])('the boundary "%s"', (boundary) => {
    expect(read(bodyOf([NAMED, '1']), boundary)).toBe('malformed')
  })
})

describe('bounds', () => {
  test.each([
    [2, 2],
    [3, 3],
    [4, 'too_many_parts'],
  ])('%i parts', (count, expected) => {
    const parts = read(bodyOf(...Array.from({ length: count }, () => [NAMED, '1'] as const)))
    expect(typeof parts === 'string' ? parts : parts.length).toBe(expected)
  })

  test.each([
    [199, 'read'],
    [200, 'read'],
    [201, 'header_too_large'],
  ])('%i bytes of header', (bytes, expected) => {
    const parts = read(bodyOf([`${NAMED}; x=${'y'.repeat(bytes - NAMED.length - 4)}`, '1']))
    expect(typeof parts === 'string' ? parts : 'read').toBe(expected)
  })
})

test('no bytes make it throw', () => {
  const pieces = ['--b', '\r\n', NAMED, '--', ': ', '"', 'x', '\r', '\n', '\\', '%22', ';', '=']
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 40 }), (chosen) => {
      read(chosen.join(''))
    }),
  )
})
