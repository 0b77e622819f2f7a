/**
 * The values of Client-Cert and Client-Cert-Chain (RFC 9440), both ways: byte sequences of RFC 8941, base64 between colons.
 * Says nothing about the certificates inside. Reading refuses oversize values, parameters, missing padding and anything a
 * lenient base64 decoder would forgive, since the writer is our own edge; writing refuses what reading would.
 */
import { clientCertificateLimits } from './limits.ts'

/** The DER inside `:base64:`, or null when it is empty, malformed or above the leaf's limit. */
export function parseRfc9440(value: string): Uint8Array<ArrayBuffer> | null {
  return value.length <= clientCertificateLimits.leafCharactersMax
    ? decodeByteSequence(value)
    : null
}

/** Each DER of a comma list, in its order; an empty value is an empty chain, a bad member makes all null. */
export function parseRfc9440Chain(value: string): readonly Uint8Array<ArrayBuffer>[] | null {
  const { chainCharactersMax, chainCertificatesMax } = clientCertificateLimits
  if (value === '') return []
  if (value.length > chainCharactersMax) return null
  const members = value.split(',', chainCertificatesMax + 1)
  if (members.length > chainCertificatesMax) return null
  const chain = members.map((member) => decodeByteSequence(trimOptionalSpace(member)))
  return chain.every((der) => der !== null) ? chain : null
}

/** The list of several in their order, '' for none, or null above the chain's limits. */
export function formatRfc9440Chain(chain: readonly Uint8Array[]): string | null {
  const { chainCharactersMax, chainCertificatesMax } = clientCertificateLimits
  const value = chain.map(encodeByteSequence).join(', ')
  return chain.length <= chainCertificatesMax && value.length <= chainCharactersMax ? value : null
}

/** RFC 8941 §3.3.5: sf-binary = ":" *(base64) ":". */
function decodeByteSequence(text: string): Uint8Array<ArrayBuffer> | null {
  const base64 = byteSequenceForm.exec(text)?.[1]
  if (base64 === undefined || base64.length % 4 !== 0) return null
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
}

const byteSequenceForm = /^:([A-Za-z0-9+/]+={0,2}):$/

/** RFC 9110 §5.6.3: spaces and tabs, and no other white space. */
function trimOptionalSpace(text: string): string {
  return text.replaceAll(/^[ \t]+|[ \t]+$/g, '')
}

function encodeByteSequence(der: Uint8Array): string {
  return `:${btoa(Array.from(der, (octet) => String.fromCharCode(octet)).join(''))}:`
}
