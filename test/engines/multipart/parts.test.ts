import { boundaryOf, MULTIPART_LIMITS, readParts } from '#engines/multipart'
import { describe, expect, test } from 'vitest'

const TYPE = 'multipart/form-data; boundary=b'
const bytes = (text: string) => new TextEncoder().encode(text)
const read = (text: string, type = TYPE, limits = MULTIPART_LIMITS) =>
  readParts(bytes(text), boundaryOf(type), limits)

function bodyOf(...parts: readonly string[]): string {
  return `${parts.map((part) => `--b\r\n${part}\r\n`).join('')}--b--\r\n`
}

const named = (name: string, content = '') =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${content}`

describe('parts', () => {
  test('are views of the body with their names, in order', () => {
    const result = read(
      bodyOf(
        named('a', 'ä\r\n--bx'.slice(0, 3)),
        named('empty'),
        'content-disposition: Form-Data; filename=x.txt; name=c\r\nContent-Type: text/plain\r\n\r\n1\r\n2',
      ),
    )
    if (!result.ok) throw new Error(result.error)
    const texts = result.value.map(({ content, ...rest }) =>
      Object.assign(rest, { content: new TextDecoder().decode(content) }),
    )
    expect(texts).toEqual([
      { name: 'a', isFile: false, contentType: null, content: 'ä\r\n' },
      { name: 'empty', isFile: false, contentType: null, content: '' },
      { name: 'c', isFile: true, contentType: 'text/plain', content: '1\r\n2' },
    ])
  })

  test.each([
    'multipart/form-data; boundary="b"',
    'multipart/form-data; charset=utf-8; Boundary=b',
    'Multipart/Form-Data;boundary=b; x=y',
  ])('%s', (type) => {
    expect(read(bodyOf(named('a')), type)).toMatchObject({ ok: true })
  })
})

describe('malformed', () => {
  test.each([
    ['no boundary', bodyOf(named('a')), 'multipart/form-data'],
    ['two boundaries', bodyOf(named('a')), `${TYPE}; boundary=c`],
    ['an illegal boundary', bodyOf(named('a')), 'multipart/form-data; boundary="b<"'],
    ['a boundary of 71 characters', '', `multipart/form-data; boundary=${'b'.repeat(71)}`],
    ['nothing', '', TYPE],
    ['text before the first boundary', `x\r\n${bodyOf(named('a'))}`, TYPE],
    ['text after the last', `${bodyOf(named('a'))}x`, TYPE],
    ['no last boundary', `--b\r\n${named('a')}\r\n`, TYPE],
    ['a longer boundary', bodyOf(named('a')).replace('--b\r', '--bb\r'), TYPE],
    ['line feeds alone', bodyOf(named('a')).replaceAll('\r', ''), TYPE],
    ['no header', bodyOf('\r\nx'), TYPE],
    ['no name', bodyOf('Content-Disposition: form-data\r\n\r\n'), TYPE],
    ['two names', bodyOf('Content-Disposition: form-data; name="a"; name="b"\r\n\r\n'), TYPE],
    [
      'a name in another form',
      bodyOf("Content-Disposition: form-data; name*=UTF-8''a\r\n\r\n"),
      TYPE,
    ],
    ['an escape in a name', bodyOf('Content-Disposition: form-data; name="a\\"b"\r\n\r\n'), TYPE],
    ['another disposition', bodyOf('Content-Disposition: attachment; name="a"\r\n\r\n'), TYPE],
    ['two dispositions', bodyOf(`Content-Disposition: form-data; name="b"\r\n${named('a')}`), TYPE],
    ['a folded header', bodyOf('Content-Disposition: form-data;\r\n name="a"\r\n\r\n'), TYPE],
    ['a transfer encoding', bodyOf(`Content-Transfer-Encoding: base64\r\n${named('a')}`), TYPE],
  ])('%s', (_name, text, type) => {
    expect(read(text, type)).toEqual({ ok: false, error: 'malformed' })
  })
})

describe('limits', () => {
  test.each([
    [2, true],
    [3, true],
    [4, false],
    [5, false],
    [50, false],
  ])('%i parts where three may be', (count, ok) => {
    const parts = Array.from({ length: count }, (_, n) => named(String(n)))
    const result = read(bodyOf(...parts), TYPE, { ...MULTIPART_LIMITS, partsMax: 3 })
    expect(result).toMatchObject(ok ? { ok } : { ok, error: 'too_many_parts' })
  })

  test.each([
    [99, true],
    [100, true],
    [101, false],
  ])('a header of %i bytes where 100 may be', (length, ok) => {
    const header = named('x').slice(0, -4)
    const padding = `X: ${'y'.repeat(length - header.length - 2 - 3)}`
    const text = bodyOf(`${padding}\r\n${header}\r\n\r\n`)
    const result = read(text, TYPE, { ...MULTIPART_LIMITS, headerBytesMax: 100 })
    expect(result).toMatchObject(ok ? { ok } : { ok, error: 'header_too_large' })
  })
})
