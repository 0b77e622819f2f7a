/**
 * The parts of a token in compact serialization (RFC 7515 §7.1), decoded. Refuses what is too large, what has more or fewer
 * parts, and what is not base64url in its one spelling.
 *
 * Everything happens in two buffers that all tokens share, because making new ones would cost more than the decoding. So the
 * octets that are handed out hold until the next call, and `crypto.subtle` copies them before it returns (WebCrypto §14.3.4).
 */
import { err, ok, type Result } from '#engines/result'
import { decodeInto } from './base64url.ts'
import { TOKEN_LIMITS } from './limits.ts'
import { type JsonText, readJsonText } from './strict-json.ts'
import type { Refusal } from './verdict.ts'

export type TokenParts = {
  /** Encoded, as it stands in the token. */
  readonly header: string
  /** Where the encoded payload ends. */
  readonly payloadEnd: number
}

export type DecodedParts = {
  /** Null when the payload is not UTF-8. */
  readonly payload: JsonText | null
  readonly signature: Uint8Array<ArrayBuffer>
  /** What the signature is over: header, dot and payload as they stand in the token. */
  readonly signingInput: Uint8Array<ArrayBuffer>
}

const encoder = new TextEncoder()
const ascii = new Uint8Array(TOKEN_LIMITS.tokenCharactersMax)
const octets = new Uint8Array(TOKEN_LIMITS.tokenCharactersMax)

/** The header comes first: it may say that the rest is not what it seems. */
export function splitToken(token: string): Result<TokenParts, Refusal> {
  if (token.length > TOKEN_LIMITS.tokenCharactersMax) return err({ reason: 'too_large' })
  const headerEnd = token.indexOf('.')
  const payloadEnd = token.indexOf('.', headerEnd + 1)
  if (headerEnd === -1 || payloadEnd === -1) return err({ reason: 'malformed' })
  if (headerEnd > TOKEN_LIMITS.headerCharactersMax)
    return err({ reason: 'too_large', detail: 'header' })
  if (token.includes('.', payloadEnd + 1)) return err({ reason: reasonOfMoreParts(token) })
  return ok({ header: token.slice(0, headerEnd), payloadEnd })
}

export function decodeParts(
  token: string,
  { header, payloadEnd }: TokenParts,
): Result<DecodedParts, Refusal> {
  const { length } = token
  const { read, written } = encoder.encodeInto(token, ascii)
  // Any character outside ASCII takes more octets than one.
  if (read !== length || written !== length) return err({ reason: 'malformed' })
  const payloadBytes = decodeInto(octets, ascii.subarray(header.length + 1, payloadEnd))
  if (payloadBytes === -1) return err({ reason: 'malformed', detail: 'claims' })
  const payload = readJsonText(octets.subarray(0, payloadBytes))
  const signatureBytes = decodeInto(octets, ascii.subarray(payloadEnd + 1, length))
  if (signatureBytes === -1) return err({ reason: 'malformed', detail: 'signature' })
  return ok({
    payload,
    signature: octets.subarray(0, signatureBytes),
    signingInput: ascii.subarray(0, payloadEnd),
  })
}

/** RFC 7516 §3.1: five parts. Two tokens in one header have five as well, but not these characters alone. */
const ENCRYPTED = /^[\w-]*(?:\.[\w-]*){4}$/

function reasonOfMoreParts(token: string): Refusal['reason'] {
  return ENCRYPTED.test(token) ? 'encrypted' : 'malformed'
}
