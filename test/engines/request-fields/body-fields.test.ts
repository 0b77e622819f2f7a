import { describe, expect, test } from 'vitest'
import { fieldIndex } from '#engines/expressions'
import { bodyFields, INSPECTION_LIMITS } from '#engines/request-fields'

const FORM = 'application/x-www-form-urlencoded'

function read(text: string | Uint8Array, contentType: string | null = null, isTruncated = false) {
  const head = typeof text === 'string' ? new TextEncoder().encode(text) : text
  const fields = bodyFields({ head, isTruncated, declaredBytes: 0, contentType })
  return (name: string) => fields.get(fieldIndex(`http.request.body.${name}`))
}

describe('a body', () => {
  test('is its text and its size in bytes', () => {
    const field = read('é')
    expect([field('raw'), field('size'), field('truncated')]).toEqual(['é', 2, false])
  })

  test('that is not UTF-8 has a text all the same', () => {
    expect(read(new Uint8Array([0x61, 0xff]))('raw')).toHaveLength(2)
  })

  test('beyond the bound is at least larger than it', () => {
    expect(read('x', null, true)('size')).toBe(INSPECTION_LIMITS.bodyBytesMax + 1)
  })

  test.each([FORM, ` ${FORM.toUpperCase()}; charset=utf-8`])(
    'of %s has its fields, decoded',
    (type) => {
      const field = read('a=1&a=x%20y+z&b', type)
      expect(field('form')).toEqual(
        new Map([
          ['a', ['1', 'x y z']],
          ['b', ['']],
        ]),
      )
      expect(field('form.names')).toEqual(['a', 'a', 'b'])
      expect(field('form.values')).toEqual(['1', 'x y z', ''])
    },
  )

  test.each([null, 'text/plain', `${FORM}x`])('of %s has no form', (type) => {
    expect(read('a=1', type)('form')).toBeUndefined()
  })
})
