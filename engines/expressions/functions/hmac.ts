/**
 * `is_timed_hmac_valid_v0(key, message_mac, ttl, now, separator_length?, flags?)`: HMAC-SHA-256 over a message and the
 * second it was issued in. The text is `message separator timestamp-mac`; anything else is not valid.
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { BOOL, BYTES, INT } from '../types.ts'
import { encodeBase64 } from '../values/base64.ts'
import { encodeText, toByteString } from '../values/bytes.ts'
import { type FunctionCall, functionOf, parameterOf } from './row.ts'

/** Of `(.+)(.*)(\d{10})-(.{43,})`, the regular expression that the documentation gives. */
const TIMESTAMP_DIGITS = 10
const MAC_CHARACTERS_MIN = 43

export const isTimedHmacValid = functionOf('is_timed_hmac_valid_v0', BOOL, {
  parameters: [
    parameterOf(BYTES, 'required'),
    parameterOf(BYTES, 'allowed'),
    parameterOf(INT, 'required'),
    parameterOf(INT, 'allowed'),
    {
      ...parameterOf(INT, 'required'),
      refusal: (value) =>
        typeof value === 'number' && value >= 0 ? undefined : 'a length is not negative',
    },
    {
      ...parameterOf(BYTES, 'required'),
      refusal: (value) => (value === '' || value === 's' ? undefined : 'the only flag is s'),
    },
  ],
  required: 4,
  call: (key, rest) => isValid(key, rest),
})

const isValid: FunctionCall = (key, [messageMac, ttl, now, separatorLength, flags]) => {
  if (typeof key !== 'string' || typeof messageMac !== 'string') return undefined
  if (typeof ttl !== 'number' || typeof now !== 'number') return undefined
  const token = splitToken(toByteString(messageMac))
  if (token === undefined) return false
  const separator = typeof separatorLength === 'number' ? separatorLength : 0
  const message = token.head.slice(0, Math.max(0, token.head.length - separator))
  if (message === '') return false
  const expected = macOf(key, `${message}${token.timestamp}`, flags === 's')
  const actual = flags === 's' ? token.mac : percentDecoded(token.mac)
  // The time is asked last: how long the answer takes tells nothing about the mac.
  return isEqual(expected, actual) && now <= Number(token.timestamp) + ttl
}

type Token = { readonly head: string; readonly timestamp: string; readonly mac: string }

/** The last hyphen that has the digits before it and enough characters behind it, as a greedy match finds it. */
function splitToken(text: string): Token | undefined {
  let dash = text.lastIndexOf('-', text.length - MAC_CHARACTERS_MIN - 1)
  while (dash > TIMESTAMP_DIGITS) {
    const timestamp = text.slice(dash - TIMESTAMP_DIGITS, dash)
    if (/^[0-9]+$/.test(timestamp)) {
      const head = text.slice(0, dash - TIMESTAMP_DIGITS)
      return { head, timestamp, mac: text.slice(dash + 1) }
    }
    dash = text.lastIndexOf('-', dash - 1)
  }
  return undefined
}

function macOf(key: string, message: string, isUrlSafe: boolean): string {
  const bytes = Uint8Array.from(message, (byte) => byte.charCodeAt(0))
  const mac = hmac(sha256, Uint8Array.from(encodeText(key)), bytes)
  return encodeBase64(String.fromCharCode(...mac), { isUrlSafe, isPadded: !isUrlSafe })
}

function percentDecoded(text: string): string {
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/** Takes as long wherever the difference is. */
function isEqual(left: string, right: string): boolean {
  let difference = left.length ^ right.length
  for (let at = 0; at < left.length; at += 1) {
    difference |= left.charCodeAt(at) ^ right.charCodeAt(at)
  }
  return difference === 0
}
