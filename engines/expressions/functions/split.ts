/** `split(input, separator, limit)`: at most `limit` pieces; what would be more stays in the last one. */
import { arrayOf, BYTES, INT } from '../types.ts'
import { fromByteString, hasEscapedBytes, toByteString } from '../values/bytes.ts'
import { functionOf, parameterOf } from './row.ts'

const PIECES_MAX = 128

export const split = functionOf('split', arrayOf(BYTES), {
  parameters: [
    parameterOf(BYTES, 'refused'),
    {
      ...parameterOf(BYTES, 'required'),
      refusal: (value) => (value === '' ? 'the separator must not be empty' : undefined),
    },
    {
      ...parameterOf(INT, 'required'),
      refusal: (value) =>
        typeof value === 'number' && value >= 1 && value <= PIECES_MAX
          ? undefined
          : `the limit must be between 1 and ${PIECES_MAX}`,
    },
  ],
  call(input, [separator, limit]) {
    if (typeof input !== 'string' || typeof separator !== 'string') return undefined
    const most = typeof limit === 'number' ? limit : PIECES_MAX
    if (!hasEscapedBytes(separator)) return splitText(input, separator, most)
    // A separator of part of a character may cut one in two.
    const pieces = splitText(toByteString(input), toByteString(separator), most)
    return pieces.map((piece) => fromByteString(piece))
  },
})

function splitText(text: string, separator: string, most: number): readonly string[] {
  const pieces: string[] = []
  let start = 0
  while (pieces.length < most - 1) {
    const end = text.indexOf(separator, start)
    if (end === -1) break
    pieces.push(text.slice(start, end))
    start = end + separator.length
  }
  return [...pieces, text.slice(start)]
}
