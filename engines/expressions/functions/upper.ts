/** `upper(Bytes)`: a–z to upper case; all other bytes stay. */
import { BYTES } from '../types.ts'
import { upperAscii } from '../values/bytes.ts'
import { type FunctionRow, parameterOf } from './row.ts'

export const upper: FunctionRow = {
  name: 'upper',
  parameters: [parameterOf(BYTES, 'allowed')],
  required: 1,
  isVariadic: false,
  toleratesMissing: false,
  returns: () => BYTES,
  call: (text) => (typeof text === 'string' ? upperAscii(text) : undefined),
}
