import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileWildcardReplace } from '../../../../engines/expressions/values/wildcard-replace.ts'

const PIECE = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 3 })

test('a star captures what a lazy group of a regular expression would', () => {
  const pieces = fc.array(PIECE, { minLength: 2, maxLength: 4 })
  fc.assert(
    fc.property(pieces, fc.array(PIECE, { maxLength: 8 }), (parts, text) => {
      const pattern = parts.join('*')
      fc.pre(!pattern.includes('**'))
      const template = parts
        .slice(1)
        .map((_, index) => `[\${${index + 1}}]`)
        .join('')
      const compiled = compileWildcardReplace(pattern, template, { isStrict: true })
      if (!compiled.ok) throw new Error(compiled.error.message)
      const groups = parts
        .slice(1)
        .map((_, index) => `[$${index + 1}]`)
        .join('')
      const regex = new RegExp(`^${parts.join('(.*?)')}$`)
      expect(compiled.value(text.join(''))).toBe(text.join('').replace(regex, groups))
    }),
    { numRuns: 500 },
  )
})
