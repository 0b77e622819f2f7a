/**
 * Which public keys we accept: RSA of 2048 to 8192 bits, also marked for PSS, the three NIST curves, Ed25519. One row a kind;
 * everything else is refused by name, so that nothing reaches WebCrypto whose cost or strength is unknown.
 */
import { err, ok, type Result } from '#engines/result'

import type { PublicKeyInfo } from './certificate.ts'
import { derTag, encodeElement, readSequence, type DerElement } from './der.ts'
import { readIntegerOctets, readObjectIdentifier } from './der-values.ts'
import { certificateLimits } from './limits.ts'
import { readPssParameters, type PssError, type PssParameters } from './pss-parameters.ts'

export type KeyKind =
  | { readonly kind: 'rsa'; readonly bits: number }
  /** An RSA key for PSS signatures alone, perhaps with one hash and a least salt (RFC 4055 §3.1). */
  | { readonly kind: 'rsa-pss'; readonly bits: number; readonly restriction: PssParameters | null }
  | { readonly kind: 'ec'; readonly curve: CurveName }
  | { readonly kind: 'ed25519' }

export type CurveName = 'P-256' | 'P-384' | 'P-521'

export type KeyError =
  | PssError
  | { readonly reason: 'weak_key'; readonly detail: string }
  | { readonly reason: 'unsupported_algorithm'; readonly oid: string }
  | { readonly reason: 'malformed'; readonly detail: string }

/** What kind of key this is, or why it is refused. Whether an EC point is on its curve is not checked here. */
export function classifyPublicKey(info: PublicKeyInfo): Result<KeyKind, KeyError> {
  const { oid, parameters } = info.algorithm
  const classify = classifiers[oid]
  if (classify === undefined) return err({ reason: 'unsupported_algorithm', oid })
  return classify(info.key, parameters)
}

/**
 * The same key as plain RSA, because WebCrypto reads no key marked for PSS; null when it is not marked.
 * Whoever uses it must keep to the restriction of its kind.
 */
export function plainRsaKey({ algorithm, key }: PublicKeyInfo): Uint8Array<ArrayBuffer> | null {
  if (algorithm.oid !== pssOid) return null
  const bitString = encodeElement(derTag.bitString, new Uint8Array([0, ...key]))
  return encodeElement(derTag.sequence, new Uint8Array([...rsaAlgorithm, ...bitString]))
}

const rsaOid = '1.2.840.113549.1.1.1'
const pssOid = '1.2.840.113549.1.1.10'

/** AlgorithmIdentifier { rsaEncryption, NULL } (RFC 8017 appendix A.1). */
const rsaAlgorithm = [48, 13, 6, 9, 42, 134, 72, 134, 247, 13, 1, 1, 1, 5, 0]

type Classifier = (key: Uint8Array, parameters: DerElement | null) => Result<KeyKind, KeyError>

const classifiers: Readonly<Record<string, Classifier>> = {
  [rsaOid]: classifyRsa,
  [pssOid]: classifyRsaPss,
  '1.2.840.10045.2.1': classifyEc,
  '1.3.101.112': classifyEd25519,
}

/** rsaEncryption: its parameters are NULL (RFC 3279 §2.3.1). */
function classifyRsa(key: Uint8Array, parameters: DerElement | null): Result<KeyKind, KeyError> {
  const isNull = parameters?.tag === derTag.null && parameters.content.length === 0
  const bits = readRsaBits(key)
  if (!bits.ok) return bits
  return isNull ? ok({ kind: 'rsa', bits: bits.value }) : malformed
}

function classifyRsaPss(key: Uint8Array, parameters: DerElement | null): Result<KeyKind, KeyError> {
  const bits = readRsaBits(key)
  const restriction = parameters === null ? ok(null) : readPssParameters(parameters)
  if (!bits.ok) return bits
  if (!restriction.ok) return restriction
  return ok({ kind: 'rsa-pss', bits: bits.value, restriction: restriction.value })
}

/** RSAPublicKey ::= SEQUENCE { modulus INTEGER, publicExponent INTEGER }. */
function readRsaBits(key: Uint8Array): Result<number, KeyError> {
  const [modulusElement, exponentElement, ...rest] = readSequence(key) ?? []
  const modulus = readIntegerOctets(modulusElement)
  const exponent = readIntegerOctets(exponentElement)
  if (modulus === null || exponent === null || rest.length > 0) return malformed
  if ((modulus[0] ?? 0) >= 0x80 || (exponent[0] ?? 0) >= 0x80) return malformed
  const bits = bitLength(modulus)
  const { rsaBitsMin, rsaBitsMax } = certificateLimits
  // Whole octets only: odd sizes exist to hide a weak key behind rounding (CA/B Forum BR §6.1.5).
  if (bits < rsaBitsMin || bits > rsaBitsMax || bits % 8 !== 0) {
    return err({ reason: 'weak_key', detail: `RSA key of ${bits} bits` })
  }
  return exponentError(exponent) ?? ok(bits)
}

/** Small exponents invite forgery, large ones make every check slow. BR §6.1.6 recommends from 2^16+1. */
function exponentError(exponent: Uint8Array): Result<never, KeyError> | null {
  const value = exponent.length > 5 ? null : exponent.reduce((sum, octet) => sum * 256 + octet, 0)
  if (value === null) return err({ reason: 'weak_key', detail: 'RSA exponent above 2^32' })
  if (value >= 65_537 && value % 2 === 1 && value < 2 ** 32) return null
  return err({ reason: 'weak_key', detail: `RSA exponent ${value}` })
}

function classifyEc(key: Uint8Array, parameters: DerElement | null): Result<KeyKind, KeyError> {
  const oid = readObjectIdentifier(parameters ?? undefined)
  if (oid === null) return malformed
  const curve = curves[oid]
  if (curve === undefined) return err({ reason: 'unsupported_algorithm', oid })
  // RFC 5480 §2.2: 04 announces the uncompressed point, the form every implementation must read.
  const wellFormed = key[0] === 4 && key.length === 1 + 2 * coordinateOctets[curve]
  return wellFormed ? ok({ kind: 'ec', curve }) : malformed
}

function classifyEd25519(
  key: Uint8Array,
  parameters: DerElement | null,
): Result<KeyKind, KeyError> {
  return key.length === 32 && parameters === null ? ok({ kind: 'ed25519' }) : malformed
}

/** Octets of one coordinate, and of each half of a raw ECDSA signature. */
export const coordinateOctets: Readonly<Record<CurveName, number>> = {
  'P-256': 32,
  'P-384': 48,
  'P-521': 66,
}

const curves: Readonly<Record<string, CurveName>> = {
  '1.2.840.10045.3.1.7': 'P-256',
  '1.3.132.0.34': 'P-384',
  '1.3.132.0.35': 'P-521',
}

function bitLength(positive: Uint8Array): number {
  const first = positive.findIndex((octet) => octet !== 0)
  if (first < 0) return 0
  return (positive.length - first) * 8 - Math.clz32(positive[first] ?? 0) + 24
}

const malformed: Result<never, KeyError> = err({
  reason: 'malformed',
  detail: 'key',
})
