import { FIELDS, fieldIndex } from '#engines/expressions'
import { expect, test } from 'vitest'
import { FIELD_ALIASES } from '../../../../engines/expressions/fields/aliases.ts'

test('no field is listed twice and every field finds itself', () => {
  expect(FIELDS.filter(({ name }, index) => fieldIndex(name) !== index)).toEqual([])
})

test('every former name leads to a field and is not one itself', () => {
  const names = new Set(FIELDS.map(({ name }) => name))
  for (const [former, current] of FIELD_ALIASES) {
    expect(names.has(current), current).toBe(true)
    expect(names.has(former), former).toBe(false)
    expect(fieldIndex(former)).toBe(fieldIndex(current))
  }
})

test('an unknown name has no index', () => {
  expect(fieldIndex('http.hots')).toBe(-1)
})
