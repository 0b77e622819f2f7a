/**
 * RSASSA-PSS-params (RFC 4055 §3.1), as a signature states them and as a key may demand them. Their defaults
 * mean SHA-1, so hash and mask function must be written out, and be the same: WebCrypto knows no other pair.
 */
import { err, ok, type Result } from '#engines/result'

import { readElement, readSequence, type DerElement } from './der.ts'
import { readObjectIdentifier, readSmallInteger } from './der-values.ts'

export type PssHash = 'SHA-256' | 'SHA-384' | 'SHA-512'

export type PssParameters = { readonly hash: PssHash; readonly saltOctets: number }

export type PssError =
  | { readonly reason: 'weak_signature'; readonly name: string }
  | { readonly reason: 'unsupported_algorithm'; readonly oid: string }
  | { readonly reason: 'malformed'; readonly detail: string }

/** Reads the parameters element of an AlgorithmIdentifier. */
export function readPssParameters(parameters: DerElement | null): Result<PssParameters, PssError> {
  const parts = parameters === null ? null : readSequence(parameters.der)
  if (parts === null) return malformed
  const partOf = (tag: number): Uint8Array | null =>
    parts.find((part) => part.tag === tag)?.content ?? null
  const hashOid = algorithmOid(partOf(0xa0))
  const maskHashOid = maskFunctionHash(partOf(0xa1))
  if (hashOid === null) return err({ reason: 'weak_signature', name: 'RSAPSS with SHA-1' })
  const hash = hashes[hashOid]
  if (hash === undefined) return err({ reason: 'unsupported_algorithm', oid: hashOid })
  const salt = partOf(0xa2)
  const saltOctets = salt === null ? 20 : readSmallInteger(readElement(salt) ?? undefined)
  const known = parts.every(({ tag }) => tag >= 0xa0 && tag <= 0xa2)
  if (maskHashOid !== hashOid || saltOctets === null || saltOctets > saltOctetsMax || !known) {
    return malformed
  }
  return ok({ hash, saltOctets })
}

const hashes: Readonly<Record<string, PssHash>> = {
  '2.16.840.1.101.3.4.2.1': 'SHA-256',
  '2.16.840.1.101.3.4.2.2': 'SHA-384',
  '2.16.840.1.101.3.4.2.3': 'SHA-512',
}

/** The longest hash; a longer salt adds nothing. */
const saltOctetsMax = 64

function algorithmOid(der: Uint8Array | null): string | null {
  return der === null ? null : readObjectIdentifier(readSequence(der)?.[0])
}

/** The hash inside mgf1 (1.2.840.113549.1.1.8), or null. */
function maskFunctionHash(der: Uint8Array | null): string | null {
  const [identifier, hash] = der === null ? [] : (readSequence(der) ?? [])
  if (readObjectIdentifier(identifier) !== '1.2.840.113549.1.1.8') return null
  return algorithmOid(hash?.der ?? null)
}

const malformed: Result<never, PssError> = err({
  reason: 'malformed',
  detail: 'signature algorithm',
})
