/** `substring(source, start, end?)` by byte offsets, end exclusive; negative offsets count from the end. */
import { BYTES, INT } from '../types.ts'
import { byteLength, decodeBytes, encodeText } from '../values/bytes.ts'
import { functionOf, parameterOf } from './row.ts'

export const substring = functionOf('substring', BYTES, {
  parameters: [
    parameterOf(BYTES, 'refused'),
    parameterOf(INT, 'allowed'),
    parameterOf(INT, 'allowed'),
  ],
  required: 2,
  call(source, [start, end]) {
    if (typeof source !== 'string' || typeof start !== 'number') return undefined
    const last = typeof end === 'number' ? end : undefined
    return byteLength(source) === source.length
      ? source.slice(start, last)
      : decodeBytes(encodeText(source).slice(start, last))
  },
})
