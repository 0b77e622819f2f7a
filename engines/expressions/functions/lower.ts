/** `lower(Bytes)`: A–Z to lower case; all other bytes stay. */
import { BYTES } from '../types.ts'
import { lowerAscii } from '../values/bytes.ts'
import { type FunctionRow, parameterOf } from './row.ts'

export const lower: FunctionRow = {
  name: 'lower',
  parameters: [parameterOf(BYTES, 'allowed')],
  required: 1,
  isVariadic: false,
  toleratesMissing: false,
  returns: () => BYTES,
  call: (text) => (typeof text === 'string' ? lowerAscii(text) : undefined),
}
