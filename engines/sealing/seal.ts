/**
 * Keeps small secrets at rest: AES-256-GCM under a key that HKDF-SHA-256 derives from the Worker's secret,
 * a fresh salt and the context. The context says whose value this is ("ca-key:<account>"), so a sealed value
 * that is copied to another place does not open there. Opening never says which of secret, context and text was wrong.
 */
import { hexToBytes } from '@noble/hashes/utils.js'
import { err, ok, type Result } from '#engines/result'

import { envelopeOctets, formatEnvelope, parseEnvelope, type EnvelopeError } from './envelope.ts'
import { sealingLimits } from './limits.ts'

/** Under what a value is sealed. */
export type SealingKey = {
  /** At least 32 octets, given as such or in hexadecimal. */
  readonly secret: string | Uint8Array<ArrayBuffer>
  /** Whose value this is; the same text is needed to open it. */
  readonly context: string
}

export type SealOptions = SealingKey & {
  /** Returns that many unpredictable octets. */
  readonly random: (octets: number) => Uint8Array<ArrayBuffer>
}

export type SealError = SecretError | { readonly reason: 'too_large'; readonly octetsMax: number }

export type OpenError = SecretError | EnvelopeError | { readonly reason: 'not_authentic' }

type SecretError =
  | { readonly reason: 'secret_not_hexadecimal' }
  | { readonly reason: 'secret_too_short'; readonly octetsMin: number }

/** Seals `plaintext` into text that only the same secret and context open. */
export async function seal(
  plaintext: Uint8Array<ArrayBuffer>,
  options: SealOptions,
): Promise<Result<string, SealError>> {
  const octetsMax = sealingLimits.plaintextOctetsMax
  if (plaintext.length > octetsMax) return err({ reason: 'too_large', octetsMax })
  const salt = options.random(envelopeOctets.salt)
  const iv = options.random(envelopeOctets.iv)
  const key = await deriveKey(options, salt)
  if (!key.ok) return key
  const parameters = cipherParameters(iv, options.context)
  const encrypted = await crypto.subtle.encrypt(parameters, key.value, plaintext)
  return ok(formatEnvelope({ salt, iv, ciphertext: new Uint8Array(encrypted) }))
}

/** Opens what `seal` wrote. */
export async function open(
  sealed: string,
  sealingKey: SealingKey,
): Promise<Result<Uint8Array<ArrayBuffer>, OpenError>> {
  const envelope = parseEnvelope(sealed)
  if (!envelope.ok) return envelope
  const { salt, iv, ciphertext } = envelope.value
  const key = await deriveKey(sealingKey, salt)
  if (!key.ok) return key
  try {
    const parameters = cipherParameters(iv, sealingKey.context)
    return ok(new Uint8Array(await crypto.subtle.decrypt(parameters, key.value, ciphertext)))
  } catch {
    // WebCrypto reports a failed authentication tag by throwing, and nothing else can fail here.
    return err({ reason: 'not_authentic' })
  }
}

async function deriveKey(
  { secret, context }: SealingKey,
  salt: Uint8Array<ArrayBuffer>,
): Promise<Result<CryptoKey, SecretError>> {
  const octets = typeof secret === 'string' ? decodeHex(secret) : secret
  if (octets === null) return err({ reason: 'secret_not_hexadecimal' })
  const octetsMin = sealingLimits.secretOctetsMin
  if (octets.length < octetsMin) return err({ reason: 'secret_too_short', octetsMin })
  const base = await crypto.subtle.importKey('raw', octets, 'HKDF', false, ['deriveKey'])
  const info = encoder.encode(`portcullis sealing v1\n${context}`)
  const derivation = { name: 'HKDF', hash: 'SHA-256', salt, info }
  const cipher = { name: 'AES-GCM', length: 256 }
  return ok(await crypto.subtle.deriveKey(derivation, base, cipher, false, ['encrypt', 'decrypt']))
}

function cipherParameters(
  iv: Uint8Array<ArrayBuffer>,
  context: string,
): { readonly name: string; readonly iv: BufferSource; readonly additionalData: BufferSource } {
  return { name: 'AES-GCM', iv, additionalData: encoder.encode(context) }
}

function decodeHex(text: string): Uint8Array<ArrayBuffer> | null {
  return /^(?:[0-9a-f]{2})*$/i.test(text) ? hexToBytes(text) : null
}

const encoder = new TextEncoder()
