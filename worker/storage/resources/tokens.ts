/** Token configurations, token validation rules and revoked tokens, in the shapes that the management API prints. */
import type { Jwk, TokenRequirements } from '#engines/tokens'

/** A key as it is stored: the secret of a symmetric one is sealed (engines/sealing) and never printed. */
export type StoredKey = Jwk & { readonly sealed_k?: string }

/** Where the keys of a configuration come from when it does not list them itself. */
export type KeySource =
  | { readonly kind: 'jwks'; readonly url: string }
  /** OpenID Connect Discovery 1.0: the keys of the provider with this issuer. */
  | { readonly kind: 'oidc'; readonly issuer: string }

export type TokenConfiguration = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly token_type: 'JWT'
  readonly token_sources: readonly string[]
  readonly credentials: { readonly keys: readonly StoredKey[] }
  readonly created_at: string
  readonly last_updated: string
  /** Ours: absent members mean that nothing beyond the product is asked. */
  readonly key_source?: KeySource
  readonly requirements?: TokenRequirements
}

/** Rules in the order of their precedence; the zone has one such document. */
export type TokenRules = { readonly rules: readonly TokenRule[] }

export type TokenRule = {
  readonly id: string
  readonly title: string
  readonly description: string
  readonly action: 'log' | 'block'
  readonly enabled: boolean
  /** What has to hold: the action is taken when it is false. */
  readonly expression: string
  readonly selector: TokenRuleSelector
  readonly created_at: string
  readonly last_updated: string
}

export type TokenRuleSelector = {
  readonly include?: readonly { readonly host?: readonly string[] }[] | null
  readonly exclude?: readonly { readonly operation_ids?: readonly string[] }[] | null
}

/** Tokens that are no longer accepted although they verify. */
export type TokenRevocation = {
  readonly id: string
  readonly configuration_id: string
  /** One token by its `jti`, or every token of a `sub` that was issued before a time. */
  readonly jti?: string
  readonly sub?: string
  /** Seconds since 1970; with `sub`. */
  readonly issued_before?: number
  readonly note: string
  readonly created_at: string
  /** After this no such token would be valid anyway, and the entry goes. */
  readonly expires_at: string
}
