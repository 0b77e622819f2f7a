/** What a token configuration asks of the claims beyond the signature and the times. Wire shape; every member is optional. */
export type TokenRequirements = {
  /** Accepted values of `iss`; one must match exactly. */
  readonly issuers?: readonly string[]
  /** Accepted values of `aud`; the token must name at least one. */
  readonly audiences?: readonly string[]
  /** Regular expression (linear, as in the rules language) that the whole `sub` must match. */
  readonly subject_pattern?: string
  /** Every one must stand in `scope` (space separated, RFC 8693 §4.2) or `scp` (text or list). */
  readonly scopes?: readonly string[]
  /** Claim name → accepted values; the claim must equal one, or be a list that holds one. */
  readonly claims?: { readonly [claim: string]: readonly (string | number | boolean)[] }
  /** Whether a token without `exp` is refused. Default false. */
  readonly require_expiry?: boolean
  /** Seconds by which clocks may differ, 0 to 300. Default 60. */
  readonly clock_skew_seconds?: number
  /** `once` refuses a `jti` that was seen before, and a token without one. Default `off`. */
  readonly replay?: 'off' | 'once'
}
