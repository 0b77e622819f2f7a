import { createLineSplitter, type Line } from '#engines/traffic'
import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'

function split(chunks: readonly string[], charactersMax = 100): readonly Line[] {
  const splitter = createLineSplitter(charactersMax)
  return [...chunks.flatMap((chunk) => splitter.push(chunk)), ...splitter.end()]
}

function textsOf(lines: readonly Line[]): readonly (string | null)[] {
  return lines.map(({ text }) => (text.ok ? text.value : null))
}

test.each([
  ['nothing', [], []],
  ['no line end', ['a'], ['a']],
  ['a line end at the end', ['a\n'], ['a']],
  ['both kinds of line end', ['a\r\nb\nc'], ['a', 'b', 'c']],
  ['empty lines', ['\n\na'], ['', '', 'a']],
  ['a line over several chunks', ['a', 'b', 'c\nd'], ['abc', 'd']],
  ['a line end of its own', ['a\r', '\n', 'b'], ['a', 'b']],
])('%s', (_name, chunks, expected) => {
  expect(textsOf(split(chunks))).toEqual(expected)
})

test('however a text is cut into chunks, its lines are the same', () => {
  const text = fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\r') })
  fc.assert(
    fc.property(fc.array(text), (chunks) => {
      expect(split(chunks)).toEqual(split([chunks.join('')]))
    }),
  )
})

describe('the bound on a line', () => {
  test.each([
    ['below', 9, true],
    ['at', 10, true],
    ['above', 11, false],
  ])('%s', (_name, characters, isTaken) => {
    const lines = split([`${'x'.repeat(characters)}\nnext`], 10)
    expect(textsOf(lines)).toEqual([isTaken ? 'x'.repeat(characters) : null, 'next'])
    expect(lines.map(({ number }) => number)).toEqual([1, 2])
  })

  test('a refused line names the bound and those behind it are read', () => {
    const chunks = ['xxxxxx', 'xxxxxx', 'xxxxxx', 'x\nb']
    expect(split(chunks, 10)).toEqual([
      { number: 1, text: { ok: false, error: { reason: 'line_too_long', charactersMax: 10 } } },
      { number: 2, text: { ok: true, value: 'b' } },
    ])
  })

  test('it is refused at the end of the text too', () => {
    expect(textsOf(split(['x'.repeat(11)], 10))).toEqual([null])
  })
})
