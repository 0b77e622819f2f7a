import { describe, expect, test } from 'vitest'
import {
  DIGIT,
  foldPoints,
  propertyMembers,
  rangesOf,
  WORD,
} from '../../../../../engines/expressions/values/regex/properties.ts'

test.each(['\\p{Lu}', '\\p{Cn}', '\\p{Co}', '\\p{Noncharacter_Code_Point}', DIGIT, WORD])(
  'the ranges of %s are what JavaScript matches',
  (members) => {
    const shape = new RegExp(`[${members}]`, 'v')
    const ranges = rangesOf(members)
    const wrong: number[] = []
    let at = 0
    for (let point = 0; point <= 0x10ffff; point += 1) {
      while ((ranges[at]?.last ?? Infinity) < point) at += 1
      const isIn = (ranges[at]?.first ?? Infinity) <= point
      const isSurrogate = point >= 0xd800 && point <= 0xdfff
      if (!isSurrogate && isIn !== shape.test(String.fromCodePoint(point))) wrong.push(point)
    }
    expect(wrong).toEqual([])
  },
)

describe('names of properties, loosely', () => {
  test.each([
    ['L', '\\p{L}'],
    ['lu', '\\p{Lu}'],
    ['Greek', '\\p{Script=Greek}'],
    ['old_italic', '\\p{Script=Old_Italic}'],
    ['is_greek', '\\p{Script=Greek}'],
    ['white space', '\\p{White_Space}'],
    ['id_start', '\\p{ID_Start}'],
    ['ascii', '\\p{ASCII}'],
    ['sc=latin', '\\p{Script=Latin}'],
    ['Script_Extensions:Latin', '\\p{Script_Extensions=Latin}'],
    ['gc!=Lu', '\\P{General_Category=Lu}'],
    ['Nonsense', undefined],
    ['sc=Nonsense', undefined],
    ['Age=3.0', undefined],
    ['', undefined],
    ['L}\\p{N', undefined],
  ])('%s', (name, members) => {
    expect(propertyMembers(name)).toBe(members)
  })
})

test.each([
  ['k', ['K', 'k', '\u212a']],
  ['ß', ['ß', '\u1e9e']],
  ['σ', ['Σ', 'ς', 'σ']],
  ['1', ['1']],
])('%s is equal to %j when case is ignored', (character, expected) => {
  const point = character.codePointAt(0) ?? 0
  const folded = foldPoints([{ first: point, last: point }])
  const characters = folded.flatMap(({ first, last }) =>
    Array.from({ length: last - first + 1 }, (_, at) => String.fromCodePoint(first + at)),
  )
  expect(characters).toEqual(expected)
})
