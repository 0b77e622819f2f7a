/** What can be said of a token. The reasons are a closed list: events and the CLI print them as they stand here. */

/** Reason → what it means. */
const TOKEN_REASONS = {
  malformed: 'not three parts of canonical unpadded base64url, or a header that RFC 7515 forbids',
  too_large: 'longer than the bound on tokens or on headers',
  encrypted: 'a JWE: only signed tokens are taken',
  not_json: 'header or claims are no JSON object in UTF-8',
  duplicate_member: 'an object in header or claims has two members of one name',
  too_deep: 'header or claims are nested too deeply',
  too_many_members: 'header or claims have too many members',
  unsupported_algorithm: '`none`, or an algorithm that is not taken',
  crit_not_understood: 'the header names an extension that has to be understood and is not',
  b64_false: 'an unencoded payload (RFC 7797)',
  kid_missing: 'the token names no key and there are several',
  unknown_key: 'no key has this `kid`',
  algorithm_mismatch: 'the named key is not for the algorithm of the token',
  keys_unavailable: 'there is no key to verify with',
  signature_invalid: 'the signature is not that of the key',
  claims_malformed: 'a registered claim is not of its type (RFC 7519 §4.1)',
  expired: '`exp` is over',
  expiry_missing: 'there is no `exp` and one is required',
  not_yet_valid: '`nbf` has not come yet',
  issuer: '`iss` is none of those accepted',
  audience: '`aud` names none of those accepted',
  subject: '`sub` does not match',
  scope: 'a required scope is missing',
  claim: 'a required claim is missing or has another value',
  jti_missing: 'there is no `jti` and tokens are taken once only',
  replayed: 'this `jti` was seen before',
  revoked: 'the token was revoked',
} as const

export type TokenReason = keyof typeof TOKEN_REASONS

/** `unchecked` when something before the signature was wrong already. */
export type SignatureState = 'valid' | 'invalid' | 'unchecked'

export type TokenHeader = {
  readonly alg: string
  /** Null when the token names no key. */
  readonly kid: string | null
}

export type Claims = { readonly [name: string]: unknown }

export type ValidToken = {
  readonly valid: true
  readonly header: TokenHeader
  readonly claims: Claims
  /** The claims as the token has them: one JSON text. */
  readonly claimsText: string
  /** `exp`, `nbf` and `iat` in seconds since 1970, fractions allowed; null when absent. */
  readonly expiresAt: number | null
  readonly notBefore: number | null
  readonly issuedAt: number | null
  readonly jti: string | null
}

export type InvalidToken = {
  readonly valid: false
  readonly signature: SignatureState
  readonly reason: TokenReason
  /** Which part or claim, in words for the event; never the token. */
  readonly detail?: string
  /** Null as long as the header was not understood. */
  readonly header: TokenHeader | null
}

export type TokenVerdict = ValidToken | InvalidToken

/** Why something is refused, before it is known how far the token got. */
export type Refusal = { readonly reason: TokenReason; readonly detail?: string }
