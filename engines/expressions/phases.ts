/**
 * Where an expression runs decides what it may use: a response exists only in some phases, verdicts on tokens where something
 * is decided about a request, and functions that rewrite make sense only where a value is made.
 */

type Phase = {
  /** The origin, or the shield itself, has answered. */
  readonly hasResponse: boolean
  /** Token configurations are applied to the request. At Cloudflare only token validation rules may ask. */
  readonly hasTokens: boolean
  /** Its rules make values, and not only decisions. */
  readonly hasRewrites: boolean
}

/** Names as in the rulesets API, in the order of a request; the last two are expressions of other resources. */
export const PHASES = {
  http_request_transform: { hasResponse: false, hasTokens: false, hasRewrites: true },
  http_request_firewall_custom: { hasResponse: false, hasTokens: true, hasRewrites: false },
  http_ratelimit: { hasResponse: false, hasTokens: true, hasRewrites: false },
  http_request_late_transform: { hasResponse: false, hasTokens: false, hasRewrites: true },
  http_response_headers_transform: { hasResponse: true, hasTokens: false, hasRewrites: true },
  /** A rate limit's `counting_expression`: the answer may decide what counts. */
  http_ratelimit_counting: { hasResponse: true, hasTokens: true, hasRewrites: false },
  token_validation: { hasResponse: false, hasTokens: true, hasRewrites: false },
} as const satisfies Readonly<Record<string, Phase>>

export type PhaseName = keyof typeof PHASES

/** Whether a name from outside is a phase whose rules have expressions. */
export function isPhaseName(name: string): name is PhaseName {
  return Object.hasOwn(PHASES, name)
}
