/** `remove_bytes(text, bytes)` and `remove_query_args(query, name, …)`: what is left without them. */
import { BYTES } from '../types.ts'
import { decodeBytes, encodeText } from '../values/bytes.ts'
import { functionOf, parameterOf } from './row.ts'

/** Every byte that is one of the given bytes goes. */
export const removeBytes = functionOf('remove_bytes', BYTES, {
  parameters: [parameterOf(BYTES, 'allowed'), parameterOf(BYTES, 'allowed')],
  call(text, [bytes]) {
    if (typeof text !== 'string' || typeof bytes !== 'string') return undefined
    const removed = new Set(encodeText(bytes))
    return decodeBytes(encodeText(text).filter((byte) => !removed.has(byte)))
  },
})

/** Names are compared as they are written in the query, still percent-encoded; the order stays. */
export const removeQueryArgs = functionOf('remove_query_args', BYTES, {
  parameters: [
    {
      ...parameterOf(BYTES, 'refused'),
      fields: ['http.request.uri.query', 'raw.http.request.uri.query'],
    },
    parameterOf(BYTES, 'allowed'),
  ],
  isVariadic: true,
  needs: 'rewrites',
  call(query, names) {
    if (typeof query !== 'string') return undefined
    const removed = new Set<unknown>(names)
    const kept = query.split('&').filter((part) => !removed.has(part.split('=', 1)[0]))
    return kept.join('&')
  },
})
