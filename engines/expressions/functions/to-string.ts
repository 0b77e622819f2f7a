/** `to_string(Int | Bool | Ip)`: decimal, `true` or `false`, canonical address. */
import { BYTES } from '../types.ts'
import { isIp } from '../value.ts'
import { formatIp } from '../values/ip.ts'
import type { FunctionRow } from './row.ts'

export const toString: FunctionRow = {
  name: 'to_string',
  parameters: [
    {
      expected: 'Int, Bool or Ip',
      accepts: (type) => type.kind === 'Int' || type.kind === 'Bool' || type.kind === 'Ip',
      literal: 'refused',
    },
  ],
  required: 1,
  isVariadic: false,
  toleratesMissing: false,
  returns: () => BYTES,
  call: (value) => {
    if (isIp(value)) return formatIp(value)
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
  },
}
