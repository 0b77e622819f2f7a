import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { patternOf } from '../../../../engines/openapi/compile/pattern.ts'

function patternFor(source: string): (text: string) => boolean {
  const pattern = patternOf(source)
  if (pattern === null) throw new Error(`refused: ${source}`)
  return pattern
}

describe('a pattern', () => {
  test.each([
    [String.raw`^\d+$`, ['1', '12'], ['', '1a', '١']],
    [String.raw`^\w+$`, ['a_1'], ['é', 'a-b']],
    [String.raw`^[\w-]+$`, ['a-b'], ['a b']],
    [String.raw`^[\w.%+-]+@[\w.-]+\.[a-zA-Z]{2,}$`, ['a.b+c@d-e.org'], ['a@b', '@b.org']],
    ['^[a[b]+$', ['a[b'], ['a]', 'c']],
    ['^[a&&b]+$', ['a&b'], ['c']],
    [String.raw`\<`, ['a<b'], ['ab']],
    [String.raw`^\/a$`, ['/a'], ['a']],
    ['^.{2}$', ['ab', '😀é'], ['a', 'abc']],
    [String.raw`^\u00e9$`, ['é'], ['e']],
    [String.raw`\bcat\b`, ['a cat.'], ['concat', 'cat_']],
    ['^(?=a)ab$', ['ab'], ['b']],
    ['(a+)+$', ['aa'], ['ab!']],
  ])('%s', (source, matching, other) => {
    const pattern = patternFor(source)
    for (const text of matching) expect(pattern(text), text).toBe(true)
    for (const text of other) expect(pattern(text), text).toBe(false)
  })

  test.each([
    ['look-ahead beside repetitions', '^(?!.*evil)(a+)+$'],
    ['look-ahead beside one loop over overlapping alternatives', String.raw`^(?!admin)(\w|\d|_)*$`],
    ['a back-reference beside repetitions', String.raw`^(a+)\1*$`],
    ['no regular expression', '(a'],
  ])('is refused: %s', (_, source) => {
    expect(patternOf(source)).toBeNull()
  })

  test.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '.*.*.*.*=$', '^(a?){30}a{30}$'])(
    'ends soon on a text made to hurt it: %s',
    (source) => {
      // Backtracking would not end within the age of the world.
      expect(patternFor(source)(`${'a'.repeat(4_000)}!`)).toBe(false)
    },
  )

  test('means what ECMAScript means, on whatever text', () => {
    const piece = fc.constantFrom(
      'a',
      'b',
      '.',
      '[ab]',
      '[^a]',
      String.raw`\d`,
      String.raw`\w`,
      String.raw`\W`,
      '(a|b)',
      '1',
      '-',
      '_',
      'é',
    )
    const repeated = fc
      .tuple(piece, fc.constantFrom('', '?', '*', '+', '{1,2}'))
      .map((pair) => pair.join(''))
    const source = fc
      .tuple(
        fc.constantFrom('', '^'),
        fc.array(repeated, { minLength: 1, maxLength: 5 }),
        fc.constantFrom('', '$'),
      )
      .map(([start, middle, end]) => start + middle.join('') + end)
    const text = fc
      .array(fc.constantFrom('a', 'b', '1', '-', '_', 'é', '😀', ' '), { maxLength: 8 })
      .map((items) => items.join(''))
    fc.assert(
      fc.property(source, text, (pattern, subject) => {
        expect(patternFor(pattern)(subject)).toBe(new RegExp(pattern, 'u').test(subject))
      }),
      { numRuns: 3_000 },
    )
  })
})
