/** `join(Array<Bytes>, separator)`: the elements in order with the separator between them. */
import { arrayOf, BYTES } from '../types.ts'
import { isList } from '../value.ts'
import { functionOf, parameterOf } from './row.ts'

export const join = functionOf('join', BYTES, {
  parameters: [parameterOf(arrayOf(BYTES), 'refused'), parameterOf(BYTES, 'allowed')],
  call: (items, [separator]) =>
    isList(items) && typeof separator === 'string'
      ? items.filter((item) => typeof item === 'string').join(separator)
      : undefined,
})
