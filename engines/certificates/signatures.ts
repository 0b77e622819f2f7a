/**
 * Checks a signature of a certificate, request or revocation list with WebCrypto. One table says what an
 * algorithm is; MD5 is always refused as weak, SHA-1 unless asked for, and an algorithm without a row by its OID.
 */
import { err, ok, type Result } from '#engines/result'

import type { AlgorithmIdentifier, PublicKeyInfo } from './certificate.ts'
import { derTag, readSequence } from './der.ts'
import { readIntegerOctets } from './der-values.ts'
import { readPssParameters, type PssHash, type PssParameters } from './pss-parameters.ts'
import {
  classifyPublicKey,
  coordinateOctets,
  plainRsaKey,
  type CurveName,
  type KeyError,
  type KeyKind,
} from './public-keys.ts'

export type SignatureError =
  | KeyError
  | { readonly reason: 'weak_signature'; readonly name: string }
  | { readonly reason: 'bad_signature' }

export type SignedBytes = {
  readonly algorithm: AlgorithmIdentifier
  readonly signed: Uint8Array
  readonly signature: Uint8Array
  /** Whether SHA-1 will do. Default false. */
  readonly allowSha1?: boolean
}

/** Whether `signature` over `signed` was made with the private half of `publicKey`. */
export async function verifySignature(
  { algorithm, signed, signature, allowSha1 = false }: SignedBytes,
  publicKey: PublicKeyInfo,
): Promise<Result<true, SignatureError>> {
  const scheme = readScheme(algorithm, allowSha1)
  if (!scheme.ok) return scheme
  const key = classifyPublicKey(publicKey)
  if (!key.ok) return key
  const plan = planCheck(scheme.value, key.value, signature)
  if (plan === null) return err({ reason: 'bad_signature' })
  const verified = await check(plan, publicKey, signed)
  return verified ? ok(true) : err({ reason: 'bad_signature' })
}

/** Why no signature of this algorithm would be accepted, whatever the key. */
export function refuseSignatureAlgorithm(
  algorithm: AlgorithmIdentifier,
  allowSha1: boolean,
): SignatureError | null {
  const scheme = readScheme(algorithm, allowSha1)
  return scheme.ok ? null : scheme.error
}

/** The name Cloudflare shows for an algorithm ('ECDSAWithSHA256'), or its OID when it has none. */
export function signatureName({ oid }: AlgorithmIdentifier): string {
  return schemes[oid]?.name ?? oid
}

type Hash = 'SHA-1' | PssHash

type Scheme =
  | { readonly family: 'rsa-pkcs1'; readonly hash: Hash }
  | ({ readonly family: 'rsa-pss' } & PssParameters)
  | { readonly family: 'ecdsa'; readonly hash: Hash }
  | { readonly family: 'ed25519' }

/** 'weak' is refused; 'in-parameters' (PSS) says what it is only beside the OID. */
type SchemeRow = { readonly name: string; readonly scheme: Scheme | 'weak' | 'in-parameters' }

const schemes: Readonly<Record<string, SchemeRow>> = {
  '1.2.840.113549.1.1.4': { name: 'MD5WithRSA', scheme: 'weak' },
  '1.2.840.113549.1.1.5': rsaRow('SHA1WithRSA', 'SHA-1'),
  '1.2.840.10045.4.1': ecdsaRow('ECDSAWithSHA1', 'SHA-1'),
  '1.2.840.113549.1.1.11': rsaRow('SHA256WithRSA', 'SHA-256'),
  '1.2.840.113549.1.1.12': rsaRow('SHA384WithRSA', 'SHA-384'),
  '1.2.840.113549.1.1.13': rsaRow('SHA512WithRSA', 'SHA-512'),
  '1.2.840.113549.1.1.10': { name: 'RSAPSS', scheme: 'in-parameters' },
  '1.2.840.10045.4.3.2': ecdsaRow('ECDSAWithSHA256', 'SHA-256'),
  '1.2.840.10045.4.3.3': ecdsaRow('ECDSAWithSHA384', 'SHA-384'),
  '1.2.840.10045.4.3.4': ecdsaRow('ECDSAWithSHA512', 'SHA-512'),
  '1.3.101.112': { name: 'Ed25519', scheme: { family: 'ed25519' } },
}

function rsaRow(name: string, hash: Hash): SchemeRow {
  return { name, scheme: { family: 'rsa-pkcs1', hash } }
}

function ecdsaRow(name: string, hash: Hash): SchemeRow {
  return { name, scheme: { family: 'ecdsa', hash } }
}

