/**
 * `url_decode(source, options?)`: `%XX` to its byte and `+` to a space; what is not an escape stays. Options: `r` again
 * until nothing changes (at most `urlDecodeRoundsMax` times), `u` also `%uXXXX`.
 */
import { EXPRESSION_LIMITS } from '../limits.ts'
import { BYTES } from '../types.ts'
import { decodeBytes, encodeText } from '../values/bytes.ts'
import { functionOf, parameterOf } from './row.ts'

const ESCAPE = /%([0-9A-Fa-f]{2})|\+/g
const ESCAPE_OR_UNICODE = /%([0-9A-Fa-f]{2})|%u([0-9A-Fa-f]{4})|\+/g
const ENCODED = /[%+]/

export const urlDecode = functionOf('url_decode', BYTES, {
  parameters: [
    parameterOf(BYTES, 'refused'),
    {
      ...parameterOf(BYTES, 'required'),
      refusal: (value) =>
        typeof value === 'string' && /^(?:u?r?|ru)$/.test(value)
          ? undefined
          : 'the options are r and u',
    },
  ],
  required: 1,
  call(source, [options]) {
    if (typeof source !== 'string') return undefined
    const letters = typeof options === 'string' ? options : ''
    const shape = letters.includes('u') ? ESCAPE_OR_UNICODE : ESCAPE
    return letters.includes('r') ? decodeFully(source, shape) : decodeOnce(source, shape)
  },
})

function decodeFully(source: string, shape: RegExp): string {
  let text = source
  for (let round = 0; round < EXPRESSION_LIMITS.urlDecodeRoundsMax; round += 1) {
    const decoded = decodeOnce(text, shape)
    if (decoded === text) return text
    text = decoded
  }
  return text
}

function decodeOnce(source: string, shape: RegExp): string {
  if (!ENCODED.test(source)) return source
  const parts: (readonly number[])[] = []
  let at = 0
  for (const match of source.matchAll(shape)) {
    parts.push(encodeText(source.slice(at, match.index)), decodeEscape(match))
    at = match.index + match[0].length
  }
  return decodeBytes([...parts, encodeText(source.slice(at))].flat())
}

function decodeEscape([text, byte, unit]: RegExpMatchArray): readonly number[] {
  if (byte !== undefined) return [Number.parseInt(byte, 16)]
  if (unit !== undefined) return encodeText(String.fromCharCode(Number.parseInt(unit, 16)))
  return encodeText(text === '+' ? ' ' : '')
}
