/** Tokens and keys of every algorithm, made by another library than the one that is tested. */
import { exportJWK, generateKeyPair, generateSecret, SignJWT } from 'jose'
import {
  checkKeys,
  compileRequirements,
  createTokenVerifier,
  importKeySet,
  type Jwk,
  type KeyOrigin,
  type TokenVerdict,
  type TokenVerifier,
} from '#engines/tokens'

export const NOW = 1_763_000_000
export const NOW_MS = NOW * 1000

export const ALGORITHM_NAMES = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
  'HS256',
  'HS384',
  'HS512',
]

export type Signer = {
  readonly alg: string
  readonly privateKey: CryptoKey
  /** As an operator gives it: public, or a secret. */
  readonly jwk: Jwk
}

const signers = new Map<string, Promise<Signer>>()

/** One key for each algorithm and name, made once. */
export function signerOf(alg: string, kid = 'key-1'): Promise<Signer> {
  const name = `${alg} ${kid}`
  const signer = signers.get(name) ?? createSigner(alg, kid)
  signers.set(name, signer)
  return signer
}

type Claims = { readonly [claim: string]: unknown }

export async function sign(
  { alg, privateKey, jwk }: Signer,
  claims: Claims,
  header: Claims = {},
): Promise<string> {
  return new SignJWT(claims)
    .setProtectedHeader({ alg, ...(jwk.kid === undefined ? {} : { kid: jwk.kid }), ...header })
    .sign(privateKey)
}

export function encode(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return Buffer.from(text).toString('base64url')
}

/** A token with a header and claims of any text, signed as HS256. */
export async function signText(signer: Signer, header: string, claims: string): Promise<string> {
  const input = `${encode(header)}.${encode(claims)}`
  const signature = await crypto.subtle.sign('HMAC', signer.privateKey, Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

export async function verifierFor(
  keys: readonly unknown[],
  requirements: unknown = {},
  origin: KeyOrigin = 'given',
): Promise<TokenVerifier> {
  const checked = checkKeys(keys, origin)
  if (checked.issues.length > 0) throw new Error(JSON.stringify(checked.issues))
  const compiled = compileRequirements(requirements)
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.error))
  const keySet = await importKeySet(checked.keys)
  return createTokenVerifier({ keySet, requirements: compiled.value })
}

/** `valid`, or the reason with what was found of the signature. */
export function outcome(verdict: TokenVerdict): string {
  return verdict.valid ? 'valid' : `${verdict.reason}, signature ${verdict.signature}`
}

async function createSigner(alg: string, kid: string): Promise<Signer> {
  if (alg.startsWith('HS')) {
    const privateKey = (await generateSecret(alg, { extractable: true })) as CryptoKey
    return { alg, privateKey, jwk: { ...(await exportJWK(privateKey)), kid, alg } as Jwk }
  }
  const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
  return { alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg } as Jwk }
}
