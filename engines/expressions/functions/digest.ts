/** `sha256(text)`: the 32 bytes of the digest, as Bytes; and `uuidv4(seed)`, a UUID made of what it is given. */
import { sha256 as digest } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'
import { BYTES } from '../types.ts'
import { decodeBytes, encodeText } from '../values/bytes.ts'
import { functionOf, parameterOf } from './row.ts'

export const sha256 = functionOf('sha256', BYTES, {
  parameters: [parameterOf(BYTES, 'allowed')],
  call: (source) => (typeof source === 'string' ? decodeBytes(digestOf(source)) : undefined),
})

/** RFC 9562 §5.4: 122 bits of the seed's digest, so that one seed gives one UUID however long it is. */
export const uuidv4 = functionOf('uuidv4', BYTES, {
  parameters: [parameterOf(BYTES, 'refused')],
  needs: 'rewrites',
  call(seed) {
    if (typeof seed !== 'string') return undefined
    const digits = bytesToHex(digestOf(seed))
    const variant = ((Number.parseInt(digits.slice(16, 17), 16) & 3) | 8).toString(16)
    return [
      digits.slice(0, 8),
      digits.slice(8, 12),
      `4${digits.slice(13, 16)}`,
      `${variant}${digits.slice(17, 20)}`,
      digits.slice(20, 32),
    ].join('-')
  },
})

function digestOf(text: string): Uint8Array {
  return digest(Uint8Array.from(encodeText(text)))
}
