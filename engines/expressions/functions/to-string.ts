/** `to_string(Int | Bool | Ip)`: decimal, `true` or `false`, canonical address. */
import { BYTES } from '../types.ts'
import { isIp } from '../value.ts'
import { formatIp } from '../values/ip.ts'
import { functionOf } from './row.ts'

export const toString = functionOf('to_string', BYTES, {
  parameters: [
    {
      expected: 'Int, Bool or Ip',
      accepts: (type) => type.kind === 'Int' || type.kind === 'Bool' || type.kind === 'Ip',
      literal: 'refused',
    },
  ],
  call(value) {
    if (isIp(value)) return formatIp(value)
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
  },
})
