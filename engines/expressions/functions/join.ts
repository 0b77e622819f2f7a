/** `join(Array<Bytes>, separator)`: the elements in order with the separator between them. */
import { arrayOf, BYTES } from '../types.ts'
import { isList } from '../value.ts'
import { type FunctionRow, parameterOf } from './row.ts'

export const join: FunctionRow = {
  name: 'join',
  parameters: [parameterOf(arrayOf(BYTES), 'refused'), parameterOf(BYTES, 'allowed')],
  required: 2,
  isVariadic: false,
  toleratesMissing: false,
  returns: () => BYTES,
  call: (items, [separator]) =>
    isList(items) && typeof separator === 'string'
      ? items.filter((item) => typeof item === 'string').join(separator)
      : undefined,
}