function readScheme(
  { oid, parameters }: AlgorithmIdentifier,
  allowSha1: boolean,
): Result<Scheme, SignatureError> {
  const row = schemes[oid]
  if (row === undefined) return err({ reason: 'unsupported_algorithm', oid })
  if (row.scheme === 'in-parameters') {
    const pss = readPssParameters(parameters)
    return pss.ok ? ok({ family: 'rsa-pss', ...pss.value }) : pss
  }
  if (row.scheme === 'weak' || (usesSha1(row.scheme) && !allowSha1)) {
    return err({ reason: 'weak_signature', name: row.name })
  }
  // RFC 4055 §5: RSA's parameters are NULL, though "implementations MUST accept" their absence.
  // RFC 5758 §3.2, RFC 8410 §3: the others have none.
  const allowed =
    parameters === null || (row.scheme.family === 'rsa-pkcs1' && isNull(parameters.der))
  return allowed ? ok(row.scheme) : malformed
}

function usesSha1(scheme: Scheme): boolean {
  return scheme.family !== 'ed25519' && scheme.hash === 'SHA-1'
}

function isNull(der: Uint8Array): boolean {
  return der.length === 2 && der[0] === derTag.null
}

const malformed: Result<never, SignatureError> = err({
  reason: 'malformed',
  detail: 'signature algorithm',
})

/** What WebCrypto is asked: the algorithm as it names it, and the signature as it takes it. */
type CheckPlan = {
  readonly importAs: {
    readonly name: string
    readonly hash?: Hash
    readonly namedCurve?: CurveName
  }
  readonly verifyAs: { readonly name: string; readonly hash?: Hash; readonly saltLength?: number }
  readonly signature: Uint8Array
}

/** Null when the key is of another kind than the signature, or the signature cannot be one of its kind. */
function planCheck(scheme: Scheme, key: KeyKind, signature: Uint8Array): CheckPlan | null {
  const { family } = scheme
  if (family === 'ecdsa') {
    const raw = key.kind === 'ec' ? rawEcdsaSignature(signature, key.curve) : null
    if (key.kind !== 'ec' || raw === null) return null
    const importAs = { name: 'ECDSA', namedCurve: key.curve }
    return { importAs, verifyAs: { name: 'ECDSA', hash: scheme.hash }, signature: raw }
  }
  if (family === 'ed25519') {
    return key.kind === 'ed25519' ? { importAs: ed25519, verifyAs: ed25519, signature } : null
  }
  if (!isRsaKeyFor(scheme, key)) return null
  const importAs = { name: webCryptoRsaNames[family], hash: scheme.hash }
  const salt = family === 'rsa-pss' ? { saltLength: scheme.saltOctets } : {}
  return { importAs, verifyAs: { name: importAs.name, ...salt }, signature }
}

/** RFC 4055 §3.1 and §3.3: a key marked for PSS signs nothing else, and only with its own hash and a salt that is long enough. */
function isRsaKeyFor(scheme: Scheme, key: KeyKind): boolean {
  if (key.kind !== 'rsa-pss') return key.kind === 'rsa'
  if (scheme.family !== 'rsa-pss') return false
  const { restriction } = key
  return (
    restriction === null ||
    (scheme.hash === restriction.hash && scheme.saltOctets >= restriction.saltOctets)
  )
}

const ed25519 = { name: 'Ed25519' }
const webCryptoRsaNames = { 'rsa-pkcs1': 'RSASSA-PKCS1-v1_5', 'rsa-pss': 'RSA-PSS' } as const

/** ECDSA-Sig-Value ::= SEQUENCE { r INTEGER, s INTEGER } to the fixed-width halves of WebCrypto. */
function rawEcdsaSignature(der: Uint8Array, curve: CurveName): Uint8Array | null {
  const width = coordinateOctets[curve]
  const [rElement, sElement, ...rest] = readSequence(der) ?? []
  const raw = new Uint8Array(2 * width)
  for (const [index, element] of [rElement, sElement].entries()) {
    const octets = readIntegerOctets(element)
    if (octets === null || (octets[0] ?? 0) >= 0x80) return null
    const magnitude = octets[0] === 0 ? octets.subarray(1) : octets
    if (magnitude.length === 0 || magnitude.length > width) return null
    raw.set(magnitude, (index + 1) * width - magnitude.length)
  }
  return rest.length === 0 ? raw : null
}

async function check(
  plan: CheckPlan,
  publicKey: PublicKeyInfo,
  signed: Uint8Array,
): Promise<boolean> {
  try {
    const spki = plainRsaKey(publicKey) ?? copy(publicKey.der)
    const key = await crypto.subtle.importKey('spki', spki, plan.importAs, false, ['verify'])
    return await crypto.subtle.verify(plan.verifyAs, key, copy(plan.signature), copy(signed))
  } catch {
    // WebCrypto throws for a key that only it can see is broken, such as a point off its curve.
    return false
  }
}

/** A view into a larger buffer becomes one that owns its bytes, as WebCrypto's types ask. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes)
}
