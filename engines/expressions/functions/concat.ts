/** `concat(a, b, …)`: byte strings, or arrays of one type, one after the other. Missing arguments are left out. */
import { BYTES, isSameType } from '../types.ts'
import { isList, type Value } from '../value.ts'
import { decodeBytes, encodeText, hasEscapedBytes } from '../values/bytes.ts'
import type { FunctionRow } from './row.ts'

export const concat: FunctionRow = {
  name: 'concat',
  parameters: [
    {
      expected: 'Bytes or Array',
      accepts: (type) => type.kind === BYTES.kind || type.kind === 'Array',
      literal: 'allowed',
    },
    { expected: 'the type of the first argument', accepts: isSameType, literal: 'allowed' },
  ],
  required: 2,
  isVariadic: true,
  toleratesMissing: true,
  returns: (first) => first,
  call: (first, rest) => {
    const given = [first, ...rest].filter((value) => value !== undefined)
    if (given.length === 0) return undefined
    return isList(given[0])
      ? given.flatMap((value) => (isList(value) ? value : []))
      : joinTexts(given)
  },
}

function joinTexts(values: readonly Value[]): string {
  const text = values.filter((value) => typeof value === 'string').join('')
  // Bytes that were not UTF-8 alone may be UTF-8 together.
  return hasEscapedBytes(text) ? decodeBytes(encodeText(text)) : text
}
