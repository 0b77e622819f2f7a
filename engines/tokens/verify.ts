/**
 * The verdict on a token. In this order: bounds, header, key, signature, claims; nothing of the claims decides on the token
 * before the signature is good, and the first thing that is wrong is the reason. Never throws for what a token contains.
 */
import { err, ok, type Result } from '#engines/result'
import type { CompiledRequirements } from './compile-requirements.ts'
import { parseHeader } from './header.ts'
import { findKey, type KeySet, type VerifyKey } from './key-set.ts'
import { readRegisteredClaims } from './registered-claims.ts'
import { type JsonText, parseJsonObject } from './strict-json.ts'
import { timeRefusal } from './times.ts'
import { decodeParts, splitToken } from './token-parts.ts'
import type {
  InvalidToken,
  Refusal,
  SignatureState,
  TokenHeader,
  TokenVerdict,
  ValidToken,
} from './verdict.ts'

export type TokenVerifier = {
  /** `nowMs` is milliseconds since 1970. */
  verify(token: string, nowMs: number): Promise<TokenVerdict>
  /** The same for a token that was found valid before: only the times can have changed. */
  recheck(token: ValidToken, nowMs: number): TokenVerdict
  /** Whether the claims would do if they were signed: otherwise no other key can make the token valid. Accepts nothing. */
  isPlausible(token: string, nowMs: number): boolean
}

type Configuration = {
  readonly keySet: KeySet
  readonly requirements: CompiledRequirements
}

export function createTokenVerifier({ keySet, requirements }: Configuration): TokenVerifier {
  const { clockSkewSeconds } = requirements
  const chosenKeys = createChosenKeys(keySet)

  function judgeClaims({ header, payload, nowMs }: SignedClaims): TokenVerdict {
    const parsed = parseJsonObject(payload)
    if (!parsed.ok) return invalid({ reason: parsed.error, detail: 'claims' }, 'valid', header)
    const claims = parsed.value
    const registered = readRegisteredClaims(claims)
    if (!registered.ok) return invalid(registered.error, 'valid', header)
    const { expiresAt, notBefore, issuedAt, jti } = registered.value
    const refusal =
      timeRefusal(registered.value, { nowMs, clockSkewSeconds }) ??
      requirements.refusal(claims, registered.value)
    if (refusal !== null) return invalid(refusal, 'valid', header)
    const claimsText = payload?.text ?? ''
    return { valid: true, header, claims, claimsText, expiresAt, notBefore, issuedAt, jti }
  }

  return {
    async verify(token, nowMs) {
      const parts = splitToken(token)
      if (!parts.ok) return invalid(parts.error, 'unchecked', null)
      const chosen = chosenKeys.choose(parts.value.header)
      if (!chosen.ok) return chosen.error
      const { header } = chosen.value
      const decoded = decodeParts(token, parts.value)
      if (!decoded.ok) return invalid(decoded.error, 'unchecked', header)
      const { payload, signature, signingInput } = decoded.value
      const { algorithm, key, signatureBytes } = chosen.value.key
      const isSigned =
        signature.length === signatureBytes &&
        (await crypto.subtle.verify(algorithm.verifyParameters, key, signature, signingInput))
      if (!isSigned) return invalid({ reason: 'signature_invalid' }, 'invalid', header)
      chosenKeys.remember(chosen.value)
      return judgeClaims({ header, payload, nowMs })
    },
    recheck(token, nowMs) {
      const refusal = timeRefusal(token, { nowMs, clockSkewSeconds })
      return refusal === null ? token : invalid(refusal, 'valid', token.header)
    },
    isPlausible(token, nowMs) {
      const parts = splitToken(token)
      const decoded = parts.ok ? decodeParts(token, parts.value) : parts
      if (!decoded.ok) return false
      return judgeClaims({ header: NO_HEADER, payload: decoded.value.payload, nowMs }).valid
    },
  }
}

const NO_HEADER: TokenHeader = { alg: '', kid: null }

type SignedClaims = {
  readonly header: TokenHeader
  readonly payload: JsonText | null
  readonly nowMs: number
}

/** A header that was understood and the key it names. */
type ChosenKey = {
  /** As in the token. */
  readonly part: string
  readonly header: TokenHeader
  readonly key: VerifyKey
}

type ChosenKeys = {
  choose(part: string): Result<ChosenKey, InvalidToken>
  /** Only for headers of tokens whose signature was good: others are made up at no cost. */
  remember(chosen: ChosenKey): void
}

const REMEMBERED_HEADERS_MAX = 64

/** An issuer writes the same few headers again and again: they are decoded and parsed once. */
function createChosenKeys(keySet: KeySet): ChosenKeys {
  const remembered = new Map<string, ChosenKey>()
  return {
    choose(part) {
      const before = remembered.get(part)
      if (before !== undefined) return ok(before)
      const parsed = parseHeader(part)
      if (!parsed.ok) return err(invalid(parsed.error, 'unchecked', null))
      const header = { alg: parsed.value.algorithm.name, kid: parsed.value.kid }
      const key = findKey(keySet, parsed.value)
      return key.ok
        ? ok({ part, header, key: key.value })
        : err(invalid(key.error, 'unchecked', header))
    },
    remember(chosen) {
      if (remembered.size < REMEMBERED_HEADERS_MAX && !remembered.has(chosen.part))
        remembered.set(chosen.part, chosen)
    },
  }
}

function invalid(
  refusal: Refusal,
  signature: SignatureState,
  header: TokenHeader | null,
): InvalidToken {
  return { valid: false, signature, header, ...refusal }
}
