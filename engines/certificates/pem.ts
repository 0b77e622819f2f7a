/**
 * PEM armour (RFC 7468): text to DER blocks and back. Text between blocks is ignored, as OpenSSL and every
 * other reader does; an unfinished block, a wrong label or bad base64 inside one is refused.
 */
import { err, ok, type Result } from '#engines/result'

import { certificateLimits } from './limits.ts'

export type PemError =
  | { readonly reason: 'too_large'; readonly bytes: number; readonly bytesMax: number }
  | { readonly reason: 'no_block' }
  | { readonly reason: 'wrong_label'; readonly label: string }
  | { readonly reason: 'malformed' }

/** All blocks of `text`, in order; each must carry one of `labels`, and there is at least one. */
export function decodePem(
  text: string,
  labels: readonly string[],
): Result<readonly Uint8Array<ArrayBuffer>[], PemError> {
  const bytesMax = certificateLimits.pemBytesMax
  if (text.length > bytesMax) return err({ reason: 'too_large', bytes: text.length, bytesMax })
  const blocks: Uint8Array<ArrayBuffer>[] = []
  let rest = text
  for (;;) {
    const begin = beginLine.exec(rest)
    if (begin === null) break
    const label = begin[1] ?? ''
    if (!labels.includes(label)) return err({ reason: 'wrong_label', label })
    const bodyStart = begin.index + begin[0].length
    const endLine = `-----END ${label}-----`
    const bodyEnd = rest.indexOf(endLine, bodyStart)
    const der = bodyEnd < 0 ? null : decodeBase64(rest.slice(bodyStart, bodyEnd))
    if (der === null) return err({ reason: 'malformed' })
    blocks.push(der)
    rest = rest.slice(bodyEnd + endLine.length)
  }
  if (blocks.length > 0) return ok(blocks)
  return err({ reason: rest.includes('-----') ? 'malformed' : 'no_block' })
}

/** One block with 64 characters a line and a final newline. */
export function encodePem(label: string, der: Uint8Array): string {
  const base64 = btoa(Array.from(der, (byte) => String.fromCharCode(byte)).join(''))
  const lines = base64.match(/.{1,64}/g) ?? []
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join('\n')
}

const beginLine = /-----BEGIN ([A-Z0-9 ]{1,64})-----/

/** White space is free inside a block; anything else that is not base64 is not. */
function decodeBase64(text: string): Uint8Array<ArrayBuffer> | null {
  const compact = text.replaceAll(/[ \t\r\n]/g, '')
  if (!base64Form.test(compact) || compact.length % 4 !== 0) return null
  return Uint8Array.from(atob(compact), (character) => character.charCodeAt(0))
}

const base64Form = /^[A-Za-z0-9+/]+={0,2}$/
