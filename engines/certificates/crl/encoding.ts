/**
 * From what an operator uploads or a server sends to one DER list: DER as it is, or one PEM block `X509 CRL` (RFC 7468 §6).
 * The size is looked at first, and nothing but the block's own text is copied.
 */
import { err, ok, type Result } from '#engines/result'

import { derTag } from '../der.ts'
import { decodeBase64 } from './base64.ts'
import type { CrlFailure } from './failures.ts'
import { crlLimits } from './limits.ts'

/** The DER of the one list in `bytes`. */
export function decodeCrl(bytes: Uint8Array): Result<Uint8Array, CrlFailure> {
  const isDer = bytes[0] === derTag.sequence
  const bytesMax = isDer ? crlLimits.listBytesMax : crlLimits.pemBytesMax
  if (bytes.length > bytesMax) return err({ reason: 'too_large', bytes: bytes.length, bytesMax })
  if (isDer) return ok(bytes)
  const begin = indexOf(bytes, beginLine, 0)
  const end = begin < 0 ? -1 : indexOf(bytes, endLine, begin + beginLine.length)
  if (end < 0) return err({ reason: 'not_pem' })
  const der = decodeBase64(bytes.subarray(begin + beginLine.length, end))
  // Two lists in one text are two uploads: which of them holds is not for us to guess.
  const isOne = indexOf(bytes, beginLine, end) < 0
  return der === null || !isOne ? err({ reason: 'not_pem' }) : ok(der)
}

const beginLine = new TextEncoder().encode('-----BEGIN X509 CRL-----')
const endLine = new TextEncoder().encode('-----END X509 CRL-----')

function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first = 0] = wanted
  let at = bytes.indexOf(first, from)
  while (at >= 0) {
    const start = at
    if (wanted.every((octet, index) => bytes[start + index] === octet)) return at
    at = bytes.indexOf(first, at + 1)
  }
  return -1
}
