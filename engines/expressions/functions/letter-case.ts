/** `lower(Bytes)` and `upper(Bytes)`: ASCII letters only; all other bytes stay. */
import { BYTES } from '../types.ts'
import { lowerAscii, upperAscii } from '../values/bytes.ts'
import { type FunctionRow, functionOf, parameterOf } from './row.ts'

export const lower = letterCase('lower', lowerAscii)
export const upper = letterCase('upper', upperAscii)

function letterCase(name: string, convert: (text: string) => string): FunctionRow {
  return functionOf(name, BYTES, {
    parameters: [parameterOf(BYTES, 'allowed')],
    call: (text) => (typeof text === 'string' ? convert(text) : undefined),
  })
}
