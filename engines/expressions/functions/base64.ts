/** `decode_base64(field)` and `encode_base64(text, flags?)`: RFC 4648 §4; flag `u` is §5, flag `p` adds padding. */
import { BYTES } from '../types.ts'
import { toByteString } from '../values/bytes.ts'
import { decodeBase64, encodeBase64 } from '../values/base64.ts'
import { functionOf, parameterOf } from './row.ts'

/** Missing when the text is no base64. */
export const decodeBase64Function = functionOf('decode_base64', BYTES, {
  parameters: [parameterOf(BYTES, 'refused')],
  call: (source) => (typeof source === 'string' ? decodeBase64(source) : undefined),
})

export const encodeBase64Function = functionOf('encode_base64', BYTES, {
  parameters: [
    parameterOf(BYTES, 'allowed'),
    {
      ...parameterOf(BYTES, 'required'),
      refusal: (value) =>
        typeof value === 'string' && /^(?:u?p?|pu)$/.test(value)
          ? undefined
          : 'the flags are u and p',
    },
  ],
  required: 1,
  call(source, [flags]) {
    if (typeof source !== 'string') return undefined
    const letters = typeof flags === 'string' ? flags : ''
    return encodeBase64(toByteString(source), {
      isUrlSafe: letters.includes('u'),
      isPadded: letters.includes('p'),
    })
  },
})
