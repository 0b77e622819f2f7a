/** `has_key(map, key)` and `has_value(array or map, value)`. */
import { BOOL, BYTES, isSameType } from '../types.ts'
import { isIp, isList, isMap, type Value } from '../value.ts'
import { compareIp } from '../values/ip.ts'
import { functionOf, parameterOf } from './row.ts'

export const hasKey = functionOf('has_key', BOOL, {
  parameters: [
    { expected: 'Map', accepts: (type) => type.kind === 'Map', literal: 'refused' },
    parameterOf(BYTES, 'allowed'),
  ],
  call: (map, [key]) => (isMap(map) && typeof key === 'string' ? map.has(key) : undefined),
})

export const hasValue = functionOf('has_value', BOOL, {
  parameters: [
    {
      expected: 'Array or Map of scalars',
      accepts: (type) => 'of' in type && !('of' in type.of),
      literal: 'refused',
    },
    {
      expected: 'the type of the elements',
      accepts: (type, first) => 'of' in first && isSameType(type, first.of),
      literal: 'allowed',
    },
  ],
  call(collection, [value]) {
    if (value === undefined) return undefined
    if (isList(collection)) return collection.some((item) => isEqual(item, value))
    return isMap(collection)
      ? [...collection.values()].some((item) => isEqual(item, value))
      : undefined
  },
})

function isEqual(left: Value, right: Value): boolean {
  return isIp(left) && isIp(right) ? compareIp(left, right) === 0 : left === right
}
