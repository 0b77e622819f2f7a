/** `len(Bytes | Array)`: bytes of the UTF-8 encoding, or elements. */
import { BYTES, INT } from '../types.ts'
import { isList } from '../value.ts'
import { byteLength } from '../values/bytes.ts'
import { functionOf } from './row.ts'

export const len = functionOf('len', INT, {
  parameters: [
    {
      expected: 'Bytes or Array',
      accepts: (type) => type.kind === BYTES.kind || type.kind === 'Array',
      literal: 'allowed',
    },
  ],
  call(value) {
    if (typeof value === 'string') return byteLength(value)
    return isList(value) ? value.length : undefined
  },
})
