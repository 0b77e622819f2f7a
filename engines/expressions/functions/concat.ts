/** `concat(a, b, …)`: byte strings, or arrays of one type, one after the other. Missing arguments are left out. */
import { BYTES, isSameType } from '../types.ts'
import { isList } from '../value.ts'
import { joinTexts } from '../values/bytes.ts'
import { functionOf } from './row.ts'

export const concat = functionOf('concat', BYTES, {
  parameters: [
    {
      expected: 'Bytes or Array',
      accepts: (type) => type.kind === BYTES.kind || type.kind === 'Array',
      literal: 'allowed',
    },
    { expected: 'the type of the first argument', accepts: isSameType, literal: 'allowed' },
  ],
  isVariadic: true,
  toleratesMissing: true,
  returns: (first) => first,
  call(first, rest) {
    const given = [first, ...rest].filter((value) => value !== undefined)
    if (given.length === 0) return undefined
    return isList(given[0])
      ? given.flatMap((value) => (isList(value) ? value : []))
      : joinTexts(given.filter((value) => typeof value === 'string'))
  },
})
