/**
 * The text form of a sealed value: `v1.<salt>.<iv>.<ciphertext>`, base64url. It fixes lengths and version
 * and nothing else; a version it does not know is refused by name, so that a later one can be told apart
 * from damage.
 */
import { err, ok, type Result } from '#engines/result'

import { decodeBase64Url, encodeBase64Url } from './base64url.ts'
import { sealingLimits } from './limits.ts'

export type Envelope = {
  readonly salt: Uint8Array<ArrayBuffer>
  readonly iv: Uint8Array<ArrayBuffer>
  /** With the 16 octets of the authentication tag at its end. */
  readonly ciphertext: Uint8Array<ArrayBuffer>
}

export type EnvelopeError =
  | { readonly reason: 'malformed' }
  | { readonly reason: 'unknown_version'; readonly version: string }

/** Octets of each part; 12 is the IV length AES-GCM is defined around (SP 800-38D §5.2.1.1). */
export const envelopeOctets = { salt: 16, iv: 12, tag: 16 } as const

const version = 'v1'

/** Writes an envelope. */
export function formatEnvelope({ salt, iv, ciphertext }: Envelope): string {
  return [version, ...[salt, iv, ciphertext].map(encodeBase64Url)].join('.')
}

/** Reads what formatEnvelope wrote. */
export function parseEnvelope(text: string): Result<Envelope, EnvelopeError> {
  if (text.length > envelopeCharactersMax) return err({ reason: 'malformed' })
  const [found = '', saltText, ivText, ciphertextText, ...rest] = text.split('.', 5)
  if (found !== version && /^v\d{1,3}$/.test(found)) {
    return err({ reason: 'unknown_version', version: found })
  }
  const salt = decodeBase64Url(saltText ?? '')
  const iv = decodeBase64Url(ivText ?? '')
  const ciphertext = decodeBase64Url(ciphertextText ?? '')
  const wellFormed =
    found === version &&
    rest.length === 0 &&
    salt?.length === envelopeOctets.salt &&
    iv?.length === envelopeOctets.iv &&
    ciphertext !== null &&
    ciphertext.length >= envelopeOctets.tag
  return wellFormed ? ok({ salt, iv, ciphertext }) : err({ reason: 'malformed' })
}

/** The largest plaintext, its tag, the other parts and the dots. */
const envelopeCharactersMax = Math.ceil((sealingLimits.plaintextOctetsMax + 64) * (4 / 3)) + 16
